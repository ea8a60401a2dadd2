// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// ReadModel reads an SDL back into the model it was built from, by way of what the parser read. Lists whose order
// means nothing are sorted, see [SortModel].
func ReadModel(src []byte) Model {
	r := &reader{}
	root := r.parseYAML(src)
	r.nodes = countNodes(root)
	s := r.source(root)
	m := Model{
		Services: make(map[string]ModelService), Compute: make(map[string]ModelCompute),
		Placement: make(map[string]ModelPlacement),
	}
	for name, v := range s.services {
		m.Services[name] = readModelService(v)
	}
	for name, c := range s.compute {
		m.Compute[name] = readModelCompute(c)
	}
	for name, p := range s.placement {
		placement := ModelPlacement{
			Attributes: modelAttributes(p.attributes), SignedByAllOf: p.allOf.values(), SignedByAnyOf: p.anyOf.values(),
			Pricing: make(map[string]string),
		}
		for profile, price := range p.pricing {
			placement.Pricing[profile] = coin.Trim(price.amount)
		}
		m.Placement[name] = placement
	}
	for service, d := range s.deployment {
		for placement, r := range d.placements {
			m.Deployment = append(m.Deployment, ModelDeployment{
				Service: service, Placement: placement, Profile: r.profile.value, Count: r.count.value,
			})
		}
	}
	if s.reclamation != nil {
		m.ReclamationMinWindow = s.reclamation.minWindow.value
	}
	SortModel(&m)
	return m
}

// SortModel sorts what the parser sorts: volumes, GPU models, uses.
func SortModel(m *Model) {
	slices.SortFunc(m.Deployment, func(a, b ModelDeployment) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Placement, b.Placement))
	})
	for _, c := range m.Compute {
		slices.SortFunc(c.Storage, func(a, b ModelVolume) int { return cmp.Compare(a.Name, b.Name) })
		if c.GPU != nil {
			slices.SortFunc(c.GPU.Models, func(a, b ModelGPUModel) int {
				return cmp.Compare(a.Model+"/"+a.RAM+"/"+a.Interface, b.Model+"/"+b.RAM+"/"+b.Interface)
			})
		}
	}
}

func readModelService(v *service) ModelService {
	out := ModelService{Image: v.image.value, Command: v.command.values(), Args: v.args.values()}
	if v.env.set {
		out.Env = make(map[string]string)
		for _, entry := range v.env.values() {
			name, value := splitEnv(entry)
			out.Env[name] = value
		}
	}
	for _, e := range v.expose {
		expose := ModelExpose{Port: e.port.value, As: e.as.value, Proto: e.proto.value, Accept: e.accept.values()}
		for _, to := range e.to {
			expose.To = append(expose.To, ModelExposeTo{Service: to.service.value, Global: to.global, IP: to.ip.value})
		}
		if o := e.http; o.nextTries.value > 0 {
			expose.HTTPOptions = &ModelHTTPOptions{
				MaxBodySize: o.maxBodySize.value, ProxyBufferSize: o.proxyBufferSize.value, ReadTimeout: o.readTimeout.value,
				SendTimeout: o.sendTimeout.value, NextTries: o.nextTries.value, NextTimeout: o.nextTimeout.value,
				NextCases: o.nextCases.values(),
			}
		}
		out.Expose = append(out.Expose, expose)
	}
	if v.params != nil {
		for name, m := range v.params.storage {
			if out.Mounts == nil {
				out.Mounts = make(map[string]ModelMount)
			}
			out.Mounts[name] = ModelMount{Mount: m.path.value, ReadOnly: m.readOnly}
		}
		if p := v.params.permissions; p != nil {
			out.PermissionsRead = p.read.values()
		}
		out.TEE = v.params.tee.value
	}
	if c := v.credentials; c != nil {
		out.Credentials = &ModelCredentials{
			Host: c.host.value, Email: c.email.value, Username: c.username.value, Password: c.password.value,
		}
	}
	return out
}

func readModelCompute(c *compute) ModelCompute {
	out := ModelCompute{CPU: strconv.Itoa(int(c.cpu.units)) + "m", Memory: formatBytes(c.memory.size.bytes)}
	out.Arch = modelAttributes(c.cpu.attributes)["arch"]
	for _, v := range c.storage {
		out.Storage = append(out.Storage, ModelVolume{
			Name: v.name, Size: formatBytes(v.size.bytes), Class: v.attribute(keyClass), Persistent: v.persistent(),
		})
	}
	if c.gpu != nil {
		out.GPU = &ModelGPU{Units: c.gpu.units}
		for _, a := range c.gpu.attributes {
			if m := renderGPUModel(a.key); m.Model != "*" {
				out.GPU.Models = append(out.GPU.Models, ModelGPUModel{Model: string(m.Model), RAM: m.RAM, Interface: m.Interface})
			}
		}
	}
	return out
}

func modelAttributes(attributes []attribute) map[string]string {
	var out map[string]string
	for _, a := range attributes {
		if out == nil {
			out = make(map[string]string)
		}
		out[a.key] = a.value
	}
	return out
}

// PathOf writes a key path as problems do.
func PathOf(steps []Step) string {
	at := &site{index: isKey}
	for _, s := range steps {
		if s.IsIndex {
			at = &site{parent: at, index: s.Index}
		} else {
			at = &site{parent: at, key: s.Key, index: isKey}
		}
	}
	return at.path()
}
