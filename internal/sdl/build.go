// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Model is an SDL as values in place of text, for programs that write one. Its
// zero value deploys nothing, which [Build] refuses. Names are those of the SDL;
// texts of sizes and CPU units are as in an SDL. Prices are in uact.
type Model struct {
	// Services are container images and how to run them, by name.
	Services map[string]ModelService
	// Compute holds the compute profiles: what one replica gets, by name.
	Compute map[string]ModelCompute
	// Placement holds the placement profiles: what an Akash provider must be and may ask, by name.
	Placement map[string]ModelPlacement
	// Deployment says which service runs where, with which compute profile, how many times.
	Deployment []ModelDeployment
	// ReclamationMinWindow is the notice wanted before an Akash provider takes a
	// lease back, a duration such as "24h"; empty for none.
	ReclamationMinWindow string
}

// ModelService is an entry of services. Nil lists are left out, empty ones are written.
type ModelService struct {
	Image         string
	Command, Args []string
	// Env maps names to values.
	Env    map[string]string
	Expose []ModelExpose
	// Mounts maps volumes of the compute profile to where they appear.
	Mounts map[string]ModelMount
	// PermissionsRead is what the service may read of its own lease; nil for none.
	PermissionsRead []string
	// TEE is the kind of confidential computing, "cpu" or "cpu-gpu"; empty for none.
	TEE string
	// Credentials log in to the registry of a private image; nil for none.
	Credentials *ModelCredentials
}

// ModelExpose is one port. As is 0 for the same number outside; Proto is empty for TCP.
type ModelExpose struct {
	Port, As    uint32
	Proto       string
	Accept      []string
	To          []ModelExposeTo
	HTTPOptions *ModelHTTPOptions
}

// ModelExposeTo is one party that may reach a port. IP names a leased IP; its
// entry in the endpoints of the SDL is written by [Build].
type ModelExposeTo struct {
	Service string
	Global  bool
	IP      string
}

// ModelHTTPOptions are told to the ingress; 0 and nil mean the network's
// defaults. Sizes are bytes, timeouts milliseconds.
type ModelHTTPOptions struct {
	MaxBodySize, ProxyBufferSize uint32
	ReadTimeout, SendTimeout     uint32
	NextTries, NextTimeout       uint32
	NextCases                    []string
}

// ModelMount says where a volume appears in the container.
type ModelMount struct {
	Mount    string
	ReadOnly bool
}

// ModelCredentials are secrets: no message holds their values.
type ModelCredentials struct {
	Host, Email, Username, Password string
}

// ModelCompute is what one replica gets. CPU and sizes are texts as in an SDL: "500m" or "0.5", "512Mi".
type ModelCompute struct {
	CPU, Arch string
	Memory    string
	Storage   []ModelVolume
	GPU       *ModelGPU
}

// ModelVolume is one volume. Class needs Persistent, but for the class "ram".
type ModelVolume struct {
	Name, Size, Class string
	Persistent        bool
}

// ModelGPU asks for GPUs of NVIDIA; no models means any.
type ModelGPU struct {
	Units  uint64
	Models []ModelGPUModel
}

// ModelGPUModel is one acceptable model; RAM ("80Gi") and Interface ("pcie", "sxm") may be empty for any.
type ModelGPUModel struct {
	Model, RAM, Interface string
}

// ModelPlacement is what an Akash provider must be. Pricing maps compute
// profiles to the most that one replica may cost, in uact per block.
type ModelPlacement struct {
	Attributes                   map[string]string
	SignedByAllOf, SignedByAnyOf []string
	Pricing                      map[string]string
}

// ModelDeployment runs Count replicas of a service in a placement.
type ModelDeployment struct {
	Service, Placement, Profile string
	Count                       uint32
}

// Build writes the SDL of a model, version 2.1, and reads it back. Equal models
// give equal bytes. Text and document are nil exactly when a problem is an
// error; positions are those in the text, paths those of an SDL (see [SplitPath]).
func Build(m Model) ([]byte, *Document, Problems) {
	doc, problems := m.sdl()
	if len(problems) > 0 {
		return nil, nil, problems
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return nil, nil, Problems{{Message: "the model cannot be written: " + err.Error(), Remedy: "use plain text"}}
	}
	parsed, problems := Parse(out.Bytes())
	if parsed == nil {
		return nil, nil, problems
	}
	return out.Bytes(), parsed, problems
}

func (m Model) sdl() (sdlText, Problems) {
	doc := sdlText{
		Version:    "2.1",
		Services:   make(map[string]sdlService),
		Profiles:   sdlProfiles{Compute: make(map[string]sdlCompute), Placement: make(map[string]sdlPlacement)},
		Deployment: make(map[string]map[string]sdlDeployment),
		Endpoints:  make(map[string]sdlEndpoint),
	}
	for name, s := range m.Services {
		doc.Services[name] = s.sdl()
		for _, e := range s.Expose {
			for _, to := range e.To {
				if to.IP != "" {
					doc.Endpoints[to.IP] = sdlEndpoint{Kind: endpointKindIP}
				}
			}
		}
	}
	for name, c := range m.Compute {
		doc.Profiles.Compute[name] = c.sdl()
	}
	for name, p := range m.Placement {
		doc.Profiles.Placement[name] = p.sdl()
	}
	var problems Problems
	for _, d := range m.Deployment {
		if doc.Deployment[d.Service] == nil {
			doc.Deployment[d.Service] = make(map[string]sdlDeployment)
		}
		if _, twice := doc.Deployment[d.Service][d.Placement]; twice {
			section := &site{parent: &site{index: isKey}, key: "deployment", index: isKey}
			at := (&site{parent: section, key: d.Service, index: isKey}).missing(d.Placement)
			problems = append(problems, Problem{
				Path:    at.path(),
				Message: fmt.Sprintf("service %q is deployed to placement %q twice", clip(d.Service), clip(d.Placement)),
				Remedy:  "keep one of the two and raise its count",
			})
		}
		doc.Deployment[d.Service][d.Placement] = sdlDeployment{Profile: quoted(d.Profile), Count: d.Count}
	}
	if m.ReclamationMinWindow != "" {
		doc.Reclamation = &sdlReclamation{MinWindow: quoted(m.ReclamationMinWindow)}
	}
	return doc, problems
}

func (s ModelService) sdl() sdlService {
	out := sdlService{Image: quoted(s.Image), Command: optionalList(s.Command), Args: optionalList(s.Args)}
	if s.Env != nil {
		env := make([]string, 0, len(s.Env))
		for _, name := range sortedKeys(s.Env) {
			env = append(env, name+"="+s.Env[name])
		}
		out.Env = optionalList(env)
	}
	for _, e := range s.Expose {
		out.Expose = append(out.Expose, e.sdl())
	}
	if len(s.Mounts) > 0 || s.PermissionsRead != nil || s.TEE != "" {
		out.Params = &sdlParams{Storage: make(map[string]sdlMount), TEE: quoted(s.TEE)}
		for name, m := range s.Mounts {
			out.Params.Storage[name] = sdlMount{Mount: quoted(m.Mount), ReadOnly: m.ReadOnly}
		}
		if s.PermissionsRead != nil {
			out.Params.Permissions = &sdlPermissions{Read: quotedList(s.PermissionsRead)}
		}
	}
	if c := s.Credentials; c != nil {
		out.Credentials = &sdlCredentials{
			Host: quoted(c.Host), Email: quoted(c.Email), Username: quoted(c.Username), Password: quoted(c.Password),
		}
	}
	return out
}

func (e ModelExpose) sdl() sdlExpose {
	out := sdlExpose{Port: e.Port, As: e.As, Proto: e.Proto, Accept: optionalList(e.Accept)}
	for _, to := range e.To {
		out.To = append(out.To, sdlExposeTo{Service: quoted(to.Service), Global: to.Global, IP: quoted(to.IP)})
	}
	if o := e.HTTPOptions; o != nil {
		out.HTTPOptions = &sdlHTTPOptions{
			MaxBodySize: o.MaxBodySize, ProxyBufferSize: o.ProxyBufferSize, ReadTimeout: o.ReadTimeout,
			SendTimeout: o.SendTimeout, NextTries: o.NextTries, NextTimeout: o.NextTimeout, NextCases: quotedList(o.NextCases),
		}
	}
	return out
}

func (c ModelCompute) sdl() sdlCompute {
	out := sdlResources{CPU: sdlCPU{Units: c.CPU}, Memory: sdlMemory{Size: c.Memory}, Storage: make([]sdlVolume, 0)}
	if c.Arch != "" {
		out.CPU.Attributes = map[string]quoted{"arch": quoted(c.Arch)}
	}
	for _, v := range c.Storage {
		volume := sdlVolume{Name: quoted(v.Name), Size: v.Size}
		if v.Persistent || v.Class != "" {
			volume.Attributes = map[string]quoted{keyPersistent: "false"}
			if v.Persistent {
				volume.Attributes[keyPersistent] = "true"
			}
			if v.Class != "" {
				volume.Attributes[keyClass] = quoted(v.Class)
			}
		}
		out.Storage = append(out.Storage, volume)
	}
	if c.GPU != nil {
		out.GPU = &sdlGPU{Units: c.GPU.Units}
		for _, m := range c.GPU.Models {
			out.GPU.Attributes.Vendor.Nvidia = append(out.GPU.Attributes.Vendor.Nvidia,
				sdlGPUModel{Model: quoted(m.Model), RAM: m.RAM, Interface: m.Interface})
		}
	}
	return sdlCompute{Resources: out}
}

func (p ModelPlacement) sdl() sdlPlacement {
	out := sdlPlacement{Pricing: make(map[string]sdlPrice, len(p.Pricing))}
	if len(p.Attributes) > 0 {
		out.Attributes = make(map[string]quoted, len(p.Attributes))
		for key, value := range p.Attributes {
			out.Attributes[key] = quoted(value)
		}
	}
	if len(p.SignedByAllOf)+len(p.SignedByAnyOf) > 0 {
		out.SignedBy = &sdlSignedBy{AllOf: quotedList(p.SignedByAllOf), AnyOf: quotedList(p.SignedByAnyOf)}
	}
	for profile, amount := range p.Pricing {
		out.Pricing[profile] = sdlPrice{Denom: coin.UACT, Amount: amount}
	}
	return out
}
