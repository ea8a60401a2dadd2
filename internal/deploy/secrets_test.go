// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
)

func manifestWith(t testing.TB, env []string, password string) []byte {
	t.Helper()
	text, err := json.Marshal([]any{map[string]any{"name": "dcloud", "services": []any{map[string]any{
		"name": "web", "env": env, "credentials": map[string]string{"username": "robot-account", "password": password},
	}}}})
	require.NoError(t, err)
	return text
}

// TestMask hides values in every form in which a program may print them.
func TestMask(t *testing.T) {
	t.Parallel()
	const tricky = "p<a>ss\tw&rd \"x\" /+="
	hide := deploy.NewMask(manifestWith(t, []string{
		"A=" + tricky, "KEY=-----BEGIN-----\nline-of-a-key\n-----END-----", "LONG=hunter2hunter2", "SHORT=hunter2", "PORT=80",
		"NO_VALUE", "WITH_EQUALS=a=b=c=d",
	}, "registry-pass"))
	encoded, err := json.Marshal(tricky)
	require.NoError(t, err)
	for text, want := range map[string]string{
		"it is " + tricky + ".":                     "it is ***.",
		"json " + string(encoded):                   `json "***"`,
		"q=" + url.QueryEscape(tricky):              "q=***",
		"path " + url.PathEscape(tricky):            "path ***",
		"a line: line-of-a-key":                     "a line: ***",
		"hunter2hunter2 hunter2":                    "*** ***",
		"robot-account:registry-pass":               "***:***",
		"listening on :80":                          "listening on :80",
		"v a=b=c=d":                                 "v ***",
		"NO_VALUE":                                  "NO_VALUE",
		strings.ReplaceAll(tricky, "\t", " ") + "!": "***!",
	} {
		require.Equal(t, want, hide.Text(text))
	}
	basic := base64.StdEncoding.EncodeToString([]byte("hunter2hunter2"))
	require.NotContains(t, hide.Text("Basic "+basic), basic[:8])
}

// FuzzMask leaves no value in a text that it was put into.
func FuzzMask(f *testing.F) {
	f.Add("secret", "registry", "before ", " after")
	f.Add("abcd", "cdab", "ab", "cd")
	f.Add("****", "a***", "", "***")
	f.Fuzz(func(t *testing.T, value, password, before, after string) {
		if len(value) < 4 || strings.Trim(value, "*") == "" || strings.Contains("***", value) {
			return
		}
		manifest := manifestWith(t, []string{"X=" + value}, password)
		var back []struct{ Services []struct{ Env []string } }
		require.NoError(t, json.Unmarshal(manifest, &back))
		value = strings.TrimPrefix(back[0].Services[0].Env[0], "X=") // as JSON keeps it
		require.NotContains(t, deploy.NewMask(manifest).Text(before+value+after), value)
	})
}
