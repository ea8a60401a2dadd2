// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"fmt"
	"maps"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// hostTable knows which group of whose deployment is served under a host name. A name belongs to its owner: to
// others it is refused, and another deployment of the same owner that asks for it runs without it (the name is
// withheld) until it is migrated.
type hostTable map[string]ids.GroupID

// check refuses names that somebody else holds.
func (h hostTable) check(owner string, hosts []string) error {
	for _, host := range hosts {
		if holder, taken := h[host]; taken && holder.Owner != owner {
			return fmt.Errorf("hostname not allowed: host %q in use", host)
		}
	}
	return nil
}

// claim takes the free names for a group and lets go of those that it no longer names.
func (h hostTable) claim(group ids.GroupID, hosts []string) {
	wanted := map[string]bool{}
	for _, host := range hosts {
		wanted[host] = true
		if _, taken := h[host]; !taken {
			h[host] = group
		}
	}
	maps.DeleteFunc(h, func(host string, holder ids.GroupID) bool { return holder == group && !wanted[host] })
}

// move gives names to a group of the same owner, whoever held them.
func (h hostTable) move(group ids.GroupID, hosts []string) error {
	if err := h.check(group.Owner, hosts); err != nil {
		return err
	}
	for _, host := range hosts {
		h[host] = group
	}
	return nil
}

// release lets go of all names of a group. Groups from which they were withheld do not get them by that alone.
func (h hostTable) release(group ids.GroupID) { h.claim(group, nil) }

// hostsOf lists the names that a group of a manifest asks for.
func hostsOf(group manifest.Group) []string {
	var hosts []string
	for _, service := range group.Services {
		for _, expose := range service.Expose {
			hosts = append(hosts, expose.Hosts...)
		}
	}
	return hosts
}
