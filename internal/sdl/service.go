// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"

	"gopkg.in/yaml.v3"
)

// service is an entry of services: a container image and how to run it.
type service struct {
	name        string
	at          *site
	image       text
	imageBad    bool
	command     list
	args        list
	env         list
	expose      []expose
	exposeBad   bool
	params      *params
	credentials *credentials
}

// serviceName is what the cluster of an Akash provider takes as a name.
var serviceName = regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)

func (r *reader) service(n *yaml.Node, at *site) (*service, bool) {
	s := &service{name: at.key, at: at}
	if isNull(n) {
		return s, false
	}
	known := []string{"image", "command", "args", "env", "expose", "dependencies", "params", "credentials"}
	ok := r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "image":
			var ok bool
			s.image, ok = r.text(v, at)
			s.imageBad = !ok && !isNull(v)
		case "command":
			s.command = r.list(v, at)
		case "args":
			s.args = r.list(v, at)
		case "env":
			s.env = r.env(v, at)
		case "expose":
			before := r.errors
			s.expose = r.exposes(v, at)
			s.exposeBad = r.errors > before
		case "dependencies":
			r.dependencies(v, at)
		case "params":
			s.params = r.params(v, at)
		case "credentials":
			s.credentials = r.credentials(v, at)
		default:
			return false
		}
		return true
	})
	return s, ok
}

// dependencies are read, so that a wrong type is an error, and mean nothing.
func (r *reader) dependencies(n *yaml.Node, at *site) {
	items, ok := r.sequence(n, at)
	if ok {
		r.warn(at, "remove it; let the service retry until the other answers",
			"dependencies has no effect on Akash: services start in any order")
	}
	for i, item := range items {
		if isNull(item) {
			continue
		}
		r.fields(item, at.item(i, item), []string{"service"}, func(key string, v *yaml.Node, at *site) bool {
			if key == "service" {
				r.text(v, at)
			}
			return key == "service"
		})
	}
}

// checkService finds what only matters once the service is deployed.
func (r *reader) checkService(s *service) {
	if !serviceName.MatchString(s.name) {
		r.fail(s.at, "write a-z, 0-9 and -, beginning with a letter and not ending with -",
			"%q is not a name for a service", clip(s.name))
	}
	if s.image.value == "" && !s.imageBad {
		r.fail(s.image.or(s.at, "image"), "write image: with the name of a container image, such as nginx:1.27",
			"service %q has no image", clip(s.name))
	}
	for _, e := range s.expose {
		r.checkExpose(e)
	}
	r.checkEnv(s.env)
	r.checkCredentials(s.credentials)
}
