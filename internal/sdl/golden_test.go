// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// golden is what the official Go parser makes of an SDL.
type golden struct {
	OK         bool            `json:"ok"`
	Error      string          `json:"error"`
	Version    string          `json:"version"`
	Window     *string         `json:"reclamation_min_window"`
	GroupsWire []string        `json:"groups_wire"`
	Groups     json.RawMessage `json:"groups"`
	Manifest   json.RawMessage `json:"manifest"`
}

// corpora are the folders with golden results: always the copy in testdata, and the whole set where it lies beside
// the project.
func corpora(t testing.TB) []string {
	t.Helper()
	dirs := []string{"testdata/golden"}
	root, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		require.NotEqual(t, root, filepath.Dir(root), "no go.mod above the package")
		root = filepath.Dir(root)
	}
	for _, name := range []string{"sdl", "sdl-generated"} {
		dir := filepath.Join(root, "..", "shared", "conformance", name)
		if _, err := os.Stat(dir); err == nil {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// goldenFiles are the SDLs of a folder.
func goldenFiles(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files, dir)
	return files
}

func readGolden(t testing.TB, file string) ([]byte, golden) {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	text, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".golden.json")
	require.NoError(t, err)
	var g golden
	require.NoError(t, json.Unmarshal(text, &g))
	return src, g
}

// groupsJSON joins the canonical JSON of all groups, as the goldens hold it.
func groupsJSON(t testing.TB, d *sdl.Document) string {
	t.Helper()
	var texts [][]byte
	for _, g := range d.Groups() {
		text, err := sdl.GroupJSON(g)
		require.NoError(t, err)
		texts = append(texts, text)
	}
	return "[" + string(bytes.Join(texts, []byte(","))) + "]"
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, dir := range corpora(t) {
		for _, file := range goldenFiles(t, dir) {
			t.Run(filepath.Base(dir)+"/"+strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				t.Parallel()
				src, want := readGolden(t, file)
				d, problems := sdl.Parse(src)
				if !want.OK {
					require.Nil(t, d, "the network refuses it: %s", want.Error)
					require.NotEmpty(t, problems.Errors())
					return
				}
				require.NotNil(t, d, "%s", problems.Errors())
				require.Empty(t, problems.Errors())
				require.Equal(t, string(want.Groups), groupsJSON(t, d))
				require.Equal(t, string(want.Manifest), string(d.ManifestJSON()))
				require.Equal(t, want.Version, hex.EncodeToString(d.Hash()))
				var wire []string
				for _, g := range d.Groups() {
					b, err := g.Marshal()
					require.NoError(t, err)
					wire = append(wire, hex.EncodeToString(b))
				}
				require.Equal(t, want.GroupsWire, wire)
				window, ok := d.ReclamationMinWindow()
				require.Equal(t, want.Window != nil, ok)
				if ok {
					expected, err := time.ParseDuration(*want.Window)
					require.NoError(t, err)
					require.Equal(t, expected, window)
				}
			})
		}
	}
}
