// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestBuild_roundTrip: what is built reads back as the model, and building is deterministic.
func TestBuild_roundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := models().Draw(t, "model")
		text, doc, problems := sdl.Build(m)
		require.NotNil(t, doc, "%s", problems.Errors())
		again, _, _ := sdl.Build(m)
		require.Equal(t, string(text), string(again))
		require.Equal(t, "2.1", doc.Version())
		parsed, _ := sdl.Parse(text)
		require.Equal(t, doc.Hash(), parsed.Hash())
		sdl.SortModel(&m)
		require.Equal(t, m, sdl.ReadModel(text), "%s", text)
	})
}

// anyText is a text of any characters, with the ones YAML trips over among them.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "yes", "null", "1.10", "0x1F", "~", "2001-01-01", "<<", "a: b", " lead", "trail ", "#no", "- x", "\u2028",
		"\ufeff", "line\nbreak\n", "tab\t", "*star", "&amp", "!tag", "%", "@", "`", "{", "'", `"`, `\`, "\r", "é", "😀",
		"\u0085", "\x00",
	}))
}

func names(prefix string) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		var out []string
		for i := range rapid.IntRange(1, 3).Draw(t, "how many") {
			out = append(out, fmt.Sprintf("%s%d", prefix, i))
		}
		return out
	})
}

func models() *rapid.Generator[sdl.Model] {
	return rapid.Custom(func(t *rapid.T) sdl.Model {
		m := sdl.Model{
			Services: map[string]sdl.ModelService{}, Compute: map[string]sdl.ModelCompute{},
			Placement: map[string]sdl.ModelPlacement{},
		}
		m.ReclamationMinWindow = rapid.SampledFrom([]string{"", "24h", "1h30m"}).Draw(t, "window")
		tee := rapid.SampledFrom([]string{"", "cpu"}).Draw(t, "tee")
		profiles := names("profile").Draw(t, "profiles")
		for _, name := range profiles {
			m.Compute[name] = modelCompute().Draw(t, name)
		}
		for _, name := range names("place").Draw(t, "placements") {
			p := sdl.ModelPlacement{
				Attributes: rapid.SampledFrom([]map[string]string{nil, {"region": "us-west", "on": "off"}}).Draw(t, "attributes"),
				Pricing:    map[string]string{},
			}
			if rapid.Bool().Draw(t, "signed") {
				p.SignedByAllOf, p.SignedByAnyOf = []string{"akash1a"}, []string{"akash1b", "null"}
			}
			for _, profile := range profiles {
				p.Pricing[profile] = rapid.SampledFrom([]string{"1", "0.000000000000000001", "1000.5"}).Draw(t, "price")
			}
			m.Placement[name] = p
		}
		port := uint32(0)
		for _, name := range names("service").Draw(t, "services") {
			profile := rapid.SampledFrom(profiles).Draw(t, "profile")
			s := modelService(&port).Draw(t, name)
			s.TEE = tee
			for i, v := range m.Compute[profile].Storage {
				if i == 0 {
					s.Mounts = map[string]sdl.ModelMount{v.Name: {Mount: "/data", ReadOnly: v.Class != "ram"}}
				}
			}
			m.Services[name] = s
			placement := rapid.SampledFrom(keys(m.Placement)).Draw(t, "placement")
			m.Deployment = append(m.Deployment, sdl.ModelDeployment{
				Service: name, Placement: placement, Profile: profile, Count: rapid.Uint32Range(1, 3).Draw(t, "count"),
			})
		}
		return m
	})
}

func keys[V any](m map[string]V) []string {
	var out []string
	for i := range 3 {
		if name := fmt.Sprintf("place%d", i); len(out) < len(m) {
			out = append(out, name)
		}
	}
	return out
}

func modelCompute() *rapid.Generator[sdl.ModelCompute] {
	return rapid.Custom(func(t *rapid.T) sdl.ModelCompute {
		c := sdl.ModelCompute{
			CPU: fmt.Sprintf("%dm", rapid.IntRange(10, 384_000).Draw(t, "cpu")), Memory: "1500Mi",
			Arch: rapid.SampledFrom([]string{"", "amd64", "arm64"}).Draw(t, "arch"),
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "volumes") {
			size := fmt.Sprintf("%dMi", rapid.IntRange(5, 7).Draw(t, "size"))
			v := sdl.ModelVolume{Name: fmt.Sprintf("volume%d", i), Size: size}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 1:
				v.Class = "ram"
			case 2:
				v.Class, v.Persistent = rapid.SampledFrom([]string{"default", "beta1", "beta3"}).Draw(t, "class"), true
			}
			c.Storage = append(c.Storage, v)
		}
		if rapid.Bool().Draw(t, "gpu") {
			c.GPU = &sdl.ModelGPU{Units: rapid.Uint64Range(1, 24).Draw(t, "gpus")}
			for _, model := range names("model").Draw(t, "models") {
				c.GPU.Models = append(c.GPU.Models, sdl.ModelGPUModel{
					Model: model, RAM: rapid.SampledFrom([]string{"", "80Gi"}).Draw(t, "ram"),
					Interface: rapid.SampledFrom([]string{"", "sxm", "pcie"}).Draw(t, "interface"),
				})
			}
			if rapid.Bool().Draw(t, "any model") {
				c.GPU.Models = nil
			}
		}
		return c
	})
}

func modelService(port *uint32) *rapid.Generator[sdl.ModelService] {
	return rapid.Custom(func(t *rapid.T) sdl.ModelService {
		lists := rapid.OneOf(rapid.Just([]string(nil)), rapid.SliceOfN(anyText(), 0, 3))
		s := sdl.ModelService{
			Image: "image" + anyText().Draw(t, "image"), Command: lists.Draw(t, "command"), Args: lists.Draw(t, "args"),
			Env: rapid.OneOf(rapid.Just(map[string]string(nil)),
				rapid.MapOfN(rapid.StringMatching(`[A-Z][A-Z0-9_.-]{0,8}`), anyText(), 0, 3)).Draw(t, "env"),
		}
		for range rapid.IntRange(1, 3).Draw(t, "ports") {
			*port++
			e := sdl.ModelExpose{
				Port: *port, As: *port + 1000, Proto: rapid.SampledFrom([]string{"", "tcp", "UDP"}).Draw(t, "proto"),
				To: []sdl.ModelExposeTo{{Global: true, IP: rapid.SampledFrom([]string{"", "myip", "null"}).Draw(t, "ip")}},
			}
			if rapid.Bool().Draw(t, "accept") {
				e.Accept = []string{fmt.Sprintf("h%d.example.com", *port)}
			}
			if rapid.Bool().Draw(t, "http") {
				e.HTTPOptions = &sdl.ModelHTTPOptions{
					MaxBodySize: 1, ReadTimeout: 2, SendTimeout: 3, NextTries: 4, NextTimeout: 5, NextCases: []string{"500"},
				}
			}
			if rapid.Bool().Draw(t, "internal") {
				*port++
				s.Expose = append(s.Expose, sdl.ModelExpose{Port: *port, To: []sdl.ModelExposeTo{{Service: "service0"}}})
			}
			s.Expose = append(s.Expose, e)
		}
		if rapid.Bool().Draw(t, "private") {
			s.Credentials = &sdl.ModelCredentials{
				Host: "h" + anyText().Draw(t, "host"), Email: anyText().Draw(t, "email"),
				Username: "u" + anyText().Draw(t, "username"), Password: "p" + anyText().Draw(t, "password"),
			}
		}
		s.PermissionsRead = rapid.SampledFrom([][]string{nil, {"logs", "events"}}).Draw(t, "permissions")
		return s
	})
}

// TestBuild_refuses: problems carry the paths of an SDL and no secrets.
func TestBuild_refuses(t *testing.T) {
	t.Parallel()
	good := func() sdl.Model {
		return sdl.Model{
			Services: map[string]sdl.ModelService{"web": {
				Image: "nginx:1.27", Expose: []sdl.ModelExpose{{Port: 80, To: []sdl.ModelExposeTo{{Global: true}}}},
			}},
			Compute: map[string]sdl.ModelCompute{"web": {
				CPU: "0.5", Memory: "512Mi", Storage: []sdl.ModelVolume{{Name: "default", Size: "1Gi"}},
			}},
			Placement:  map[string]sdl.ModelPlacement{"dc.1": {Pricing: map[string]string{"web": "100"}}},
			Deployment: []sdl.ModelDeployment{{Service: "web", Placement: "dc.1", Profile: "web", Count: 1}},
		}
	}
	_, doc, problems := sdl.Build(good())
	require.NotNil(t, doc, "%s", problems)
	require.Empty(t, problems)
	for name, c := range map[string]struct {
		spoil func(m *sdl.Model)
		path  string
	}{
		"nothing": {func(m *sdl.Model) { *m = sdl.Model{} }, "deployment"},
		"size": {func(m *sdl.Model) {
			m.Compute["web"] = sdl.ModelCompute{CPU: "1", Memory: "512mb", Storage: m.Compute["web"].Storage}
		}, "profiles.compute.web.resources.memory.size"},
		"price": {
			func(m *sdl.Model) { m.Placement["dc.1"].Pricing["web"] = "-1" },
			`profiles.placement."dc.1".pricing.web.amount`,
		},
		"twice":  {func(m *sdl.Model) { m.Deployment = append(m.Deployment, m.Deployment[0]) }, `deployment.web."dc.1"`},
		"window": {func(m *sdl.Model) { m.ReclamationMinWindow = "soon" }, "reclamation.min_window"},
		"credentials": {func(m *sdl.Model) {
			s := m.Services["web"]
			s.Credentials = &sdl.ModelCredentials{Username: "hunter2", Password: "hunter2"}
			m.Services["web"] = s
		}, "services.web.credentials.host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := good()
			c.spoil(&m)
			text, doc, problems := sdl.Build(m)
			require.Nil(t, text)
			require.Nil(t, doc)
			require.Equal(t, c.path, problems.Errors()[0].Path)
			require.NotContains(t, problems.String(), "hunter2")
		})
	}
}

func TestSplitPath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sdl.Step {
			if rapid.Bool().Draw(t, "index") {
				return sdl.Step{Index: rapid.IntRange(0, 99).Draw(t, "i"), IsIndex: true}
			}
			return sdl.Step{Key: rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z.\[\]" -]*`)).Draw(t, "key")}
		}), 1, 5).Draw(t, "steps")
		steps = append([]sdl.Step{{Key: "services"}}, steps...)
		require.Equal(t, steps, sdl.SplitPath(sdl.PathOf(steps)))
	})
	for _, broken := range []string{"[", "[x]", `"`, "a[", "a]b", `a."`} {
		sdl.SplitPath(broken)
	}
	require.Empty(t, sdl.SplitPath(""))
}
