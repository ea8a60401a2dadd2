// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
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
	// Secrets are the names of what was laid over Manifest from where nothing is stored, and Hash is the one, in hex,
	// that the deployment had with them. They are for the one error that only secrets can cause.
	Secrets []string
	Hash    string
	// GroupName is the group's name in the manifest.
	GroupName string
	Policy    market.Policy
	// BidWindow is the longest wait for bids; it is counted in blocks of the network's mean time.
	BidWindow time.Duration
	// MinBids is how many acceptable bids end the wait early; at least 1.
	MinBids   int
	OnFailure OnFailure
	// WaitFor says when the services count as running.
	WaitFor WaitFor
	// Attestation, when set, has the lease's confidential machines prove what they are once the services run.
	Attestation *Attestation
	// Running, when set, is the lease that serves now and must go on serving: the call only delivers to it. Nothing is
	// sent when the slot holds another lease or none, and the lease is kept whatever goes wrong.
	Running ids.LeaseID
	// Leaving, when set, is a lease that ends although the policy allows it: whatever else holds the slot stays.
	Leaving ids.LeaseID
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
	// MovedHosts are the host names that another deployment of the owner served until now, HostTrouble why one of this
	// lease's is not served; "" when all are.
	MovedHosts  []string
	HostTrouble string
	// Attested is what the machines proved; nil when nobody asked. Unattested says why they did not, when that was not
	// required; it is of a lease that runs.
	Attested   *Attested
	Unattested error
}

// quietBlocks without a new bid end an auction that has enough bids.
const quietBlocks = 3

// leaseRun is what one EnsureLease learns on its way.
type leaseRun struct {
	group     ids.GroupID
	policy    market.Policy
	window    market.Window
	verdicts  []market.Verdict
	facts     facts
	mayReopen bool
	// keep says that the lease at hand may serve somebody already: it is never ended for a failure.
	keep bool
	// won says that this run made the lease at hand.
	won bool
	// lease is the one at hand; the zero value while there is none.
	lease ids.LeaseID
}

// EnsureLease makes a lease run in the slot. It continues with an active lease that the policy still allows, closes
// one that it does not, and otherwise holds an auction on the open order, so it serves create, repair and re-auction
// alike. Then it delivers the manifest and waits until every service is ready. Errors are [*Failure]s, or wrap
// [ErrGone].
func (d *Deployer) EnsureLease(ctx context.Context, request LeaseRequest) (Lease, error) {
	run := &leaseRun{group: request.Group, policy: request.Policy, window: d.window(request)}
	run.policy.Unusable = map[string]string{}
	maps.Copy(run.policy.Unusable, request.Policy.Unusable)
	defer d.picks.drop(request.Group)
	ctx, sent := withTrail(ctx)
	for try := 1; ; try++ {
		lease, err := d.leaseOnce(ctx, request, run)
		if err == nil {
			return lease, nil
		}
		if try < auctions && ctx.Err() == nil && d.mayTryNext(ctx, run, err) {
			continue
		}
		return Lease{}, d.leaseFailure(ctx, request, run, sent, err)
	}
}

// mayTryNext clears the slot for another Akash provider after one that would not run the manifest.
func (d *Deployer) mayTryNext(ctx context.Context, run *leaseRun, err error) bool {
	if errors.Is(err, errSlotFilled) {
		return true // by an earlier transaction of ours: the next look finds the lease
	}
	var refusal *refusalError
	if run.keep || !errors.As(err, &refusal) {
		return false
	}
	run.policy.Unusable[refusal.providerAddr] = refusal.Error()
	_, err = d.submit(ctx, &marketv1beta5.MsgCloseLease{ID: chain.PBLeaseID(refusal.lease)})
	// The chain opened a new order in the same transaction, or the Akash provider had ended the lease.
	if err == nil || errors.Is(err, chain.ErrLeaseNotActive) || errors.Is(err, chain.ErrOrderClosed) {
		return true
	}
	d.Logger.Warn("a refused lease could not be closed", "lease", refusal.lease.String(), "error", err.Error())
	return false
}

// leaseOnce takes the slot's lease or wins one, delivers and waits.
func (d *Deployer) leaseOnce(ctx context.Context, request LeaseRequest, run *leaseRun) (Lease, error) {
	run.won, run.keep, run.lease = false, false, ids.LeaseID{}
	slot, err := d.ReadSlot(ctx, request.Group)
	if err != nil {
		return Lease{}, err
	}
	if err := d.checkSlot(slot, request); err != nil {
		return Lease{}, err
	}
	lease, err := d.fill(ctx, slot, request, run)
	if err != nil {
		return Lease{}, err
	}
	run.lease = lease.ID
	if err := d.deliver(ctx, lease.ID, request.Manifest, request.GroupName); err != nil {
		return Lease{}, err
	}
	lease.Status, err = d.awaitReady(ctx, lease.ID, request)
	if errors.Is(err, errLeaseEnded) {
		return Lease{}, &refusalError{lease: lease.ID, providerAddr: lease.ID.ProviderAddr, cause: err}
	}
	if err != nil {
		return Lease{}, err
	}
	lease.Status, lease.MovedHosts, lease.HostTrouble = d.takeHosts(ctx, lease.ID, request, lease.Status)
	if lease.Status, err = d.awaitPages(ctx, lease.ID, request, lease.Status); err != nil {
		return Lease{}, err
	}
	if request.Attestation != nil {
		if lease.Attested, err = d.attest(ctx, lease.ID, request); err != nil {
			var unattested *unattestedError
			if !errors.As(err, &unattested) || request.Attestation.Required || ctx.Err() != nil {
				return Lease{}, err
			}
			lease.Attested, lease.Unattested = &Attested{}, err
		}
	}
	slot, err = d.ReadSlot(ctx, request.Group)
	if err != nil {
		return Lease{}, err
	}
	if !slot.Active() || slot.LeaseID() != lease.ID {
		return Lease{}, fmt.Errorf("%w: %s", errLeaseEnded, endText(slot, lease.ID))
	}
	lease.State, lease.Price = slot.Lease.State.String(), slot.Price()
	return lease, nil
}

// checkSlot compares what is on chain with what the request builds on, before anything is sent.
func (d *Deployer) checkSlot(slot Slot, request LeaseRequest) error {
	if request.Running != (ids.LeaseID{}) && (!slot.Active() || slot.LeaseID() != request.Running) {
		return &Failure{
			Title: "Lease changed since the plan", Doing: fmt.Sprintf("Delivering a manifest to lease %s", request.Running),
			Cause: errors.New("the slot does not hold this lease any more"), Exists: d.costText(slot),
			Next: "Run terraform apply again: the refresh sees the change, and the plan shows what follows.",
		}
	}
	hash := sha256.Sum256(request.Manifest)
	if changed := d.checkSecrets(slot, request, hash[:]); changed != nil {
		return changed
	}
	if !bytes.Equal(hash[:], slot.Deployment.Deployment.Hash) {
		return &Failure{
			Title: "Manifest is not the one on chain", Doing: fmt.Sprintf("Leasing group %s", request.Group),
			Cause: fmt.Errorf("the manifest has hash %x, deployment %s has %x; every Akash provider would refuse it",
				hash, request.Group.Deployment(), slot.Deployment.Deployment.Hash),
			Exists: d.costText(slot),
			Next: "Run terraform apply again: the deployment's hash is put right first. Pass the lease an element of " +
				"akash_deployment.groups, so that both always change together.",
		}
	}
	return nil
}

// fill returns the lease the slot holds, if the policy allows it, or wins one.
func (d *Deployer) fill(ctx context.Context, slot Slot, request LeaseRequest, run *leaseRun) (Lease, error) {
	if request.Running != (ids.LeaseID{}) {
		run.keep = true // whatever the policy says now: the plan was to deliver, the next one decides again
		return Lease{ID: request.Running, Found: true}, nil
	}
	if slot.Active() {
		why := leaves(slot, run.policy)
		if why == "" && slot.LeaseID() == request.Leaving {
			why = "another auction was asked for"
		}
		if why == "" {
			run.keep = d.mayServe(ctx, slot.LeaseID())
			return Lease{ID: slot.LeaseID(), Found: true}, nil
		}
		d.Logger.Info("closing a lease the policy no longer allows", "lease", slot.LeaseID().String(), "why", why)
		if _, err := d.submit(ctx, &marketv1beta5.MsgCloseLease{ID: slot.Lease.ID}); err != nil {
			return Lease{}, err
		}
	}
	id, err := d.auction(ctx, run)
	if err != nil {
		return Lease{}, err
	}
	run.won = true
	return Lease{ID: id, Verdicts: run.verdicts}, nil
}

// mayServe reports whether the lease's Akash provider may have run a manifest before. Only its plain word that it has
// none counts against; silence does not.
func (d *Deployer) mayServe(ctx context.Context, lease ids.LeaseID) bool {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return true
	}
	_, err = client.LeaseStatus(ctx, lease)
	return !errors.Is(err, gateway.ErrLeaseNotFound)
}

// leaves says why the slot's active lease must end under the policy; "" when it may stay.
func leaves(slot Slot, policy market.Policy) string {
	bid := market.Bid{ID: slot.LeaseID().Bid(), Price: slot.Price(), Open: true}
	verdict := market.Choose([]market.Bid{bid}, policy.Staying())[0]
	if verdict.Acceptable {
		return ""
	}
	return verdict.Reason
}

func (d *Deployer) window(request LeaseRequest) market.Window {
	blocks := (request.BidWindow + d.BlockTime - 1) / d.BlockTime
	return market.Window{Blocks: int64(blocks), Quiet: quietBlocks, MinBids: request.MinBids}
}
