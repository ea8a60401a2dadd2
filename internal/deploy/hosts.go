// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// hostTime bounds the wait for host names to follow a migration, which gateways do on their own time.
const hostTime = 30 * time.Second

// takeHosts moves the host names that the manifest accepts and the lease does not serve: another deployment of the same
// owner holds them there, such as the one that this one replaces. It returns the status after that, what was moved, and
// why something was not, as text for a warning: the workload runs either way.
func (d *Deployer) takeHosts(
	ctx context.Context, lease ids.LeaseID, request LeaseRequest, status gateway.LeaseStatus,
) (_ gateway.LeaseStatus, moved []string, trouble string) {
	missing := missingHosts(request, status)
	if len(missing) == 0 {
		return status, nil, ""
	}
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err == nil {
		d.Logger.Info("moving host names to a lease", "lease", lease.String(), "hosts", missing)
		moved, err = client.MigrateHostnames(ctx, lease.Group(), missing)
	}
	if err != nil {
		return status, nil, withoutSecrets(err, request.Manifest).Error()
	}
	until := d.Clock.Now().Add(hostTime)
	err = d.poll(ctx, func() (bool, error) {
		now, err := client.LeaseStatus(ctx, lease)
		if err == nil {
			status = now
			missing = missingHosts(request, status)
		}
		return len(missing) == 0 || d.Clock.Now().After(until), nil
	})
	if err != nil || len(missing) > 0 {
		trouble = "the gateway took the request and does not serve them yet: " + strings.Join(missing, ", ")
	}
	return status, moved, trouble
}

// missingHosts lists the host names that the request's group accepts for HTTP and the lease does not serve.
func missingHosts(request LeaseRequest, status gateway.LeaseStatus) []string {
	served := map[string]bool{}
	for _, service := range status.Services {
		for _, uri := range service.URIs {
			served[uri] = true
		}
	}
	return slices.DeleteFunc(acceptedHosts(request.Manifest, request.GroupName), func(host string) bool {
		return served[host]
	})
}

// acceptedHosts lists the host names of a group's HTTP exposes, sorted. What cannot be read has none.
func acceptedHosts(manifest []byte, group string) []string {
	var groups []struct {
		Name     string `json:"name"`
		Services []struct {
			Expose []struct {
				Port         uint32   `json:"port"`
				ExternalPort uint32   `json:"externalPort"`
				Proto        string   `json:"proto"`
				Global       bool     `json:"global"`
				Hosts        []string `json:"hosts"`
			} `json:"expose"`
		} `json:"services"`
	}
	if json.Unmarshal(manifest, &groups) != nil {
		return nil
	}
	var hosts []string
	for _, g := range groups {
		if g.Name != group {
			continue
		}
		for _, s := range g.Services {
			for _, e := range s.Expose {
				port := e.ExternalPort
				if port == 0 {
					port = e.Port
				}
				if e.Global && port == 80 && strings.EqualFold(e.Proto, "tcp") {
					hosts = append(hosts, e.Hosts...)
				}
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// hostTaken reports a gateway's refusal of a manifest because of a host name that another deployment holds.
func hostTaken(err error) bool {
	var refused *gateway.RefusedError
	return errors.As(err, &refused) && strings.Contains(refused.Body, "host") && strings.Contains(refused.Body, "in use")
}
