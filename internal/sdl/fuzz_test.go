// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// FuzzParse: whatever the text, a verdict; every position lies inside the
// text; and what is accepted comes back from groups and manifest alone.
func FuzzParse(f *testing.F) {
	for _, file := range goldenFiles(f, "testdata/golden") {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add([]byte("version: \"2.0\"\nservices: &s {web: {<<: *s}}\n"))
	f.Add([]byte("[version, \"2.1\", services, {}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, problems := sdl.Parse(src)
		require.Equal(t, d == nil, len(problems.Errors()) > 0)
		require.Equal(t, d == nil, problems.Err() != nil)
		lines := 1 + strings.Count(string(src), "\n")
		plainBreaks := utf8.Valid(src) && !strings.ContainsAny(string(src), "\r\u0085\u2028\u2029\ufeff")
		for i, p := range problems {
			require.NotEmpty(t, p.Message)
			if plainBreaks {
				require.LessOrEqual(t, p.Line, lines, p)
			}
			require.GreaterOrEqual(t, p.Line, 1, "every problem has a place")
			require.GreaterOrEqual(t, p.Column, 1)
			if text := strings.Split(string(src), "\n"); plainBreaks {
				require.LessOrEqual(t, p.Column, 1+utf8.RuneCountInString(text[p.Line-1]), p)
			}
			if i > 0 {
				require.LessOrEqual(t, problems[i-1].Line, p.Line, "sorted")
			}
		}
		if d == nil {
			return
		}
		again, _ := sdl.Parse(src)
		require.Equal(t, d.Hash(), again.Hash(), "the verdict changes from run to run")
		text, err := sdl.Render(d.Groups(), d.ManifestJSON())
		if errors.Is(err, sdl.ErrNotRenderable) {
			return // allowed, but the corpora hold no such case: see TestRender_roundTrip
		}
		require.NoError(t, err)
		rendered, _ := sdl.Parse(text)
		require.NotNil(t, rendered)
		require.Equal(t, d.Hash(), rendered.Hash())
	})
}

// FuzzUnits: sizes never crash, and what is formatted reads back.
func FuzzUnits(f *testing.F) {
	for _, s := range []string{"512Mi", "0.5", "1e400", "NaN", "-0", "1E", "500m", "0x1p-2Gi"} {
		f.Add(s, uint64(len(s)))
	}
	f.Fuzz(func(t *testing.T, s string, n uint64) {
		_, _ = sdl.ParseBytes(s, false)
		_, _ = sdl.ParseBytes(s, true)
		_, _, _ = sdl.ParseMillicpu(s)
		require.NotEmpty(t, sdl.RemedySize(s))
		n >>= 11 // sizes beyond 2^53 bytes lose digits on the network, too
		back, err := sdl.ParseBytes(sdl.FormatBytes(n), false)
		require.NoError(t, err)
		require.Equal(t, n, back)
	})
}

// FuzzRender: whatever a gateway sends as a manifest, an error or an SDL.
func FuzzRender(f *testing.F) {
	for _, file := range goldenFiles(f, "testdata/golden") {
		if _, g := readGolden(f, file); g.OK {
			f.Add([]byte(g.Manifest))
		}
	}
	d, problems := sdl.Parse([]byte(quirkBase))
	require.NotNil(f, d, "%s", problems)
	groups := d.Groups()
	f.Fuzz(func(t *testing.T, manifest []byte) {
		text, err := sdl.Render(groups, manifest)
		if err != nil {
			require.ErrorIs(t, err, sdl.ErrNotRenderable)
			return
		}
		d, _ := sdl.Parse(text)
		require.NotNil(t, d)
	})
}

// FuzzGroupJSON: whatever the JSON, an error or a spec that can be written again.
func FuzzGroupJSON(f *testing.F) {
	for _, file := range goldenFiles(f, "testdata/golden") {
		if src, g := readGolden(f, file); g.OK {
			d, _ := sdl.Parse(src)
			for _, spec := range d.Groups() {
				text, err := sdl.GroupJSON(spec)
				require.NoError(f, err)
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := sdl.ParseGroupJSON(text)
		if err != nil {
			return
		}
		first, err := sdl.GroupJSON(spec)
		require.NoError(t, err)
		spec, err = sdl.ParseGroupJSON(first)
		require.NoError(t, err)
		second, err := sdl.GroupJSON(spec)
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}
