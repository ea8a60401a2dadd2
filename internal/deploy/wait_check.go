// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// exposed is what a manifest says of one service, as far as waiting for it matters.
type exposed struct {
	Name   string `json:"name"`
	Count  int64  `json:"count"`
	Expose []struct {
		Port         uint32   `json:"port"`
		ExternalPort uint32   `json:"externalPort"`
		Proto        string   `json:"proto"`
		Global       bool     `json:"global"`
		Hosts        []string `json:"hosts"`
	} `json:"expose"`
}

// Check says what of w a group of a manifest cannot fulfil, whoever runs it: one error for each, none for nothing.
// Errors quote names and numbers of the manifest alone.
func (w WaitFor) Check(manifest []byte, group string) []error {
	services, err := exposedBy(manifest, group)
	if err != nil {
		return []error{err}
	}
	names := strings.Join(slices.Sorted(maps.Keys(services)), ", ")
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(w.Replicas)) {
		service, ok := services[name]
		switch number := w.Replicas[name]; {
		case !ok:
			problems = append(problems, fmt.Errorf("wait_for.replicas names service %q; group %q has %s", name, group, names))
		case number > service.Count:
			problems = append(problems, fmt.Errorf("wait_for.replicas wants %d of service %q, which has %d",
				number, name, service.Count))
		}
	}
	for i, check := range w.HTTP {
		service, ok := services[check.Service]
		if !ok {
			problems = append(problems, fmt.Errorf("wait_for.http[%d] names service %q; group %q has %s",
				i, check.Service, group, names))
			continue
		}
		if err := service.answers(check); err != nil {
			problems = append(problems, fmt.Errorf("wait_for.http[%d]: %w", i, err))
		}
	}
	return problems
}

// answers says why a service cannot answer a check; nil when it can.
func (s exposed) answers(check HTTPCheck) error {
	found := false
	var hosts []string
	for _, e := range s.Expose {
		outside := e.ExternalPort
		if outside == 0 {
			outside = e.Port
		}
		if !e.Global || !strings.EqualFold(e.Proto, "tcp") {
			continue
		}
		ingress := outside == 80
		if ingress {
			hosts = append(hosts, e.Hosts...)
		}
		found = found || (check.Port == 0 && ingress) || (check.Port != 0 && check.Port == e.Port)
	}
	switch {
	case !found && check.Port == 0:
		return fmt.Errorf("service %q has no HTTP ingress (port 80, or as: 80, to the world); name a forwarded port", s.Name)
	case !found:
		return fmt.Errorf("service %q does not expose TCP port %d to the world", s.Name, check.Port)
	case check.Port == 0 && check.Host != "" && !slices.Contains(hosts, check.Host):
		return fmt.Errorf("service %q does not accept host %q; leave host out for the name that the Akash provider makes",
			s.Name, check.Host)
	}
	return nil
}

// exposedBy reads the services of a group.
func exposedBy(manifest []byte, group string) (map[string]exposed, error) {
	var groups []struct {
		Name     string    `json:"name"`
		Services []exposed `json:"services"`
	}
	if err := json.Unmarshal(manifest, &groups); err != nil {
		return nil, errors.New("the manifest is not the JSON it should be") // the cause may quote it
	}
	for _, g := range groups {
		if g.Name != group {
			continue
		}
		services := map[string]exposed{}
		for _, s := range g.Services {
			services[s.Name] = s
		}
		return services, nil
	}
	return nil, fmt.Errorf("the manifest has no group %q", group)
}
