// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// systemHeadings are what the README of a system in examples/systems says, in this order.
var systemHeadings = []string{
	"What it is", "Cost", "Apply", "Update", "Back up", "What Akash cannot do for it",
}

var (
	systemHeading = regexp.MustCompile(`(?m)^## (.+)$`)
	// image is one in YAML or, quoted, in HCL, where what is not quoted comes from elsewhere in the folder.
	image  = regexp.MustCompile(`(?m)^\s*image(?::\s*"?|\s*=\s*")([^\s"]+)`)
	digest = regexp.MustCompile(`@sha256:[0-9a-f]{64}$`)
	// movingTag is a tag that is given to one build after another.
	movingTag = regexp.MustCompile(`^[a-z-]*$|^[0-9]+(-[a-z]+)?$|latest|nightly|stable|edge`)
	// secretName is how variables that hold a secret are called, in SDLs and in HCL.
	secretName = `(?:[a-z0-9_]*(?:password|passphrase|secret|token|htpasswd|` +
		`(?:access|auth|api|private)_?key)(?:_id)?)`
	// inlineSecret is such a variable with a value that is written down: not with none, a switch or what is put in.
	inlineSecret   = regexp.MustCompile(`(?i)\b(` + secretName + `)\s*=\s*"?([^\s"$]{2,})`)
	variable       = regexp.MustCompile(`(?ms)^variable "([^"]+)" \{\n(.*?)^\}`)
	namedSecret    = regexp.MustCompile(`^(?i)` + secretName + `$`)
	ephemeral      = regexp.MustCompile(`(?m)^\s+ephemeral\s+= true$`)
	defaultValue   = regexp.MustCompile(`(?m)^\s+default\s+= (.+)$`)
	providerBlock  = regexp.MustCompile(`(?m)^provider "`)
	requiredPlugin = regexp.MustCompile(`(?m)^\s+source\s*= "([^"]+)"$`)
	// referred is a value that HCL takes from elsewhere.
	referred = regexp.MustCompile(`^(var|local|terraform_data|file|each)\b`)
)

// system is the text of the files in a folder of examples/systems, by name.
type system map[string]string

// complaints are what is wrong with a system.
func (s system) complaints() []string {
	var all []string
	complain := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, name := range []string{"main.tf", "variables.tf", "outputs.tf", "README.md"} {
		if s[name] == "" {
			complain("there is no %s", name)
		}
	}
	var headings []string
	for _, match := range systemHeading.FindAllStringSubmatch(s["README.md"], -1) {
		headings = append(headings, match[1])
	}
	if !slices.Equal(headings, systemHeadings) {
		complain("README.md has the headings %q, not %q", headings, systemHeadings)
	}
	images := 0
	for name, text := range s {
		if name == "README.md" {
			continue
		}
		for _, match := range image.FindAllStringSubmatch(text, -1) {
			images++
			if why := unpinned(match[1]); why != "" {
				complain("%s: image %s %s", name, match[1], why)
			}
		}
		for _, match := range inlineSecret.FindAllStringSubmatch(text, -1) {
			if !referred.MatchString(match[2]) {
				complain("%s: %s is written down; make it an ephemeral variable", name, match[1])
			}
		}
		if providerBlock.MatchString(text) {
			complain("%s has a provider block, so that it cannot be a module of others", name)
		}
		for _, match := range requiredPlugin.FindAllStringSubmatch(text, -1) {
			if match[1] != "akash-iac/akash" {
				complain("%s needs the plugin %s", name, match[1])
			}
		}
	}
	if images == 0 {
		complain("it runs no image")
	}
	for _, match := range variable.FindAllStringSubmatch(s["variables.tf"], -1) {
		if !namedSecret.MatchString(match[1]) {
			continue
		}
		if !ephemeral.MatchString(match[2]) {
			complain("variable %s is not ephemeral", match[1])
		}
		if given := defaultValue.FindStringSubmatch(match[2]); given != nil && given[1] != "null" {
			complain("variable %s has a default", match[1])
		}
	}
	slices.Sort(all)
	return all
}

// unpinned says why an image may be another one tomorrow, or "" when it may not.
func unpinned(image string) string {
	if digest.MatchString(image) || strings.HasPrefix(image, "${") {
		return "" // what is put in is written elsewhere in the folder
	}
	name := image[strings.LastIndex(image, "/")+1:]
	_, tag, tagged := strings.Cut(name, ":")
	switch {
	case !tagged:
		return "has neither tag nor digest"
	case strings.HasPrefix(tag, "${"):
		return ""
	case movingTag.MatchString(tag) && image != "cryptoandcoffee/akash-pkt-miner:17": // its releases are whole numbers
		return "has a tag that moves"
	}
	return ""
}

func TestSystems(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(root(t), "examples", "systems")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	index, err := os.ReadFile(filepath.Join(folder, "README.md"))
	require.NoError(t, err)
	found := 0
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		found++
		s := system{}
		files, err := os.ReadDir(filepath.Join(folder, entry.Name()))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(folder, entry.Name(), file.Name()))
			require.NoError(t, err)
			s[file.Name()] = string(text)
		}
		for _, complaint := range s.complaints() {
			assert.Fail(t, complaint, "examples/systems/%s", entry.Name())
		}
		assert.Contains(t, string(index), "]("+entry.Name()+")", "the list of systems")
	}
	require.GreaterOrEqual(t, found, 13)
}

func TestSystemRulesRefuseWhatTheyShould(t *testing.T) {
	t.Parallel()
	good := func() system {
		return system{
			"README.md": "# X\n\n## " + strings.Join(systemHeadings, "\n\n## ") + "\n",
			"main.tf": "terraform {\n  required_providers {\n    akash = {\n      source = \"akash-iac/akash\"\n    }\n" +
				"  }\n}\n",
			"outputs.tf":   "output \"x\" {}\n",
			"variables.tf": "variable \"token\" {\n  type      = string\n  ephemeral = true\n}\n",
			"deploy.yaml.tftpl": "    image: registry.example.com:5000/a/b:1.2.3\n    env:\n" +
				"      - MARIADB_RANDOM_ROOT_PASSWORD=1\n      - TOKEN=${token}\n",
		}
	}
	require.Empty(t, good().complaints())
	for _, c := range []struct{ file, text, want string }{
		{"README.md", "", "there is no README.md"},
		{"README.md", "## Cost\n## What it is\n", "has the headings"},
		{"deploy.yaml.tftpl", "env: []\n", "runs no image"},
		{"deploy.yaml.tftpl", "    image: nginx\n", "neither tag nor digest"},
		{"deploy.yaml.tftpl", "    image: localhost:5000/nginx\n", "neither tag nor digest"},
		{"deploy.yaml.tftpl", "    image: nginx:latest\n", "a tag that moves"},
		{"deploy.yaml.tftpl", "    image: nginx:alpine\n", "a tag that moves"},
		{"deploy.yaml.tftpl", "    image: postgres:17\n", "a tag that moves"},
		{"deploy.yaml.tftpl", "    image: postgres:17-alpine\n", "a tag that moves"},
		{"main.tf", "image = \"ollama/ollama\"\n", "neither tag nor digest"},
		{"deploy.yaml.tftpl", "    image: a:1.0\n    env:\n      - DB_PASSWORD=hunter2\n", "DB_PASSWORD is written down"},
		{"deploy.yaml.tftpl", "    image: a:1.0\n    env:\n      - \"S3_ACCESS_KEY=AKIA\"\n", "ACCESS_KEY is written down"},
		{"main.tf", "env = { API_TOKEN = \"abcdef\" }\n", "API_TOKEN is written down"},
		{"main.tf", "provider \"akash\" {}\n", "has a provider block"},
		{"main.tf", "      source  = \"hashicorp/random\"\n", "needs the plugin hashicorp/random"},
		{"variables.tf", "variable \"db_password\" {\n  type = string\n}\n", "db_password is not ephemeral"},
		{
			"variables.tf", "variable \"api_key\" {\n  ephemeral = true\n  default   = \"x\"\n}\n",
			"variable api_key has a default",
		},
	} {
		s := good()
		s[c.file] = c.text
		require.Contains(t, strings.Join(s.complaints(), "\n"), c.want, "%s: %s", c.file, c.text)
	}
}
