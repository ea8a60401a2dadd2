// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestWithEnv(t *testing.T) {
	t.Parallel()
	d := accept(t, change(t, "    expose:\n", "    env: [A=1, B, \"C=x=y\", A=2]\n    expose:\n"))
	before := d.Hash()
	out, problems := d.WithEnv(map[string]map[string]string{"web": {"Z": "z", "A": "new", "B": "b=c", "D": ""}})
	require.Empty(t, problems)
	require.Equal(t, []any{"A=new", "B=b=c", "C=x=y", "A=new", "D=", "Z=z"}, services(t, out)[0]["env"])
	require.Equal(t, before, d.Hash(), "the receiver stays as it is")
	require.NotEqual(t, before, out.Hash())
	require.Equal(t, groupsJSON(t, d), groupsJSON(t, out))
	require.Len(t, out.Hash(), 32)

	// The overlay gives what the same SDL with these variables would.
	written := accept(t, change(t, "    expose:\n", "    env: [A=new, B=b=c, \"C=x=y\", A=new, D=, Z=z]\n    expose:\n"))
	require.Equal(t, written.ManifestJSON(), out.ManifestJSON())
}

func TestWithEnv_nothing(t *testing.T) {
	t.Parallel()
	d := accept(t, []byte(quirkBase))
	for _, env := range []map[string]map[string]string{nil, {}, {"web": nil}, {"web": {}}} {
		out, problems := d.WithEnv(env)
		require.Empty(t, problems)
		require.Equal(t, d.Hash(), out.Hash(), "no env stays null")
	}
}

func TestWithEnv_problems(t *testing.T) {
	t.Parallel()
	d := accept(t, []byte(quirkBase))
	out, problems := d.WithEnv(map[string]map[string]string{
		"wbe": {"A": "hunter2"}, "web": {"1A": "hunter2", "..x": "hunter2"},
	})
	require.Nil(t, out)
	require.Len(t, problems, 3)
	require.Equal(t, "env.wbe", problems[0].Path)
	require.Equal(t, "name one of: web; or add it", problems[0].Remedy)
	require.Equal(t, "env.web", problems[1].Path)
	require.NotContains(t, problems.String(), "hunter2")
	require.ErrorIs(t, problems.Err(), sdl.ErrInvalid)
}

func TestDocument_givesCopies(t *testing.T) {
	t.Parallel()
	d := accept(t, []byte(quirkBase))
	before := groupsJSON(t, d)
	g := d.Groups()
	g[0].Name = "other"
	g[0].Resources[0].Count = 9
	g[0].Resources[0].Resource.CPU.Attributes = nil
	g[0].Resources[0].Resource.Storage[0].Name = "other"
	g[0].Resources[0].Resource.Endpoints[0].Kind = 2
	d.ManifestJSON()[0] = 'x'
	require.Equal(t, before, groupsJSON(t, d))
	require.Equal(t, byte('['), d.ManifestJSON()[0])
	require.Equal(t, []string{"web"}, d.Services())
	require.Equal(t, map[string]string{"web": "example/app:1.0"}, d.Images())
	require.Equal(t, "2.0", d.Version())
}
