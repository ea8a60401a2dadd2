// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
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
	text := newMask(manifest).text(err.Error())
	if text == err.Error() {
		return err
	}
	return &maskedError{text: text, cause: err}
}

// mask hides the values of a manifest in texts of others, which may quote it or print its environment.
type mask struct{ replacer *strings.Replacer }

// newMask prepares for a manifest. Values shorter than [shortestSecret] stay visible.
func newMask(manifest []byte) mask {
	var forms []string
	for _, secret := range secretsOf(manifest) {
		forms = append(forms, formsOf(secret)...)
	}
	// Longest first: where two begin at the same place, the replacer takes the earlier one.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, form := range forms {
		if len(form) >= shortestSecret {
			pairs = append(pairs, form, "***")
		}
	}
	return mask{strings.NewReplacer(pairs...)}
}

// text hides the values. Overlapping ones may take a second look: what is left of one can be another.
func (m mask) text(text string) string {
	for range 3 {
		masked := m.replacer.Replace(text)
		if masked == text {
			break
		}
		text = masked
	}
	return text
}

// formsOf lists the ways a value may be quoted: as it is, escaped, with control characters made spaces, encoded for an
// address or a header, or one line of it.
func formsOf(secret string) []string {
	quoted := strconv.Quote(secret)
	spaced := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, secret))
	forms := []string{
		secret, quoted[1 : len(quoted)-1], spaced, url.QueryEscape(secret), url.PathEscape(secret),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
	if encoded, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(encoded[1:len(encoded)-1]))
	}
	for line := range strings.SplitSeq(secret, "\n") {
		forms = append(forms, strings.TrimSpace(line))
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
