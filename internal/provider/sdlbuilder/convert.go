// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"math"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// number is a count or port; the schema's validators keep it in range. Null is 0.
func number(v types.Int64) uint32 {
	return uint32(min(max(v.ValueInt64(), 0), math.MaxUint32))
}

func (s serviceModel) toSDL() sdl.ModelService {
	out := sdl.ModelService{Image: s.Image, Command: s.wrapped(), Args: s.Args, Env: s.environment()}
	for _, e := range s.Expose {
		out.Expose = append(out.Expose, e.toSDL())
	}
	if p := s.Params; p != nil {
		out.TEE = p.TEE.ValueString()
		if p.Permissions != nil {
			out.PermissionsRead = p.Permissions.Read
		}
		if p.Storage != nil {
			out.Mounts = make(map[string]sdl.ModelMount)
		}
		for volume, m := range p.Storage {
			out.Mounts[volume] = sdl.ModelMount{Mount: m.Mount, ReadOnly: m.ReadOnly.ValueBool()}
		}
	}
	if c := s.Credentials; c != nil {
		out.Credentials = &sdl.ModelCredentials{
			Host: c.Host, Email: c.Email.ValueString(), Username: c.Username, Password: c.Password,
		}
	}
	return out
}

func (e exposeModel) toSDL() sdl.ModelExpose {
	out := sdl.ModelExpose{
		Port: number(types.Int64Value(e.Port)), As: number(e.As), Proto: e.Proto.ValueString(), Accept: e.Accept,
	}
	for _, to := range e.To {
		out.To = append(out.To, sdl.ModelExposeTo{
			Service: to.Service.ValueString(), Global: to.Global.ValueBool(), IP: to.IP.ValueString(),
		})
	}
	if o := e.HTTPOptions; o != nil {
		out.HTTPOptions = &sdl.ModelHTTPOptions{
			MaxBodySize: number(o.MaxBodySize), ProxyBufferSize: number(o.ProxyBufferSize),
			ReadTimeout: number(o.ReadTimeout), SendTimeout: number(o.SendTimeout),
			NextTries: number(o.NextTries), NextTimeout: number(o.NextTimeout), NextCases: o.NextCases,
		}
	}
	return out
}

func (c computeModel) toSDL() sdl.ModelCompute {
	out := sdl.ModelCompute{CPU: c.CPU, Arch: c.Arch.ValueString(), Memory: c.Memory}
	for _, v := range c.Storage {
		volume := sdl.ModelVolume{
			Name: v.Name.ValueString(), Size: v.Size, Class: storageClass(v.Class.ValueString()),
			Persistent: v.Persistent.ValueBool(),
		}
		if volume.Name == "" {
			volume.Name = "default"
		}
		out.Storage = append(out.Storage, volume)
	}
	if c.GPU != nil {
		out.GPU = &sdl.ModelGPU{Units: uint64(max(c.GPU.Units, 0))}
		for _, m := range c.GPU.Models {
			out.GPU.Models = append(out.GPU.Models, sdl.ModelGPUModel{
				Model: m.Model, RAM: m.RAM.ValueString(), Interface: m.Interface.ValueString(),
			})
		}
	}
	return out
}
