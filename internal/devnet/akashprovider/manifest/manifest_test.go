// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// golden is what the official parser made of one SDL.
type golden struct {
	OK         bool            `json:"ok"`
	Version    string          `json:"version"`
	GroupsWire []string        `json:"groups_wire"`
	Manifest   json.RawMessage `json:"manifest"`
}

// goldens reads the accepted SDLs: the shared conformance data when it is there, else our smaller copy.
func goldens(t *testing.T) map[string]golden {
	t.Helper()
	patterns := []string{
		"../../../../../shared/conformance/sdl/*.golden.json",
		"../../../../../shared/conformance/sdl-generated/*.golden.json",
		"testdata/sdl/*.golden.json",
	}
	out := map[string]golden{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var g golden
			require.NoError(t, json.Unmarshal(text, &g), file)
			if g.OK {
				out[filepath.Base(file)] = g
			}
		}
	}
	require.NotEmpty(t, out)
	return out
}

func groupSpecs(t *testing.T, g golden) []deploymentv1beta4.GroupSpec {
	t.Helper()
	specs := make([]deploymentv1beta4.GroupSpec, len(g.GroupsWire))
	for i, wire := range g.GroupsWire {
		raw, err := hex.DecodeString(wire)
		require.NoError(t, err)
		require.NoError(t, specs[i].Unmarshal(raw))
	}
	return specs
}

func TestManifest_goldens(t *testing.T) {
	t.Parallel()
	for name, g := range goldens(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := manifest.Decode(bytes.NewReader(g.Manifest))
			require.NoError(t, err)
			require.NoError(t, m.Validate())
			canonical, err := m.Canonical()
			require.NoError(t, err)
			require.Equal(t, string(g.Manifest), string(canonical))
			hash, err := m.Hash()
			require.NoError(t, err)
			require.Equal(t, g.Version, hex.EncodeToString(hash))
			require.NoError(t, m.CrossCheck(groupSpecs(t, g)))
		})
	}
}

func TestDecode_errors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, want string }{
		{"no body", "", "EOF"},
		{"object", "{}", "json: cannot unmarshal object into Go value of type v2beta3.Manifest"},
		{"cut off", `[{"name":`, "unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := manifest.Decode(strings.NewReader(c.body))
			require.EqualError(t, err, c.want)
		})
	}
}

// simple is a fresh copy of a valid manifest with one service, and the groups it belongs to.
func simple(t *testing.T) (manifest.Manifest, []deploymentv1beta4.GroupSpec) {
	t.Helper()
	text, err := os.ReadFile("testdata/sdl/chain-sdk--v2.0--simple.golden.json")
	require.NoError(t, err)
	var g golden
	require.NoError(t, json.Unmarshal(text, &g))
	m, err := manifest.Decode(bytes.NewReader(g.Manifest))
	require.NoError(t, err)
	require.Len(t, m, 1)
	return m, groupSpecs(t, g)
}

func TestValidate_faults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(manifest.Manifest) manifest.Manifest
		want string
	}{
		{"empty", func(manifest.Manifest) manifest.Manifest { return nil }, "invalid manifest: manifest is empty"},
		{"two groups of one name", func(m manifest.Manifest) manifest.Manifest {
			second := m[0]
			second.Services = append([]manifest.Service(nil), second.Services...)
			second.Services[0].Expose = nil
			return append(m, second)
		}, `invalid manifest: duplicate group "westcoast"`},
		{"no services", func(m manifest.Manifest) manifest.Manifest {
			m[0].Services = nil
			return m
		}, `invalid manifest: group "westcoast" contains no services`},
		{
			"service name", service(func(s *manifest.Service) { s.Name = "Web" }),
			`invalid manifest: service "Web" name is invalid`,
		},
		{
			"image", service(func(s *manifest.Service) { s.Image = "" }),
			`invalid manifest: service "web" has empty image name`,
		},
		{"protocol", service(func(s *manifest.Service) {
			s.Expose[0].Proto = "SCTP"
		}), `invalid manifest: service "web": protocol "SCTP" unknown`},
		{"no service name", service(func(s *manifest.Service) { s.Name = "" }), "invalid manifest: service name is empty"},
		{"no resource id", service(func(s *manifest.Service) { s.Resources.ID = 0 }), "resources ID must be > 0"},
		{"no cpu", service(func(s *manifest.Service) { s.Resources.CPU = nil }), "CPU must not be nil"},
		{"no gpu", service(func(s *manifest.Service) { s.Resources.GPU = nil }), "GPU must not be nil"},
		{"no memory", service(func(s *manifest.Service) { s.Resources.Memory = nil }), "memory must not be nil"},
		{"no storage", service(func(s *manifest.Service) { s.Resources.Storage = nil }), "storage must not be nil"},
		{"no endpoints", service(func(s *manifest.Service) { s.Resources.Endpoints = nil }), "endpoints must not be nil"},
		{
			"env without name", service(func(s *manifest.Service) { s.Env = []string{"=x"} }),
			`invalid manifest: service "web" defines an env. var. with an invalid name ""`,
		},
		{
			"env name", service(func(s *manifest.Service) { s.Env = []string{"A=1", "two words"} }),
			`invalid manifest: service "web" defines an env. var. with an invalid name "two words"`,
		},
		{
			"env name of dots", service(func(s *manifest.Service) { s.Env = []string{"..a=1"} }),
			`invalid manifest: service "web" defines an env. var. with an invalid name "..a"`,
		},
		{"order of exposes", service(func(s *manifest.Service) {
			s.Expose[0], s.Expose[1] = s.Expose[1], s.Expose[0]
		}), `invalid manifest: service "web": expose is not sorted`},
		{
			"port", service(func(s *manifest.Service) { s.Expose[0].Port = 0 }),
			`invalid manifest: service "web": port value must be 0 < value <= 65535 `,
		},
		{
			"host", service(func(s *manifest.Service) { s.Expose[0].Hosts = []string{"a_b"} }),
			`invalid manifest: service "web": has invalid hostname "a_b"`,
		},
		{"host twice", service(func(s *manifest.Service) {
			s.Expose[0].Hosts = []string{"a.example", "a.example"}
		}), `invalid manifest: service "web": hostname "a.example" is duplicated, this is not allowed`},
		{"nothing global", service(func(s *manifest.Service) {
			for i := range s.Expose {
				s.Expose[i].Global = false
			}
		}), "invalid manifest: zero global services"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, _ := simple(t)
			err := c.edit(m).Validate()
			require.EqualError(t, err, c.want)
			require.Equal(t, strings.HasPrefix(c.want, "invalid manifest: "), errors.Is(err, manifest.ErrInvalid))
		})
	}
}

func TestCrossCheck_faults(t *testing.T) {
	t.Parallel()
	const west = `manifest cross-validation error: group "westcoast": `
	const web = west + `service "web": `
	for _, c := range []struct {
		name string
		edit func(manifest.Manifest) manifest.Manifest
		want string
	}{
		{
			"group count", func(m manifest.Manifest) manifest.Manifest { return append(m, m[0]) },
			"invalid manifest: group count mismatch (2 != 1)",
		},
		{"group name", func(m manifest.Manifest) manifest.Manifest {
			m[0].Name = "eastcoast"
			return m
		}, `invalid manifest: unknown deployment group ('eastcoast')`},
		{
			"resource id", service(func(s *manifest.Service) { s.Resources.ID = 9 }),
			web + "not found deployment group resources with ID = 9",
		},
		{"cpu", service(func(s *manifest.Service) {
			s.Resources.CPU.Units.Val = s.Resources.CPU.Units.Val.AddRaw(1)
		}), web + "CPU resources mismatch for ID 1"},
		{"memory", service(func(s *manifest.Service) {
			s.Resources.Memory.Size.Val = s.Resources.Memory.Size.Val.AddRaw(1)
		}), web + "Memory resources mismatch for ID 1"},
		{"storage attribute", service(func(s *manifest.Service) {
			s.Resources.Storage[0].Attributes = []manifest.Attribute{{Key: "class", Value: "beta2"}}
		}), web + "Storage resources mismatch for ID 1"},
		{
			"too few replicas", service(func(s *manifest.Service) { s.Count-- }),
			west + "resources ID (1): under-utilized (1) resources",
		},
		{
			"too many replicas", service(func(s *manifest.Service) { s.Count++ }),
			web + "over-utilized replicas (3) > group spec resources count (2)",
		},
		{
			"endpoint gone", service(func(s *manifest.Service) { s.Expose = s.Expose[:1] }),
			west + "resources ID (1): under-utilized (1) PORT endpoints",
		},
		{
			"other kind", service(func(s *manifest.Service) { s.Expose[0].ExternalPort = 81 }),
			web + "resource ID 1: over-utilized PORT endpoints",
		},
		{
			"leased ip", service(func(s *manifest.Service) { s.Expose[0].IP = "addr" }),
			web + "resource ID 1: over-utilized IP endpoints",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, specs := simple(t)
			err := c.edit(m).CrossCheck(specs)
			require.EqualError(t, err, c.want)
			require.Equal(t, strings.HasPrefix(c.want, west), errors.Is(err, manifest.ErrCrossCheck))
		})
	}
}

func service(edit func(*manifest.Service)) func(manifest.Manifest) manifest.Manifest {
	return func(m manifest.Manifest) manifest.Manifest {
		edit(&m[0].Services[0])
		return m
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`[]`))
	f.Add([]byte(`[{"name":"a","services":[{"name":"b","resources":{"cpu":{"units":{"val":"1"}}}}]}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := manifest.Decode(bytes.NewReader(body))
		if err != nil {
			return
		}
		valid := m.Validate() == nil
		if _, err := m.Hash(); err != nil && valid {
			t.Fatalf("a valid manifest has no hash: %v", err)
		}
		if valid {
			_ = m.CrossCheck([]deploymentv1beta4.GroupSpec{{Name: m[0].Name}})
		}
	})
}
