// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// ErrInvalid is the class of every fault that a manifest has on its own.
var ErrInvalid = errors.New("invalid manifest")

var (
	serviceName = regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)
	envName     = regexp.MustCompile(`^[-._a-zA-Z][-._a-zA-Z0-9]*$`)
	hostName    = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
)

const (
	maxHostLength = 255
	maxPort       = 65535
)

// Validate judges the manifest without looking at the chain. It stops at the first fault, as the network
// does; the error wraps [ErrInvalid] and starts with its text. It never quotes a value that may be secret.
func (m Manifest) Validate() error {
	if len(m) == 0 {
		return invalid("manifest is empty")
	}
	v := validation{hosts: map[string]bool{}}
	names := map[string]bool{}
	for _, g := range m {
		if err := v.group(g); err != nil {
			return err
		}
		if names[g.Name] {
			return invalid("duplicate group %q", g.Name)
		}
		names[g.Name] = true
	}
	if v.globals == 0 {
		return invalid("zero global services")
	}
	return nil
}

// validation carries what must be unique, or counted, over the whole manifest.
type validation struct {
	hosts   map[string]bool
	globals int
}

func (v *validation) group(g Group) error {
	if g.Name == "" {
		return invalid("group has no name")
	}
	if len(g.Services) == 0 {
		return invalid("group %q contains no services", g.Name)
	}
	names := map[string]bool{}
	for i, s := range g.Services {
		if i > 0 && g.Services[i-1].Name > s.Name {
			return invalid("group %q services is not sorted", g.Name)
		}
		if names[s.Name] {
			return invalid("duplicate service %q in group %q", s.Name, g.Name)
		}
		names[s.Name] = true
		if err := v.service(s); err != nil {
			return err
		}
	}
	return nil
}

func (v *validation) service(s Service) error {
	switch {
	case s.Name == "":
		return invalid("service name is empty")
	case !serviceName.MatchString(s.Name):
		return invalid("service %q name is invalid", s.Name)
	case s.Image == "":
		return invalid("service %q has empty image name", s.Name)
	}
	if missing := s.Resources.missing(); missing != "" {
		return invalid("service %q has no %s resource", s.Name, missing)
	}
	for i, env := range s.Env {
		name, _, _ := strings.Cut(env, "=")
		if name == "" {
			return invalid("service %q defines an env. var. with an empty name", s.Name)
		}
		if !validEnvName(name) {
			// The position, not the text: an entry without "=" may be a pasted secret.
			return invalid("service %q defines an env. var. with an invalid name at index %d", s.Name, i)
		}
	}
	if !sort.SliceIsSorted(s.Expose, func(i, j int) bool { return exposeLess(s.Expose[i], s.Expose[j]) }) {
		return invalid("service %q exposes are not sorted", s.Name)
	}
	for _, e := range s.Expose {
		if err := v.expose(s.Name, e); err != nil {
			return err
		}
	}
	return nil
}

func (v *validation) expose(service string, e Expose) error {
	if e.Port == 0 || e.Port > maxPort {
		return invalid("service %q port value %d is out of range", service, e.Port)
	}
	// The network does not bound the external port: 70000 passes here.
	if e.Proto != "TCP" && e.Proto != "UDP" {
		return invalid("service %q protocol %q unknown", service, e.Proto)
	}
	if e.Global {
		v.globals++
	}
	for _, host := range e.Hosts {
		if len(host) > maxHostLength || !hostName.MatchString(host) {
			return invalid("service %q hostname %q is invalid", service, host)
		}
		if v.hosts[host] {
			return invalid("hostname %q is duplicated, this is not allowed", host)
		}
		v.hosts[host] = true
	}
	return nil
}

// missing names the first resource that is not there; "" when all are.
func (r Resources) missing() string {
	switch {
	case r.CPU == nil || r.CPU.Units.Val.IsNil():
		return "cpu"
	case r.Memory == nil || r.Memory.Size.Val.IsNil():
		return "memory"
	case r.GPU == nil || r.GPU.Units.Val.IsNil():
		return "gpu"
	case len(r.Storage) == 0:
		return "storage"
	}
	for _, vol := range r.Storage {
		if vol.Size.Val.IsNil() {
			return "storage"
		}
	}
	return ""
}

func validEnvName(name string) bool {
	return name != "." && !strings.HasPrefix(name, "..") && envName.MatchString(name)
}

// exposeLess is the order in which exposes must stand: service, port, protocol, global first.
func exposeLess(a, b Expose) bool {
	if a.Service != b.Service {
		return a.Service < b.Service
	}
	if a.Port != b.Port {
		return a.Port < b.Port
	}
	if a.Proto != b.Proto {
		return a.Proto < b.Proto
	}
	return a.Global && !b.Global
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}
