// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// MaxReplicas of one service are what Akash providers take, though the chain takes more.
const MaxReplicas = sdl.MaxReplicas

// ownDisk is the name of the volume that every container has.
const ownDisk = "default"

// draft collects what a reader of another format found, service by service, until it becomes an SDL.
type draft struct {
	options  Options
	report   Report
	services []*service
	secrets  map[string][]string
}

// service is a container in the words of an SDL, as far as they are known.
type service struct {
	// from is its name in the input, name the one of the SDL, path where the input has it.
	from, name, path string
	// left marks a service that is left out of the SDL.
	left bool

	image         string
	command, args []string
	env           map[string]string
	ports         []port
	volumes       []volume
	credentials   *sdl.ModelCredentials
	// cpuMillis and the others are 0 for what the input does not say.
	cpuMillis, memoryBytes, ephemeralBytes uint64
	gpus                                   uint64
	count                                  uint32
	// rename are names of hosts, and what to say in place of each.
	rename [][2]string
}

// port is one port of a container.
type port struct {
	number uint32
	udp    bool
	// public is reachable from anywhere; outside is the number there, 0 for any.
	public  bool
	outside uint32
	path    string
}

// volume is storage beyond a container's own. Size is a text as in an SDL.
type volume struct {
	name, mount, size, class string
	persistent, readOnly     bool
}

// serviceName is what the network takes as the name of a service.
var serviceName = regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)

// newService begins a service with a name that the network takes and no other service has.
func (d *draft) newService(from, path string) *service {
	name := validName(from)
	for n := 2; slices.ContainsFunc(d.services, func(s *service) bool { return s.name == name }); n++ {
		name = fmt.Sprintf("%s-%d", validName(from), n)
	}
	if name != from {
		d.report.missing(Changed, path, fmt.Sprintf("the service is named %s, since names are of lower-case letters, "+
			"digits and hyphens, and begin with a letter", name), "")
	}
	s := &service{from: from, name: name, path: path, env: map[string]string{}, count: 1}
	d.services = append(d.services, s)
	return s
}

// validName is the nearest name of a service that the network takes.
func validName(name string) string {
	if serviceName.MatchString(name) {
		return name
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '-'
		}
	}, name)
	name = strings.TrimLeft(name, "-0123456789")
	name = strings.TrimRight(name, "-")
	if name == "" {
		return "service"
	}
	return name
}

// running are the services that are not left out.
func (d *draft) running() []*service {
	return slices.DeleteFunc(slices.Clone(d.services), func(s *service) bool { return s.left })
}

// finish completes the report for the input, accepts the losses and writes the SDL, unless blockers are left.
func (d *draft) finish(input any) (Conversion, error) {
	d.sizes()
	d.webPorts()
	if len(d.running()) == 0 {
		d.report.impossible("services", "no service is left to run", "give what is missing, see the other findings")
	}
	d.report.complete(input)
	if err := d.report.accept(d.options.AcceptLosses); err != nil {
		return Conversion{}, err
	}
	for _, s := range d.services {
		if s.left {
			delete(d.secrets, s.name)
		}
	}
	done := Conversion{Report: d.report, SecretVariables: d.secrets}
	if d.report.blocked() {
		return done, nil
	}
	text, _, problems := sdl.Build(d.model())
	if text == nil {
		// What the SDL refuses is about values, which the readers pass on as they are.
		for _, p := range problems {
			if p.Severity == sdl.Error {
				done.Report.impossible("services", "the SDL would not be valid: "+p.Path+": "+p.Message, p.Remedy)
			}
		}
		return done, nil
	}
	done.SDL = text
	return done, nil
}

// sizes fills in what the input does not say about resources.
func (d *draft) sizes() {
	for _, s := range d.running() {
		if s.cpuMillis == 0 {
			d.report.missing(Changed, s.path, "no limit of CPU is given, and Akash rents out a fixed amount: "+
				orDefault(d.options.CPU, DefaultCPU), "say how much with the option cpu, or in the input")
		}
		if s.memoryBytes == 0 {
			d.report.missing(Changed, s.path, "no limit of memory is given, and Akash rents out a fixed amount: "+
				orDefault(d.options.Memory, DefaultMemory), "say how much with the option memory, or in the input")
		}
		if s.gpus > 0 && len(d.options.GPUs) == 0 {
			d.report.missing(Changed, s.path, "no model of GPU is given, so any of NVIDIA will do, the slowest too",
				"name models with the option gpus, or a profile of akash_gpu_profile")
		}
	}
}

// model is the draft as an SDL. Everything in it is decided.
func (d *draft) model() sdl.Model {
	const placement = "dcloud"
	m := sdl.Model{
		Services: map[string]sdl.ModelService{}, Compute: map[string]sdl.ModelCompute{},
		Placement: map[string]sdl.ModelPlacement{placement: {Pricing: map[string]string{}}},
	}
	for _, s := range d.running() {
		m.Services[s.name] = d.modelService(s)
		m.Compute[s.name] = d.modelCompute(s)
		price := DefaultMaxPriceUact
		if s.gpus > 0 {
			price = DefaultMaxPriceUactPerGPU * s.gpus
		}
		m.Placement[placement].Pricing[s.name] = orDefault(d.options.MaxPriceUactPerBlock, fmt.Sprint(price))
		m.Deployment = append(m.Deployment,
			sdl.ModelDeployment{Service: s.name, Placement: placement, Profile: s.name, Count: s.count})
	}
	return m
}

func (d *draft) modelService(s *service) sdl.ModelService {
	out := sdl.ModelService{
		Image: s.image, Command: s.command, Args: s.args, Credentials: s.credentials, Expose: d.expose(s),
	}
	if len(s.env) > 0 {
		out.Env = maps.Clone(s.env)
	}
	for _, v := range s.volumes {
		if out.Mounts == nil {
			out.Mounts = map[string]sdl.ModelMount{}
		}
		out.Mounts[v.name] = sdl.ModelMount{Mount: v.mount, ReadOnly: v.readOnly}
	}
	return out
}

func (d *draft) modelCompute(s *service) sdl.ModelCompute {
	c := sdl.ModelCompute{
		CPU: orDefault(d.options.CPU, DefaultCPU), Memory: orDefault(d.options.Memory, DefaultMemory),
		Storage: []sdl.ModelVolume{{Name: ownDisk, Size: orDefault(d.options.EphemeralStorage, DefaultEphemeralStorage)}},
	}
	if s.cpuMillis > 0 {
		c.CPU = cpuText(s.cpuMillis)
	}
	if s.memoryBytes > 0 {
		c.Memory = sizeText(s.memoryBytes)
	}
	if s.ephemeralBytes > 0 {
		c.Storage[0].Size = sizeText(s.ephemeralBytes)
	}
	for _, v := range s.volumes {
		c.Storage = append(c.Storage, sdl.ModelVolume{Name: v.name, Size: v.size, Class: v.class, Persistent: v.persistent})
	}
	if s.gpus > 0 {
		c.GPU = &sdl.ModelGPU{Units: s.gpus, Models: d.options.GPUs}
	}
	return c
}

// cpuText is an amount of CPU as in an SDL: "2" or "250m".
func cpuText(millis uint64) string {
	if millis%1000 == 0 {
		return fmt.Sprint(millis / 1000)
	}
	return fmt.Sprintf("%dm", millis)
}

// sizeText is an amount of bytes as in an SDL, in the largest unit that divides it: "512Mi".
func sizeText(bytes uint64) string {
	for _, unit := range []struct {
		name  string
		bytes uint64
	}{{"Ti", 1 << 40}, {"Gi", 1 << 30}, {"Mi", 1 << 20}, {"Ki", 1 << 10}} {
		if bytes >= unit.bytes && bytes%unit.bytes == 0 {
			return fmt.Sprintf("%d%s", bytes/unit.bytes, unit.name)
		}
	}
	return fmt.Sprint(bytes)
}
