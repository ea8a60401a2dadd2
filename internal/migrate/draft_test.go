// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestCompose_oneSecretForTwoVariables: both become variables to be given, and neither names a file that is not there.
func TestCompose_oneSecretForTwoVariables(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("secrets: [pw]\n"+
		"environment: {ROOT_FILE: /run/secrets/pw, USER_FILE: /run/secrets/pw}")+"secrets: {pw: {file: x}}\n",
		migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"web": {"ROOT", "USER"}}, got.SecretVariables)
	require.NotEmpty(t, got.SDL, describe(got))
	require.NotContains(t, string(got.SDL), "/run/secrets")
}

// TestCompose_secretsOfWhatIsLeftOut are asked of nobody.
func TestCompose_secretsOfWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("restart: always")+
		"  built: {build: ., secrets: [pw], environment: {PW_FILE: /run/secrets/pw}}\nsecrets: {pw: {file: x}}\n",
		with(migrate.Options{AcceptLosses: []string{"services.built.build"}}))
	require.NoError(t, err)
	require.NotEmpty(t, got.SDL, describe(got))
	require.Empty(t, got.SecretVariables)
}

// TestCompose_volumeNamedDefault: that is the name of a container's own disk.
func TestCompose_volumeNamedDefault(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("volumes: ['default:/x']")+"volumes: {default: }\n",
		migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "default-2:\n          mount: \"/x\"", describe(got))
}

// TestCompose_optionsThatNameNothing are errors: a typing mistake must not leave a volume with the size of default.
func TestCompose_optionsThatNameNothing(t *testing.T) {
	t.Parallel()
	text := webWith("volumes: ['data:/x']") + "volumes: {data: }\n"
	for want, o := range map[string]migrate.Options{
		`images: there is no service "wbe"; there are: web`:       {Images: map[string]string{"wbe": "x:1"}},
		`http_ports: there is no service "wbe"`:                   {HTTPPorts: map[string]uint32{"wbe": 80}},
		`hosts: there is no service "wbe"`:                        {Hosts: map[string][]string{"wbe": {"a.example"}}},
		`volume_sizes: there is no volume "dta"; there are: data`: {VolumeSizes: map[string]string{"dta": "1Gi"}},
		`profiles: there is no profile "x"; there are: none`:      {},
		`env_files: there is no file "x"; there are: none`:        {},
	} {
		options := with(o)
		switch want[0] {
		case 'p':
			options.Profiles = []string{"x"}
		case 'e':
			options.EnvFiles = map[string]string{"x": "A=1"}
		}
		_, err := migrate.Compose(t.Context(), text, options)
		require.ErrorContains(t, err, want)
	}
}

// TestDefaultPricesAreNoSlips: what is taken where nobody says a price is below what the SDL's check takes for a
// mistake, for one GPU as for eight.
func TestDefaultPricesAreNoSlips(t *testing.T) {
	t.Parallel()
	for _, gpus := range []int{0, 1, 8} {
		line := "restart: always"
		if gpus > 0 {
			line = fmt.Sprintf("gpus: [{driver: nvidia, count: %d}]", gpus)
		}
		got, err := migrate.Compose(t.Context(), webWith(line), migrate.ComposeOptions{})
		require.NoError(t, err)
		_, problems := sdl.Parse(got.SDL)
		require.Empty(t, problems, string(got.SDL))
		require.Contains(t, string(got.SDL), fmt.Sprintf(`amount: "%d"`, max(1_000, 10_000*gpus)))
	}
}

// TestCompose_manyReplicas: the chain takes more than Akash providers do, so it is for the user to say.
func TestCompose_manyReplicas(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("scale: 51"), migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Equal(t, []migrate.Severity{migrate.Blocker}, severities(got, "services.web.scale"), describe(got))
	got, err = migrate.Compose(t.Context(), webWith("scale: 51"),
		with(migrate.Options{AcceptLosses: []string{"services.web.scale"}}))
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "count: 51")
}

// TestCompose_sharedVolume: each service would have a volume of its own, which somebody has to say is well.
func TestCompose_sharedVolume(t *testing.T) {
	t.Parallel()
	text := webWith("volumes: ['data:/x']") + "  two: {image: 'x:1', volumes: ['data:/y']}\nvolumes: {data: }\n"
	got, err := migrate.Compose(t.Context(), text, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Nil(t, got.SDL)
	require.Contains(t, severities(got, "services.web.volumes[0]"), migrate.Blocker, describe(got))
}

// TestCompose_exposedAndPublished: a port that stands in both lists is public.
func TestCompose_exposedAndPublished(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("expose: [80]"), migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "- global: true", describe(got))
}

// TestCompose_include reads no other file, not even one that is there: this one would be an error.
func TestCompose_include(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "other.yaml")
	require.NoError(t, os.WriteFile(file, []byte("services: ["), 0o600))
	got, err := migrate.Compose(t.Context(), "include: ["+file+"]\n"+webWith("restart: always"), migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Equal(t, []migrate.Severity{migrate.Blocker}, severities(got, "include"), describe(got))
}
