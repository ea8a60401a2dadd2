// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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

// Validate judges the manifest without looking at the chain. It stops at the first fault, in the network's
// order and words. The error wraps [ErrInvalid], but for a resource that is missing. It may quote what stands where an
// environment variable's name should be, as the network does.
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
	if len(g.Services) == 0 {
		return invalid("group %q contains no services", g.Name)
	}
	if !slices.IsSortedFunc(g.Services, func(a, b Service) int { return strings.Compare(a.Name, b.Name) }) {
		return invalid("group %q services is not sorted", g.Name)
	}
	for _, s := range g.Services {
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
	if err := s.Resources.validate(); err != nil {
		return err
	}
	for _, env := range s.Env {
		if name, _, _ := strings.Cut(env, "="); !validEnvName(name) {
			return invalid("service %q defines an env. var. with an invalid name %q", s.Name, name)
		}
	}
	if !sort.SliceIsSorted(s.Expose, func(i, j int) bool { return exposeLess(s.Expose[i], s.Expose[j]) }) {
		return invalid("service %q: expose is not sorted", s.Name)
	}
	for _, e := range s.Expose {
		if err := v.expose(e); err != nil {
			return invalid("service %q: %w", s.Name, err)
		}
	}
	return nil
}

func (v *validation) expose(e Expose) error {
	if e.Port == 0 || e.Port > maxPort {
		return fmt.Errorf("port value must be 0 < value <= %d ", maxPort)
	}
	// The network does not bound the external port: 70000 passes here.
	if e.Proto != "TCP" && e.Proto != "UDP" {
		return fmt.Errorf("protocol %q unknown", e.Proto)
	}
	if e.Global {
		v.globals++
	}
	for _, host := range e.Hosts {
		if len(host) > maxHostLength || !hostName.MatchString(host) {
			return fmt.Errorf("has invalid hostname %q", host)
		}
		if v.hosts[host] {
			return fmt.Errorf("hostname %q is duplicated, this is not allowed", host)
		}
		v.hosts[host] = true
	}
	return nil
}

// validate tells the first resource that is not there, or has no quantity.
func (r Resources) validate() error {
	switch {
	case r.ID == 0:
		return errors.New("resources ID must be > 0")
	case r.CPU == nil || r.CPU.Units.Val.IsNil():
		return errors.New("CPU must not be nil")
	case r.GPU == nil || r.GPU.Units.Val.IsNil():
		return errors.New("GPU must not be nil")
	case r.Memory == nil || r.Memory.Size.Val.IsNil():
		return errors.New("memory must not be nil")
	case r.Storage == nil || slices.ContainsFunc(r.Storage, func(v Volume) bool { return v.Size.Val.IsNil() }):
		return errors.New("storage must not be nil")
	case r.Endpoints == nil:
		return errors.New("endpoints must not be nil")
	default:
		return nil
	}
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
