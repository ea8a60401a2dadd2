// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// envName is what Kubernetes takes as the name of an environment variable; names of directories upwards are refused
// besides.
var envName = regexp.MustCompile(`^[-._a-zA-Z][-._a-zA-Z0-9]*$`)

const remedyEnvName = "write NAME=value with a name of letters, digits, _, - and . that does not begin with a digit"

func validEnvName(name string) bool {
	return envName.MatchString(name) && name != "." && !strings.HasPrefix(name, "..")
}

// splitEnv takes an entry "NAME=value" or "NAME" apart.
func splitEnv(entry string) (name, value string) {
	name, value, _ = strings.Cut(entry, "=")
	return name, value
}

// env reads the list of variables.
func (r *reader) env(n *yaml.Node, at *site) list {
	before := len(r.problems)
	l := r.list(n, at)
	for i := range r.problems[before:] {
		// People write NAME: value, as in other formats.
		if p := &r.problems[before+i]; p.Severity == Error {
			p.Remedy = "write a list of NAME=value items"
		}
	}
	return l
}

// checkEnv checks the names of environment variables. Messages hold names, never values.
func (r *reader) checkEnv(env list) {
	for _, entry := range env.items {
		name, value := splitEnv(entry.value)
		if !validEnvName(name) {
			// An entry without "=" may be a value that lost its name: do not show it.
			shown := "the entry"
			if strings.Contains(entry.value, "=") {
				shown = "\"" + clip(name) + "\""
			}
			r.fail(entry.at, remedyEnvName, "%s is not a name for an environment variable", shown)
			continue
		}
		if looksSecret(name) && !harmless(value) {
			r.warn(entry.at, "leave it out here and pass it through env of the resource",
				"%s looks like a secret; in the SDL it ends up in state and version control", name)
		}
	}
}

// harmless reports whether a value is no secret whatever its name says: none, or a switch.
func harmless(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "1", "yes", "no", "true", "false", "on", "off", "none", "null":
		return true
	}
	return false
}

// secretWords are parts of names that hold secrets.
var secretWords = map[string]bool{
	"PASSWORD": true, "PASSWD": true, "PASS": true, "PWD": true, "PASSPHRASE": true, "SECRET": true, "SECRETS": true,
	"TOKEN": true, "KEY": true, "APIKEY": true, "MNEMONIC": true, "CREDENTIALS": true,
}

// looksSecret judges a variable by its name: DB_PASSWORD, API_KEY, but not PUBLIC_KEY or TOKEN_URL.
func looksSecret(name string) bool {
	words := strings.FieldsFunc(strings.ToUpper(name), func(c rune) bool { return c == '_' || c == '-' || c == '.' })
	if len(words) == 0 || !secretWords[words[len(words)-1]] && !strings.HasSuffix(words[len(words)-1], "PASSWORD") {
		return false
	}
	for _, w := range words {
		if w == "PUBLIC" || w == "PUB" || w == "PUBKEY" || w == "AUTHORIZED" {
			return false
		}
	}
	return len(words) > 1 || words[0] != "PWD"
}
