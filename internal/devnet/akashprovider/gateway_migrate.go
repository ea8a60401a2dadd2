// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// destination is where a migration leads to: a group of a deployment of the caller.
type destination struct {
	DSeq uint64 `json:"destination_dseq"`
	GSeq uint32 `json:"destination_gseq"`
}

var errNoDestination = errors.New("destination deployment does not exist")

type transferred struct {
	Transferred []string `json:"transferred"`
}

// migrateHosts gives host names to a lease that declares them, whichever deployment of the caller held them.
func (p *AkashProvider) migrateHosts(w http.ResponseWriter, r *http.Request, at place) {
	var body struct {
		destination
		Hosts []string `json:"hostnames_to_migrate"`
	}
	if !readMigration(w, r, &body) {
		return
	}
	p.migrate(w, body.Hosts, func() error {
		id, group, err := p.findDestination(at.owner, body.destination)
		if err != nil {
			return err
		}
		declared := hostsOf(group)
		for _, host := range body.Hosts {
			if !slices.Contains(declared, host) {
				return fmt.Errorf("the hostname %q is not used by this deployment", host)
			}
		}
		return p.hosts.move(id.Group(), body.Hosts)
	})
}

// migrateEndpoints gives all ports of leased addresses that a lease declares to that lease: all, not only those
// named in the request, as the network does.
func (p *AkashProvider) migrateEndpoints(w http.ResponseWriter, r *http.Request, at place) {
	var body struct {
		destination
		Endpoints []string `json:"endpoints_to_migrate"`
	}
	if !readMigration(w, r, &body) {
		return
	}
	p.migrate(w, body.Endpoints, func() error {
		id, group, err := p.findDestination(at.owner, body.destination)
		if err != nil {
			return err
		}
		declared := endpointsOf(group)
		for _, name := range body.Endpoints {
			if !slices.Contains(declared, name) {
				return fmt.Errorf("the endpoint %q does not exist in the destination deployment", name)
			}
		}
		p.ips.take(id, group)
		return nil
	})
}

// readMigration reads the first JSON value of a body; what is no such value is 422 without a word.
func readMigration(w http.ResponseWriter, r *http.Request, body any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxManifestBytes)).Decode(body); err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return false
	}
	return true
}

// migrate does a migration under the lock and answers; every error is the caller's fault.
func (p *AkashProvider) migrate(w http.ResponseWriter, names []string, do func() error) {
	if len(names) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	err := do()
	p.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text, err := json.Marshal(transferred{names})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentErrorJSON) // without charset, unlike other answers
	_, _ = w.Write(text)                             // a client that has gone does not concern the simulator
}

// findDestination finds the caller's lease of a group on which something is deployed; the caller holds the lock.
func (p *AkashProvider) findDestination(owner string, to destination) (ids.LeaseID, manifest.Group, error) {
	group := ids.GroupID{Owner: owner, DSeq: to.DSeq, GSeq: to.GSeq}
	found := p.firstLease(func(l *lease) bool { return l.id.Group() == group && l.workload != nil })
	if found == nil {
		return ids.LeaseID{}, manifest.Group{}, errNoDestination
	}
	return found.id, found.workload.group, nil
}

// endpointsOf lists the names of the leased addresses that a group uses.
func endpointsOf(group manifest.Group) []string {
	var names []string
	for _, service := range group.Services {
		for _, expose := range service.Expose {
			if expose.Global && expose.IP != "" {
				names = append(names, expose.IP)
			}
		}
	}
	return names
}
