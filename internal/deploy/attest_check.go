// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// teeCPU is the kind of confidential computing whose machines can be verified.
const teeCPU = "cpu"

// confidential is what a manifest says of a service, as far as attestation goes.
type confidential struct {
	Name   string `json:"name"`
	Count  int64  `json:"count"`
	Params struct {
		TEE struct {
			Type string `json:"type"`
		} `json:"tee"`
	} `json:"params"`
}

// confidentialServices lists the services of a group that run in confidential machines, by name.
func confidentialServices(manifest []byte, group string) ([]confidential, error) {
	var groups []struct {
		Name     string         `json:"name"`
		Services []confidential `json:"services"`
	}
	if err := json.Unmarshal(manifest, &groups); err != nil {
		return nil, errors.New("the manifest is not the JSON it should be") // the cause may quote it
	}
	for _, g := range groups {
		if g.Name == group {
			services := slices.DeleteFunc(g.Services, func(s confidential) bool { return s.Params.TEE.Type == "" })
			slices.SortFunc(services, func(a, b confidential) int { return strings.Compare(a.Name, b.Name) })
			return services, nil
		}
	}
	return nil, fmt.Errorf("the manifest has no group %q", group)
}

// CheckAttestation says why the machines of a group could not prove what they are, whoever runs it: one error for each
// service, none for nothing. Errors quote names of the manifest alone.
func CheckAttestation(manifest []byte, group string, waitFor WaitFor) []error {
	services, err := confidentialServices(manifest, group)
	if err != nil {
		return []error{err}
	}
	if len(services) == 0 {
		return []error{fmt.Errorf("no service of group %q has params.tee, so nothing of it runs in a confidential machine; "+
			"write params: {tee: cpu} for those that should", group)}
	}
	var problems []error
	for _, s := range services {
		if s.Params.TEE.Type != teeCPU {
			problems = append(problems, fmt.Errorf("service %q has params.tee %q; what its GPUs say of themselves only "+
				"NVIDIA's service can judge, so it cannot be verified by this version; write tee: cpu, or leave "+
				"attestation out", s.Name, s.Params.TEE.Type))
		}
		if wanted, ok := waitFor.Replicas[s.Name]; ok && wanted < s.Count {
			problems = append(problems, fmt.Errorf("wait_for.replicas wants %d of service %q, which has %d; each has to run "+
				"to prove what it is", wanted, s.Name, s.Count))
		}
	}
	return problems
}
