// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var loginAndEnv = sdl.Secrets{
	Env: map[string]map[string]string{"web": {"Z": "hunter2 <&>\u2028", "A": "hunter2"}},
	Registry: map[string]sdl.RegistryLogin{
		"web": {Host: "registry.example.com", Username: "robot", Password: "hunter2"},
	},
}

// TestWithSecrets lays over what an SDL that says the same would have, from the document and from its manifest alike.
func TestWithSecrets(t *testing.T) {
	t.Parallel()
	d := accept(t, change(t, "    expose:\n", "    env: [A=1, B]\n    expose:\n"))
	before := d.Hash()
	out, problems := d.WithSecrets(loginAndEnv)
	require.Empty(t, problems)
	written := accept(t, change(t, "    expose:\n", "    env: [A=hunter2, B, \"Z=hunter2 <&>\\u2028\"]\n"+
		"    credentials: {host: registry.example.com, username: robot, password: hunter2}\n    expose:\n"))
	require.Equal(t, string(written.ManifestJSON()), string(out.ManifestJSON()))
	require.Equal(t, before, d.Hash(), "the receiver stays as it is")
	require.NotContains(t, string(d.ManifestJSON()), "hunter2")

	laid, err := sdl.ManifestWithSecrets(d.ManifestJSON(), loginAndEnv)
	require.NoError(t, err)
	require.Equal(t, string(out.ManifestJSON()), string(laid))
	same, err := sdl.ManifestWithSecrets([]byte("anything"), sdl.Secrets{Env: map[string]map[string]string{"web": {}}})
	require.NoError(t, err, "nothing to lay over")
	require.Equal(t, "anything", string(same))
}

// TestWithSecrets_everySDL: of every golden SDL the manifest survives being read back.
func TestWithSecrets_everySDL(t *testing.T) {
	t.Parallel()
	laid := 0
	for _, dir := range corpora(t) {
		for _, file := range goldenFiles(t, dir) {
			src, want := readGolden(t, file)
			if !want.OK {
				continue
			}
			d := accept(t, src)
			s := sdl.Secrets{Env: map[string]map[string]string{}}
			for _, service := range d.Services() {
				s.Env[service] = map[string]string{"PLANTED": "hunter2"}
			}
			over, problems := d.WithSecrets(s)
			require.Empty(t, problems, file)
			got, err := sdl.ManifestWithSecrets(d.ManifestJSON(), s)
			require.NoError(t, err, file)
			require.Equal(t, string(over.ManifestJSON()), string(got), file)
			laid++
		}
	}
	require.Positive(t, laid)
}

func TestWithSecrets_problems(t *testing.T) {
	t.Parallel()
	d := accept(t, []byte(quirkBase))
	wrong := sdl.Secrets{
		Env:      map[string]map[string]string{"wbe": {"A": "hunter2"}, "web": {"1A": "hunter2"}},
		Registry: map[string]sdl.RegistryLogin{"bew": {Password: "hunter2"}},
	}
	out, problems := d.WithSecrets(wrong)
	require.Nil(t, out)
	require.Len(t, problems, 3)
	require.Equal(t, "env_wo.wbe", problems[0].Path)
	require.Equal(t, "env_wo.web", problems[1].Path)
	require.Equal(t, "registry_credentials_wo.bew", problems[2].Path)
	require.NotContains(t, problems.String(), "hunter2")

	_, err := sdl.ManifestWithSecrets(d.ManifestJSON(), wrong)
	require.ErrorIs(t, err, sdl.ErrManifest)
	require.NotContains(t, err.Error(), "hunter2")
	for _, manifest := range []string{"", "{}", "null", "[{\"name\": \"dcloud\"}]", string(d.ManifestJSON()) + " "} {
		_, err := sdl.ManifestWithSecrets([]byte(manifest), loginAndEnv)
		require.ErrorIs(t, err, sdl.ErrManifest, manifest)
	}
}

// TestSecrets_print never print a value, whatever the verb.
func TestSecrets_print(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"env_wo.web.A", "env_wo.web.Z", "registry_credentials_wo.web"}, loginAndEnv.Names())
	require.Nil(t, sdl.Secrets{}.Names())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, loginAndEnv), "hunter2", verb)
		require.NotContains(t, fmt.Sprintf(verb, loginAndEnv.Registry), "hunter2", verb)
	}
}
