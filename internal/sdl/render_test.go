// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestRender_roundTrip renders every accepted document of the corpora from its
// groups and manifest alone, once with the endpoints a gateway forgets.
func TestRender_roundTrip(t *testing.T) {
	t.Parallel()
	for _, dir := range corpora(t) {
		for _, file := range goldenFiles(t, dir) {
			src, want := readGolden(t, file)
			if !want.OK {
				continue
			}
			t.Run(filepath.Base(dir)+"/"+strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				t.Parallel()
				d, _ := sdl.Parse(src)
				require.NotNil(t, d)
				requireRenders(t, d)
			})
		}
	}
}

func requireRenders(t *testing.T, d *sdl.Document) {
	t.Helper()
	text, err := sdl.Render(d.Groups(), d.ManifestJSON())
	require.NoError(t, err)
	again, problems := sdl.Parse(text)
	require.NotNil(t, again, "%s\n%s", problems, text)
	require.Equal(t, string(d.ManifestJSON()), string(again.ManifestJSON()))
	require.Equal(t, groupsJSON(t, d), groupsJSON(t, again))
}

// TestRender_gatewayManifest: a gateway hands the manifest back without the endpoints of the resources.
func TestRender_gatewayManifest(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/golden/ip-two-endpoints-order-v21.yaml")
	require.NoError(t, err)
	d := accept(t, src)
	var manifest []map[string]any
	require.NoError(t, json.Unmarshal(d.ManifestJSON(), &manifest))
	for _, group := range manifest {
		for _, s := range group["services"].([]any) {
			s.(map[string]any)["resources"].(map[string]any)["endpoints"] = nil
		}
	}
	lost, err := json.Marshal(manifest)
	require.NoError(t, err)
	require.NotEqual(t, d.ManifestJSON(), lost)
	text, err := sdl.Render(d.Groups(), lost)
	require.NoError(t, err)
	require.Equal(t, d.Hash(), accept(t, text).Hash())
}

func TestRender_impossible(t *testing.T) {
	t.Parallel()
	d := accept(t, []byte(quirkBase))
	good := string(d.ManifestJSON())
	other := d.Groups()
	other[0].Resources[0].Resource.ID = 7
	priced := d.Groups()
	priced[0].Resources[0].Price.Denom = ""
	for name, c := range map[string]struct {
		groups   []deploymentv1beta4.GroupSpec
		manifest string
	}{
		"no JSON":              {d.Groups(), "hunter2"},
		"a wrong type":         {d.Groups(), strings.Replace(good, `"count":1`, `"count":"hunter2"`, 1)},
		"an unknown field":     {d.Groups(), strings.Replace(good, `"count":1`, `"count":1,"hunter2":2`, 1)},
		"no group on chain":    {nil, good},
		"no service":           {d.Groups(), "[]"},
		"another unit":         {other, good},
		"a price without coin": {priced, good},
		"another size":         {d.Groups(), strings.Replace(good, `"val":"500"`, `"val":"600"`, 1)},
		"no size":              {d.Groups(), strings.Replace(good, `"val":"500"`, `"val":"hunter2"`, 1)},
		"attestation off": {d.Groups(), strings.Replace(good,
			`"resources"`, `"params":{"tee":{"type":"cpu"}},"resources"`, 1)},
	} {
		text, err := sdl.Render(c.groups, []byte(c.manifest))
		require.ErrorIs(t, err, sdl.ErrNotRenderable, name)
		require.NotContains(t, err.Error(), "hunter2", name)
		require.Nil(t, text, name)
	}
}

func TestGroupJSON_roundTrip(t *testing.T) {
	t.Parallel()
	for _, file := range goldenFiles(t, "testdata/golden") {
		src, want := readGolden(t, file)
		if !want.OK {
			continue
		}
		for _, g := range accept(t, src).Groups() {
			text, err := sdl.GroupJSON(g)
			require.NoError(t, err)
			back, err := sdl.ParseGroupJSON(text)
			require.NoError(t, err)
			wire, err := g.Marshal()
			require.NoError(t, err)
			again, err := back.Marshal()
			require.NoError(t, err)
			require.Equal(t, wire, again, file)
		}
	}
	for _, text := range []string{"", "{", `{"nam":"x"}`, `{"resources":[{"price":{"amount":"x"}}]}`} {
		_, err := sdl.ParseGroupJSON([]byte(text))
		require.Error(t, err, text)
	}
}
