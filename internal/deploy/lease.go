// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	// finishTime bounds what is still done after an interrupt: learn what is true, then return.
	finishTime = 5 * time.Second
	// closeTime bounds the close that on_failure asks for after a timeout: a block or two on any network.
	closeTime = 45 * time.Second
	// auctions is how many leases are tried when Akash providers refuse a manifest.
	auctions = 3
)

// OnFailure says what becomes of a lease that could not be made to run.
type OnFailure string

const (
	// CloseOnFailure pauses the group: the lease ends, nothing more is spent.
	CloseOnFailure OnFailure = "close"
	// KeepOnFailure leaves the lease as it is, for a look at it or another try.
	KeepOnFailure OnFailure = "keep"
)

// LeaseRequest asks for a running lease in a group's slot.
type LeaseRequest struct {
	Group ids.GroupID
	// Manifest is the canonical JSON of the deployment's whole manifest.
	Manifest []byte
	// GroupName is the group's name in the manifest.
	GroupName string
	Policy    market.Policy
	// BidWindow is the longest wait for bids; it is counted in blocks of the network's mean time.
	BidWindow time.Duration
	// MinBids is how many acceptable bids end the wait early; at least 1.
	MinBids   int
	OnFailure OnFailure
	// Deliver is false when the workload runs the manifest already.
	Deliver bool
	// Running says that the slot's lease served before this call: whatever goes wrong with the new manifest, it is
	// kept, and OnFailure does not apply to it.
	Running bool
}

// Lease is a lease whose services run.
type Lease struct {
	ID     ids.LeaseID
	State  string
	Price  coin.PerBlock
	Status gateway.LeaseStatus
	// Verdicts are the bids of the auction that made the lease; nil when it existed before.
	Verdicts []market.Verdict
	// Found is true when the lease existed before.
	Found bool
}

// quietBlocks without a new bid end an auction that has enough bids.
const quietBlocks = 3

// orderMaxBids is how many bids fit on an order by the network's default parameters (it compares with >, so 20 + 1).
const orderMaxBids = 21

// leaseRun is what one EnsureLease learns on its way.
type leaseRun struct {
	group     ids.GroupID
	policy    market.Policy
	window    market.Window
	verdicts  []market.Verdict
	mayReopen bool
}

// EnsureLease makes a lease run in the slot. It continues with an active lease that the policy still allows, closes
// one that it does not, and otherwise holds an auction on the open order, so it serves create, repair and re-auction
// alike. Then it delivers the manifest and waits until every service is ready. Errors are [*Failure]s.
func (d *Deployer) EnsureLease(ctx context.Context, request LeaseRequest) (Lease, error) {
	run := &leaseRun{group: request.Group, policy: request.Policy, window: d.window(request)}
	run.policy.Unusable = map[string]string{}
	doing := fmt.Sprintf("Leasing group %s (%q)", request.Group, request.GroupName)
	for try := 1; ; try++ {
		lease, err := d.leaseOnce(ctx, request, run)
		if err == nil {
			return lease, nil
		}
		var refusal *refusalError
		if errors.As(err, &refusal) && !request.Running && try < auctions && ctx.Err() == nil {
			run.policy.Unusable[refusal.providerAddr] = refusal.Error()
			_, err = d.submit(ctx, &marketv1beta5.MsgCloseLease{ID: chain.PBLeaseID(refusal.lease)})
			if err == nil || errors.Is(err, chain.ErrLeaseNotActive) || errors.Is(err, chain.ErrOrderClosed) {
				continue // the chain opened a new order in the same transaction, or the Akash provider ended the lease
			}
		}
		return Lease{}, d.leaseFailure(ctx, doing, request, run, err)
	}
}

// leaseOnce takes the slot's lease or wins one, delivers and waits.
func (d *Deployer) leaseOnce(ctx context.Context, request LeaseRequest, run *leaseRun) (Lease, error) {
	slot, err := d.ReadSlot(ctx, request.Group)
	if err != nil {
		return Lease{}, err
	}
	lease := Lease{Found: slot.Active()}
	if slot.Active() {
		if why := leaves(slot, run.policy); why != "" {
			d.Logger.Info("closing a lease the policy no longer allows", "lease", slot.LeaseID().String(), "why", why)
			if _, err := d.submit(ctx, &marketv1beta5.MsgCloseLease{ID: slot.Lease.ID}); err != nil {
				return Lease{}, err
			}
			lease.Found = false
		} else {
			lease.ID = slot.LeaseID()
		}
	}
	if !lease.Found {
		if lease.ID, err = d.auction(ctx, run); err != nil {
			return Lease{}, err
		}
		lease.Verdicts = run.verdicts
	}
	if request.Deliver || !lease.Found {
		if err := d.deliver(ctx, lease.ID, request.Manifest); err != nil {
			return Lease{}, err
		}
	}
	lease.Status, err = d.awaitReady(ctx, lease.ID, request)
	if errors.Is(err, errLeaseEnded) {
		return Lease{}, &refusalError{lease: lease.ID, providerAddr: lease.ID.ProviderAddr, cause: err}
	}
	if err != nil {
		return Lease{}, err
	}
	slot, err = d.ReadSlot(ctx, request.Group)
	if err != nil {
		return Lease{}, err
	}
	if !slot.Active() || slot.LeaseID() != lease.ID {
		return Lease{}, fmt.Errorf("%w: lease %s while its services started", errLeaseEnded, lease.ID)
	}
	lease.State, lease.Price = slot.Lease.State.String(), slot.Price()
	return lease, nil
}

// leaves says why the slot's active lease must end under the policy; "" when it may stay.
func leaves(slot Slot, policy market.Policy) string {
	bid := market.Bid{ID: slot.LeaseID().Bid(), Price: slot.Price(), Open: true}
	verdict := market.Choose([]market.Bid{bid}, policy)[0]
	if verdict.Acceptable {
		return ""
	}
	return verdict.Reason
}

// EndLease ends the slot's lease and keeps the deployment: the group is paused, so no new order opens. It does nothing
// when the group is paused, closed or gone already.
func (d *Deployer) EndLease(ctx context.Context, group ids.GroupID) error {
	doing := fmt.Sprintf("Ending the lease of group %s", group)
	slot, err := d.ReadSlot(ctx, group)
	if errors.Is(err, ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	if slot.Group.State != deploymentv1beta4.Group_open {
		return nil
	}
	_, err = d.submit(ctx, &deploymentv1beta4.MsgPauseGroup{ID: chain.PBGroupID(group)})
	ended := errors.Is(err, chain.ErrGroupPaused) || errors.Is(err, chain.ErrGroupClosed)
	if err != nil && !ended {
		f := d.fail(ctx, doing, d.costText(slot), err)
		f.Next = "Run terraform destroy again."
		return f
	}
	return nil
}

// ReadStatus asks the lease's gateway how its services are.
func (d *Deployer) ReadStatus(ctx context.Context, lease ids.LeaseID) (gateway.LeaseStatus, error) {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return gateway.LeaseStatus{}, err
	}
	return client.LeaseStatus(ctx, lease)
}

func (d *Deployer) window(request LeaseRequest) market.Window {
	blocks := (request.BidWindow + d.BlockTime - 1) / d.BlockTime
	return market.Window{
		Blocks: int64(blocks), Quiet: quietBlocks, MinBids: request.MinBids, MaxBids: orderMaxBids,
	}
}

// leaseFailure ends a failed try: it does what on_failure asks for, then says what is left.
func (d *Deployer) leaseFailure(
	ctx context.Context, doing string, request LeaseRequest, run *leaseRun, err error,
) error {
	var already *Failure
	if errors.As(err, &already) || errors.Is(err, ErrGone) {
		return err
	}
	interrupted := errors.Is(err, context.Canceled)
	closed := false
	if request.OnFailure == CloseOnFailure && !request.Running && !interrupted && !errors.Is(err, errNoBid) {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if closeErr := d.EndLease(closing, request.Group); closeErr != nil {
			err = errors.Join(err, fmt.Errorf("and ending the lease failed too: %w", closeErr))
		} else {
			closed = true
		}
	}
	f := d.fail(ctx, doing, d.whatExists(ctx, request.Group), err)
	var refusal *refusalError
	var notReady *notReadyError
	switch {
	case errors.Is(err, errNoBid):
		f.Title = "No acceptable bid"
		f.Cause = fmt.Errorf("the bids on the order were:\n%s", market.Table(run.verdicts, d.BlockTime))
		f.Next = "Raise price_ceiling, relax bid_policy or the SDL's placement, then run terraform apply again; " +
			"to give up and get the deposit back, run terraform destroy."
	case errors.Is(err, errLeaseEnded):
		f.Title = "Lease ended"
	case errors.As(err, &refusal):
		f.Title = "Manifest refused"
	case errors.As(err, &notReady):
		f.Title = "Services not ready"
		f.Next = "Look at the image, command and health of the services named above, then run terraform apply again. " +
			"Raise timeouts.create (or update) if they only need longer."
	}
	if closed {
		f.Next = "The lease was ended because on_failure is \"close\". " + f.Next
	}
	return f
}
