// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
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
		text = strings.ReplaceAll(text, secret, "***")
	}
	if text == err.Error() {
		return err
	}
	return &maskedError{text: text, cause: err}
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
