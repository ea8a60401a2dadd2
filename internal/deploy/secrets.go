// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// shortestSecret is the length from which a value of the manifest is masked: shorter ones are everywhere in a text.
const shortestSecret = 4

// maskedError says what cause says, without the manifest's values.
type maskedError struct {
	text  string
	cause error
}

func (m *maskedError) Error() string { return m.text }

func (m *maskedError) Unwrap() error { return m.cause }

// withoutSecrets masks environment values and registry credentials in an answer of a gateway, which may quote the
// manifest it refuses; the text goes into errors and state.
func withoutSecrets(err error, manifest []byte) error {
	text := err.Error()
	for _, secret := range secretsOf(manifest) {
		for _, form := range formsOf(secret) {
			text = strings.ReplaceAll(text, form, "***")
		}
	}
	if text == err.Error() {
		return err
	}
	return &maskedError{text: text, cause: err}
}

// formsOf lists the ways a value may be quoted: as it is, escaped, with control characters made spaces, or one line of
// it.
func formsOf(secret string) []string {
	quoted := strconv.Quote(secret)
	spaced := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, secret)
	forms := []string{secret, quoted[1 : len(quoted)-1], spaced}
	for line := range strings.SplitSeq(secret, "\n") {
		if line = strings.TrimSpace(line); len(line) >= shortestSecret {
			forms = append(forms, line)
		}
	}
	return forms
}

// secretsOf lists the values of a manifest that nobody else may see, longest first.
func secretsOf(manifest []byte) []string {
	var groups []struct {
		Services []struct {
			Env         []string          `json:"env"`
			Credentials map[string]string `json:"credentials"`
		} `json:"services"`
	}
	if json.Unmarshal(manifest, &groups) != nil {
		return nil
	}
	var found []string
	for _, g := range groups {
		for _, s := range g.Services {
			for _, variable := range s.Env {
				_, value, _ := strings.Cut(variable, "=")
				found = append(found, value)
			}
			found = append(found, s.Credentials["username"], s.Credentials["password"])
		}
	}
	found = slices.DeleteFunc(found, func(s string) bool { return len(s) < shortestSecret })
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return found
}
