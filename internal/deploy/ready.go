// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// notReadyError names the services that did not come up, with their last counts.
type notReadyError struct {
	lease   ids.LeaseID
	pending []waiting
	cause   error
}

// waiting is a service that lacks replicas.
type waiting struct {
	service     string
	ready, want int64
}

func (w waiting) String() string { return fmt.Sprintf("%s %d/%d", w.service, w.ready, w.want) }

func (n *notReadyError) Error() string {
	var texts []string
	for _, w := range n.pending {
		texts = append(texts, w.String())
	}
	return fmt.Sprintf("services of lease %s are not ready (%s): %v", n.lease, strings.Join(texts, ", "), n.cause)
}

func (n *notReadyError) Unwrap() error { return n.cause }

// awaitReady waits until every service of the group has the replicas that the request wants. It fails with a
// *notReadyError when ctx ends first, and at once when the lease ends.
func (d *Deployer) awaitReady(
	ctx context.Context, lease ids.LeaseID, request LeaseRequest,
) (gateway.LeaseStatus, error) {
	replicas, err := replicasOf(request.Manifest, request.GroupName)
	if err != nil {
		return gateway.LeaseStatus{}, err
	}
	replicas = request.WaitFor.replicas(replicas)
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return gateway.LeaseStatus{}, err
	}
	var status gateway.LeaseStatus
	lacking := pending(replicas, status)
	err = d.poll(ctx, func() (bool, error) {
		answer, err := client.LeaseStatus(ctx, lease)
		switch {
		case err == nil:
			status = answer
			lacking = pending(replicas, status)
			return len(lacking) == 0, nil
		case errors.Is(err, gateway.ErrLeaseNotFound), errors.Is(err, gateway.ErrUnavailable):
			return false, d.stillLeased(ctx, request.Group, lease)
		default:
			return false, err
		}
	})
	if ended := ctx.Err(); err != nil && ended != nil {
		err = &notReadyError{lease: lease, pending: lacking, cause: ended}
	}
	return status, err
}

// ReadStatus asks the lease's gateway how its services are.
func (d *Deployer) ReadStatus(ctx context.Context, lease ids.LeaseID) (gateway.LeaseStatus, error) {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return gateway.LeaseStatus{}, err
	}
	return client.LeaseStatus(ctx, lease)
}

// errLeaseEnded is the cause of a failure when the lease ended under way.
var errLeaseEnded = errors.New("the lease ended")

// stillLeased tells a gateway that does not know the lease yet from a lease that has ended.
func (d *Deployer) stillLeased(ctx context.Context, group ids.GroupID, lease ids.LeaseID) error {
	slot, err := d.ReadSlot(ctx, group)
	if err != nil {
		return err
	}
	if slot.Active() && slot.LeaseID() == lease {
		return nil
	}
	return fmt.Errorf("%w: %s", errLeaseEnded, endText(slot, lease))
}

// endText says when and why a lease ended before its services were ready.
func endText(slot Slot, lease ids.LeaseID) string {
	if slot.Lease == nil || slot.LeaseID() != lease {
		return fmt.Sprintf("lease %s before its services were ready: the slot holds another one now", lease)
	}
	return fmt.Sprintf("lease %s before its services were ready, in block %d: %s (%s)", lease, slot.Lease.ClosedOn,
		CloseReason(slot.Lease.Reason.String()), slot.Lease.Reason)
}

// replicasOf reads how many replicas each service of the group must have from the manifest.
func replicasOf(manifest []byte, group string) (map[string]int64, error) {
	var groups []struct {
		Name     string `json:"name"`
		Services []struct {
			Name  string `json:"name"`
			Count int64  `json:"count"`
		} `json:"services"`
	}
	if err := json.Unmarshal(manifest, &groups); err != nil {
		return nil, errors.New("the manifest is not the JSON it should be") // the cause may quote it
	}
	for _, g := range groups {
		if g.Name != group {
			continue
		}
		replicas := map[string]int64{}
		for _, s := range g.Services {
			replicas[s.Name] = s.Count
		}
		return replicas, nil
	}
	return nil, fmt.Errorf("the manifest has no group %q", group)
}

// pending lists the services that lack replicas, by name.
func pending(replicas map[string]int64, status gateway.LeaseStatus) []waiting {
	var missing []waiting
	for _, name := range slices.Sorted(maps.Keys(replicas)) {
		service := status.Services[name]
		ready := service.Available
		if service.Replicas > 0 { // replicas of the manifest before do not count while it is rolled out
			ready = min(ready, service.UpdatedReplicas)
		}
		if ready < replicas[name] {
			missing = append(missing, waiting{service: name, ready: ready, want: replicas[name]})
		}
	}
	return missing
}
