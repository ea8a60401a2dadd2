// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
