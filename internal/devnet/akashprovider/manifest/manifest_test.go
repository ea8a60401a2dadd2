// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
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
		}, "contains no services"},
		{"service name", service(func(s *manifest.Service) { s.Name = "Web" }), `service "Web" name is invalid`},
		{"image", service(func(s *manifest.Service) { s.Image = "" }), "has empty image name"},
		{"no gpu", service(func(s *manifest.Service) { s.Resources.GPU = nil }), "has no gpu resource"},
		{"no storage", service(func(s *manifest.Service) { s.Resources.Storage = nil }), "has no storage resource"},
		{"env without name", service(func(s *manifest.Service) { s.Env = []string{"=x"} }), "with an empty name"},
		{"env name", service(func(s *manifest.Service) { s.Env = []string{"A=1", "s3cret value"} }), "at index 1"},
		{"env name of dots", service(func(s *manifest.Service) { s.Env = []string{"..a=1"} }), "at index 0"},
		{"order of exposes", service(func(s *manifest.Service) {
			s.Expose[0], s.Expose[1] = s.Expose[1], s.Expose[0]
		}), "exposes are not sorted"},
		{"port", service(func(s *manifest.Service) { s.Expose[0].Port = 0 }), "port value 0 is out of range"},
		{"host", service(func(s *manifest.Service) { s.Expose[0].Hosts = []string{"a_b"} }), `hostname "a_b" is invalid`},
		{"host twice", service(func(s *manifest.Service) {
			s.Expose[0].Hosts = []string{"a.example", "a.example"}
		}), `hostname "a.example" is duplicated`},
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
			require.ErrorIs(t, err, manifest.ErrInvalid)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "s3cret")
		})
	}
}

func TestCrossCheck_faults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(manifest.Manifest) manifest.Manifest
		want string
	}{
		{"group count", func(m manifest.Manifest) manifest.Manifest { return append(m, m[0]) }, "group count mismatch"},
		{"group name", func(m manifest.Manifest) manifest.Manifest {
			m[0].Name = "eastcoast"
			return m
		}, `group "westcoast" of the deployment is not in the manifest`},
		{"resource id", service(func(s *manifest.Service) { s.Resources.ID = 9 }), "resource id 9 is not in the deployment"},
		{"cpu", service(func(s *manifest.Service) {
			s.Resources.CPU.Units.Val = s.Resources.CPU.Units.Val.AddRaw(1)
		}), "cpu of resource id 1 differs"},
		{"memory", service(func(s *manifest.Service) {
			s.Resources.Memory.Size.Val = s.Resources.Memory.Size.Val.AddRaw(1)
		}), "memory of resource id 1 differs"},
		{"storage attribute", service(func(s *manifest.Service) {
			s.Resources.Storage[0].Attributes = []manifest.Attribute{{Key: "class", Value: "beta2"}}
		}), `storage "default" of resource id 1 differs`},
		{"too few replicas", service(func(s *manifest.Service) { s.Count-- }), "under-utilized by 1 replicas"},
		{"too many replicas", service(func(s *manifest.Service) { s.Count++ }), "over-utilized by 1 replicas"},
		{
			"endpoint gone", service(func(s *manifest.Service) { s.Expose = s.Expose[:1] }),
			"under-utilized by 1 PORT endpoints",
		},
		{"other kind", service(func(s *manifest.Service) { s.Expose[0].ExternalPort = 81 }), "HTTP endpoints"},
		{"leased ip", service(func(s *manifest.Service) { s.Expose[0].IP = "addr" }), "over-utilized by 1 IP endpoints"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, specs := simple(t)
			err := c.edit(m).CrossCheck(specs)
			require.ErrorIs(t, err, manifest.ErrCrossCheck)
			require.ErrorContains(t, err, c.want)
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
