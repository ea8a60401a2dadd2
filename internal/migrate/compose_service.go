// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// begin notes a service that will run; what it says is read when all of them are known.
func (c *composer) begin(name string) {
	path := at("services", name)
	if _, disabled := c.project.DisabledServices[name]; disabled {
		c.report.add(Dropped, path, "its profile is not enabled", "name its profile in the option profiles to have it")
		return
	}
	c.newService(name, path)
}

// fill reads a service, key by key.
func (c *composer) fill(s *service) {
	in, readers := c.project.Services[s.from], composeReaders()
	for _, key := range c.keys[s.from] {
		path := at(s.path, key)
		if read, ok := readers[key]; ok {
			read(c, s, in, path)
			continue
		}
		if verdict, ok := composeVerdicts[key]; ok {
			c.report.add(verdict.Severity, path, verdict.Reason, verdict.Remedy)
		}
		if strings.HasPrefix(key, "x-") {
			c.extension(path)
		}
	}
	if _, taken := c.taken[at(s.path, "extends")]; !taken && under(c.root, at(s.path, "extends")) != nil {
		c.report.add(Mapped, at(s.path, "extends"), "what it takes over is in the SDL", "")
	}
	c.envFiles(s)
	c.image(s, in)
	c.variablesOf(s, in)
}

func (c *composer) extension(path string) {
	c.report.add(Mapped, path, "an extension says nothing but through the anchors in it", "")
}

// composeReader reads a key of a service that needs more than a word.
type composeReader func(c *composer, s *service, in types.ServiceConfig, path string)

// composeReaders are by key. Those that do nothing are read when all keys of a service are.
func composeReaders() map[string]composeReader {
	later := func(*composer, *service, types.ServiceConfig, string) {}
	return map[string]composeReader{
		"image":        later,
		"build":        later,
		"environment":  later,
		"command":      (*composer).command,
		"entrypoint":   (*composer).entrypoint,
		"ports":        (*composer).ports,
		"expose":       (*composer).exposed,
		"volumes":      (*composer).volumes,
		"tmpfs":        (*composer).tmpfs,
		"shm_size":     (*composer).shm,
		"deploy":       (*composer).deploy,
		"scale":        (*composer).scale,
		"cpus":         (*composer).cpus,
		"mem_limit":    (*composer).memory,
		"gpus":         (*composer).gpuKey,
		"restart":      (*composer).restart,
		"platform":     (*composer).platform,
		"runtime":      (*composer).runtime,
		"secrets":      (*composer).secretFiles,
		"configs":      (*composer).configFiles,
		"networks":     (*composer).networks,
		"network_mode": (*composer).networkMode,
		"links":        (*composer).links,
		"profiles":     (*composer).profiles,
		"privileged":   (*composer).privileged,
		"container_name": func(c *composer, s *service, in types.ServiceConfig, path string) {
			c.alias(s, in.ContainerName, path)
		},
		"hostname": func(c *composer, s *service, in types.ServiceConfig, path string) {
			c.alias(s, in.Hostname, path)
		},
	}
}

// image decides what runs; a build needs an image that somebody pushed.
func (c *composer) image(s *service, in types.ServiceConfig) {
	path := at(s.path, "build")
	given := c.options.Images[s.from]
	if in.Image != "" {
		c.report.add(Mapped, at(s.path, "image"), "the image", "")
	}
	s.image = orDefault(given, in.Image)
	switch {
	case in.Build == nil && s.image == "":
		c.report.impossible(s.path, "it has no image", "name one in the option images")
	case in.Build == nil:
	case given != "":
		c.report.add(Changed, path, "nothing is built: "+given+" runs", "")
	case in.Image != "":
		c.report.add(Changed, path, "nothing is built: the image that it names is pulled from its registry",
			"build and push it for linux/amd64 first: docker compose build --push")
	default:
		remedy := "build it, push it, and name it in the option images: images = { " + s.from + " = \"registry/name:tag\" }"
		if c.options.accepts(path) {
			s.left, remedy = true, "the service is left out"
		}
		c.report.add(Blocker, path, "Akash builds no images, and the service names none to pull", remedy)
	}
	if s.image != "" && !s.left && floating(s.image) {
		c.report.missing(Changed, s.path, "the image's tag moves, so a restart may run another version",
			"pin it by a version, or a digest")
	}
}

// An entry point stands in for the image's and takes its arguments away, as command does in an SDL.
func (c *composer) entrypoint(s *service, in types.ServiceConfig, path string) {
	if len(in.Entrypoint) == 0 {
		c.report.add(Blocker, path, "an image's entry point cannot be taken away, only replaced",
			"write the whole command as the entry point")
		return
	}
	s.command = in.Entrypoint
	c.report.add(Mapped, path, "the command of the SDL", "")
}

func (c *composer) command(s *service, in types.ServiceConfig, path string) {
	s.args = in.Command
	c.report.add(Mapped, path, "the args of the SDL, which go to the image's entry point", "")
}

func (c *composer) restart(_ *service, in types.ServiceConfig, path string) {
	switch in.Restart {
	case "", types.RestartPolicyAlways, types.RestartPolicyUnlessStopped:
		c.report.add(Mapped, path, "containers are always restarted", "")
	default:
		c.report.add(Dropped, path, "containers are always restarted, also when they end well",
			"have a job wait at its end, or run it with the akash_exec resource in a service that stays")
	}
}

func (c *composer) platform(_ *service, in types.ServiceConfig, path string) {
	if in.Platform == "linux/amd64" || in.Platform == "linux/x86_64" {
		c.report.add(Mapped, path, "Akash providers run linux/amd64", "")
		return
	}
	c.report.add(Blocker, path, "Akash providers run linux/amd64", "use an image for it")
}

func (c *composer) runtime(s *service, in types.ServiceConfig, path string) {
	if in.Runtime == "nvidia" {
		s.gpus = max(s.gpus, 1)
		c.report.add(Changed, path, "it becomes one GPU", "ask for more with deploy.resources.reservations.devices")
		return
	}
	c.report.add(Blocker, path, "Akash providers choose the container runtime", "use an image that needs no other one")
}

func (c *composer) privileged(_ *service, in types.ServiceConfig, path string) {
	if !in.Privileged {
		c.report.add(Mapped, path, "no container is privileged", "")
		return
	}
	c.report.add(Blocker, path, "no container is privileged on Akash", kernelRemedy)
}

func (c *composer) profiles(_ *service, _ types.ServiceConfig, path string) {
	c.report.add(Mapped, path, "enabled", "")
}

// topLevel reports what stands beside the services.
func (c *composer) topLevel() {
	for _, key := range slices.Sorted(maps.Keys(c.root)) {
		switch {
		case key == "version":
			c.report.add(Mapped, key, "Compose does not read it any more", "")
		case key == "name":
			c.report.add(Dropped, key, "a deployment has a number and no name",
				"keep it as a label of akash_deployment")
		case key == "networks":
			c.report.add(Dropped, key, "all services of a deployment are in one network: others do not get in, and "+
				"nothing keeps these apart", "keep apart what must be in deployments of their own")
		case strings.HasPrefix(key, "x-"):
			c.extension(key)
		case key == "models", key == "jobs":
			c.report.add(Blocker, key, "Akash has services and nothing else", "write it as a service")
		}
	}
	c.namedVolumes()
	c.namedSecrets()
}
