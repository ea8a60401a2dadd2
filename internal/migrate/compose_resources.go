// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"math"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"
)

func (c *composer) deploy(s *service, in types.ServiceConfig, path string) {
	d := in.Deploy
	if d.Replicas != nil {
		c.replicas(s, *d.Replicas, at(path, "replicas"))
	}
	if d.Mode != "" {
		if d.Mode == "replicated" {
			c.report.add(Mapped, at(path, "mode"), "a number of replicas", "")
		} else {
			c.report.add(Blocker, at(path, "mode"), "replicas are a number, and the cluster is not yours",
				"say how many replicas there should be")
		}
	}
	for key, said := range map[string]bool{
		"labels": len(d.Labels) > 0, "placement": true, "update_config": d.UpdateConfig != nil,
		"rollback_config": d.RollbackConfig != nil, "restart_policy": d.RestartPolicy != nil,
		"endpoint_mode": d.EndpointMode != "",
	} {
		if said && under(c.root, at(path, key)) != nil {
			v := deployVerdicts[key]
			c.report.add(v.Severity, at(path, key), v.Reason, v.Remedy)
		}
	}
	c.resource(s, d.Resources.Limits, path+".resources.limits", true)
	c.resource(s, d.Resources.Reservations, path+".resources.reservations", false)
}

var deployVerdicts = map[string]verdict{
	"labels":          labels,
	"placement":       {Dropped, "the cluster is not yours", "choose Akash providers with bid_policy of akash_lease"},
	"update_config":   {Dropped, "an update replaces all containers of a service", ""},
	"rollback_config": {Dropped, "nothing is rolled back by itself", "apply the configuration of before"},
	"restart_policy":  {Dropped, "containers are always restarted", ""},
	"endpoint_mode":   {Dropped, "the cluster spreads requests over replicas", ""},
}

// resource takes limits for what is rented, since nobody gets more; reservations count where there is no limit.
func (c *composer) resource(s *service, r *types.Resource, path string, limit bool) {
	if r == nil {
		return
	}
	if r.NanoCPUs > 0 {
		if limit || s.cpuMillis == 0 {
			s.cpuMillis = millis(float32(r.NanoCPUs))
			c.report.add(Mapped, at(path, "cpus"), "CPU", "")
		} else {
			c.report.add(Dropped, at(path, "cpus"), "the limit is rented as a whole", "")
		}
	}
	if r.MemoryBytes > 0 {
		if limit || s.memoryBytes == 0 {
			s.memoryBytes = uint64(r.MemoryBytes)
			c.report.add(Mapped, at(path, "memory"), "memory", "")
		} else {
			c.report.add(Dropped, at(path, "memory"), "the limit is rented as a whole", "")
		}
	}
	if r.Pids != 0 {
		c.report.add(Dropped, at(path, "pids"), tunedReason, "")
	}
	if len(r.GenericResources) > 0 {
		c.report.add(Blocker, at(path, "generic_resources"), "Akash knows CPU, memory, storage and GPUs", "")
	}
	for i, device := range r.Devices {
		c.device(s, device, item(at(path, "devices"), i))
	}
}

func (c *composer) gpuKey(s *service, in types.ServiceConfig, path string) {
	for i, device := range in.Gpus {
		c.device(s, device, item(path, i))
	}
	if len(in.Gpus) > 0 {
		c.report.add(Mapped, path, "GPUs", "")
	}
}

// device reads a request for GPUs.
func (c *composer) device(s *service, d types.DeviceRequest, path string) {
	gpu := d.Driver == "nvidia" || d.Driver == "" && (len(d.Capabilities) == 0 || slices.Contains(d.Capabilities, "gpu"))
	if len(d.Options) > 0 {
		c.report.add(Dropped, at(path, "options"), "GPUs have no options", "")
	}
	switch {
	case !gpu:
		c.report.add(Blocker, path, "Akash providers give no devices but GPUs of NVIDIA", "")
	case len(d.IDs) > 0:
		s.gpus += uint64(len(d.IDs))
		c.report.add(Changed, path, fmt.Sprintf("%d GPUs, whichever they are", len(d.IDs)), "")
	case d.Count > 0:
		s.gpus += uint64(d.Count)
		c.report.add(Mapped, path, "GPUs", "")
	default:
		s.gpus++
		c.report.add(Changed, path, "all GPUs of the machine become one", "say how many with count")
	}
}

func (c *composer) scale(s *service, in types.ServiceConfig, path string) {
	if in.Scale != nil {
		c.replicas(s, *in.Scale, path)
	}
}

func (c *composer) replicas(s *service, n int, path string) {
	if n <= 0 {
		s.left = true
		c.report.add(Mapped, path, "with no replicas the service is left out", "")
		return
	}
	s.count = uint32(min(n, math.MaxUint32))
	if n > MaxReplicas {
		c.report.add(Blocker, path, fmt.Sprintf("Akash providers take at most %d replicas of a service", MaxReplicas),
			"spread them over several services or deployments")
		return
	}
	c.report.add(Mapped, path, "replicas", "")
}

func (c *composer) cpus(s *service, in types.ServiceConfig, path string) {
	if in.CPUS > 0 && s.cpuMillis == 0 {
		s.cpuMillis = millis(in.CPUS)
	}
	c.report.add(Mapped, path, "CPU", "")
}

func (c *composer) memory(s *service, in types.ServiceConfig, path string) {
	if in.MemLimit > 0 && s.memoryBytes == 0 {
		s.memoryBytes = uint64(in.MemLimit)
	}
	c.report.add(Mapped, path, "memory", "")
}

// millis is a number of CPUs in thousandths, at least one: compose-go has it as a float already.
func millis(cpus float32) uint64 {
	return max(1, uint64(math.Round(float64(cpus)*1000)))
}
