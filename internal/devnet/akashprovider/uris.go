// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"encoding/base32"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

var hostEncoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// generatedHost is the name under which the ingress serves one service of a lease, without the domain:
// lower-case base32hex of the version 5 UUID, in the DNS space, of lease text and service name.
func generatedHost(id ids.LeaseID, service string) string {
	sum := uuid.NewSHA1(uuid.NameSpaceDNS, []byte(id.String()+service))
	return strings.ToLower(hostEncoding.EncodeToString(sum[:]))
}

// uris lists the host names of a service's ingress that are not withheld, sorted, without scheme; nil when it has
// none.
func (p *AkashProvider) uris(id ids.LeaseID, service manifest.Service) []string {
	var hosts []string
	for _, e := range service.Expose {
		if e.IsIngress() {
			for _, host := range e.Hosts {
				if p.hosts[host] == id.Group() {
					hosts = append(hosts, host)
				}
			}
		}
	}
	if isIngress(service) && p.spec.Domain != "" {
		hosts = append(hosts, generatedHost(id, service.Name)+"."+p.spec.Domain)
	}
	slices.Sort(hosts)
	return hosts
}

// allURIs lists the host names of all services of a lease, sorted: what the network tells about each single service
// that has an ingress. It is never nil.
func (p *AkashProvider) allURIs(id ids.LeaseID, group manifest.Group) []string {
	hosts := []string{}
	for _, service := range group.Services {
		hosts = append(hosts, p.uris(id, service)...)
	}
	slices.Sort(hosts)
	return hosts
}

func isIngress(service manifest.Service) bool {
	return slices.ContainsFunc(service.Expose, manifest.Expose.IsIngress)
}
