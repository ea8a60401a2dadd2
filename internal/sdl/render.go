// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// ErrNotRenderable is wrapped by the error of [Render] when no SDL gives the groups and the manifest.
var ErrNotRenderable = errors.New("no SDL gives these groups and this manifest")

// Render writes an SDL whose [Parse] gives exactly these groups and this
// manifest, in 2.0 if that can, else in 2.1. The manifest is JSON with keys in
// any order; resource endpoints that are null, as a gateway hands them back,
// are put in again from the exposes. Group specs do not hold a reclamation
// window, so the SDL has none. The error wraps [ErrNotRenderable]; it holds no
// values of the manifest.
func Render(groups []deploymentv1beta4.GroupSpec, manifestJSON []byte) ([]byte, error) {
	manifest, err := readManifest(manifestJSON)
	if err != nil {
		return nil, err
	}
	wantManifest, err := canonical(manifest)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRenderable, err)
	}
	wantGroups, err := canonicalGroups(groups)
	if err != nil {
		return nil, err
	}
	why := errors.New("the two do not fit together")
	for _, v := range []version{{text: "2.0"}, {text: "2.1", merges: true}} {
		for _, counted := range []bool{false, true} {
			text, err := renderAs(v, counted, groups, manifest)
			if err != nil {
				why = err
				continue
			}
			d, _ := Parse(text)
			if d == nil || !bytes.Equal(d.canonical, wantManifest) {
				continue
			}
			if got, err := canonicalGroups(d.groups); err == nil && slices.Equal(got, wantGroups) {
				return text, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: %w", ErrNotRenderable, why)
}

// readManifest reads a manifest and puts lost endpoints in again.
func readManifest(text []byte) ([]manifestGroup, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var manifest []manifestGroup
	if err := decoder.Decode(&manifest); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return nil, fmt.Errorf("%w: the manifest holds a %s at %s", ErrNotRenderable, kind.Value, kind.Field)
		}
		return nil, fmt.Errorf("%w: the manifest cannot be read", ErrNotRenderable)
	}
	for _, g := range manifest {
		for i := range g.Services {
			s := &g.Services[i]
			if s.Resources.Endpoints == nil {
				s.Resources.Endpoints = manifestEndpoints(s.Expose)
			}
		}
	}
	return manifest, nil
}

func canonicalGroups(groups []deploymentv1beta4.GroupSpec) ([]string, error) {
	out := make([]string, len(groups))
	for i, g := range groups {
		text, err := GroupJSON(g)
		if err != nil {
			return nil, err
		}
		out[i] = string(text)
	}
	return out, nil
}

// The SDL as it is written, in the order of its keys.

type sdlText struct {
	Version    quoted                              `yaml:"version"`
	Services   map[string]sdlService               `yaml:"services"`
	Profiles   sdlProfiles                         `yaml:"profiles"`
	Deployment map[string]map[string]sdlDeployment `yaml:"deployment"`
	Endpoints  map[string]sdlEndpoint              `yaml:"endpoints,omitempty"`
	// Reclamation is never rendered from groups, which do not hold it.
	Reclamation *sdlReclamation `yaml:"reclamation,omitempty"`
}

type sdlReclamation struct {
	MinWindow quoted `yaml:"min_window"`
}

type sdlProfiles struct {
	Compute   map[string]sdlCompute   `yaml:"compute"`
	Placement map[string]sdlPlacement `yaml:"placement"`
}

type sdlDeployment struct {
	Profile quoted `yaml:"profile"`
	Count   uint32 `yaml:"count"`
}

type sdlEndpoint struct {
	Kind string `yaml:"kind"`
}

// renderAs writes the SDL under one version. counted writes ports without a
// target as "to: [{global: false}]", which gives leased IPs other sequence numbers.
func renderAs(v version, counted bool, groups []deploymentv1beta4.GroupSpec, manifest []manifestGroup) ([]byte, error) {
	doc := sdlText{
		Version:    quoted(v.text),
		Services:   make(map[string]sdlService),
		Profiles:   sdlProfiles{Compute: make(map[string]sdlCompute), Placement: make(map[string]sdlPlacement)},
		Deployment: make(map[string]map[string]sdlDeployment),
		Endpoints:  make(map[string]sdlEndpoint),
	}
	taken := make(bindings)
	specs := make(map[string]deploymentv1beta4.GroupSpec, len(groups))
	for _, g := range groups {
		specs[g.Name] = g
	}
	for _, g := range manifest {
		spec, ok := specs[g.Name]
		if !ok {
			return nil, errors.New("the manifest has a group that is not on chain")
		}
		if err := doc.addGroup(spec, g, counted, taken); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// addGroup adds a placement with its services, their deployment and their compute profiles.
func (t *sdlText) addGroup(spec deploymentv1beta4.GroupSpec, g manifestGroup, counted bool, taken bindings) error {
	placement := renderPlacement(spec, g)
	profiles := make(map[uint32]string) // resource unit to compute profile
	for _, s := range g.Services {
		i := slices.IndexFunc(spec.Resources,
			func(u deploymentv1beta4.ResourceUnit) bool { return u.Resource.ID == s.Resources.ID })
		if i < 0 {
			return errors.New("a service uses a resource unit that is not on chain")
		}
		profile, ok := profiles[s.Resources.ID]
		if !ok {
			compute, err := renderCompute(s.Resources)
			if err != nil {
				return err
			}
			profile = t.addCompute(s.Name, compute, placement)
			profiles[s.Resources.ID] = profile
			placement.Pricing[profile] = renderPrice(spec.Resources[i].Price)
		}
		t.Services[s.Name] = renderService(s, counted, taken)
		for _, e := range s.Expose {
			if e.IP != "" {
				t.Endpoints[e.IP] = sdlEndpoint{Kind: endpointKindIP}
			}
		}
		if t.Deployment[s.Name] == nil {
			t.Deployment[s.Name] = make(map[string]sdlDeployment)
		}
		t.Deployment[s.Name][g.Name] = sdlDeployment{Profile: quoted(profile), Count: s.Count}
	}
	t.Profiles.Placement[g.Name] = placement
	return nil
}

// addCompute adds a compute profile under the name of its first service, with
// a number behind it when that name is taken by another profile.
func (t *sdlText) addCompute(name string, c sdlCompute, placement sdlPlacement) string {
	for n := 1; ; n++ {
		candidate := name
		if n > 1 {
			candidate = fmt.Sprintf("%s-%d", name, n)
		}
		existing, taken := t.Profiles.Compute[candidate]
		_, priced := placement.Pricing[candidate]
		if !taken || existing.equal(c) && !priced {
			t.Profiles.Compute[candidate] = c
			return candidate
		}
	}
}
