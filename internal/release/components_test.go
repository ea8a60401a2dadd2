// SPDX-License-Identifier: Apache-2.0

package release

import (
	"debug/buildinfo"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestComponents_nameTheLinkedCode(t *testing.T) {
	t.Parallel()
	require.Equal(t, []component{
		{Type: "library", Ref: "pkg:golang/std@1.26.8", Name: "std", Version: "1.26.8", PURL: "pkg:golang/std@1.26.8"},
		{
			Type: "library", Ref: "pkg:golang/example.org/a@v1.0.0%2Bincompatible", Name: "example.org/a",
			Version: "v1.0.0+incompatible", PURL: "pkg:golang/example.org/a@v1.0.0%2Bincompatible",
			Properties: []property{{Name: "go:sum", Value: "h1:aaa="}},
		},
		{
			Type: "library", Ref: "pkg:golang/example.org/fork@v2.0.1", Name: "example.org/fork", Version: "v2.0.1",
			PURL:       "pkg:golang/example.org/fork@v2.0.1",
			Properties: []property{{Name: "go:sum", Value: "h1:bbb="}, {Name: "go:replaces", Value: "example.org/b@v2.0.0"}},
		},
	}, components(Binary{Name: "tool", Info: &buildinfo.BuildInfo{
		GoVersion: "go1.26.8",
		Deps: []*debug.Module{
			{Path: "example.org/a", Version: "v1.0.0+incompatible", Sum: "h1:aaa="},
			{
				Path: "example.org/b", Version: "v2.0.0",
				Replace: &debug.Module{Path: "example.org/fork", Version: "v2.0.1", Sum: "h1:bbb="},
			},
		},
	}}))
}
