// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// IPHolderRequest asks for a leased address: a tiny deployment whose lease holds it.
type IPHolderRequest struct {
	// Name is the endpoint's, two or more of a-z, 0-9 and - beginning with a letter; "" derives one from the dseq.
	Name string
	// Deposit is paid into escrow, in uact.
	Deposit sdk.Coin
	// Most is the highest price that bids may have on chain; it cannot be changed later.
	Most coin.PerBlock
	// Policy, BidWindow, MinBids and OnFailure are as for a lease. OnFailure "close" closes the deployment, for a refund.
	Policy    market.Policy
	BidWindow time.Duration
	MinBids   int
	OnFailure OnFailure
	// Attach, when set, is the group that gets every port it wants of the address, whoever has them.
	Attach ids.GroupID
}

// Groups are the specs of the deployment that will hold the address.
func (r IPHolderRequest) Groups() ([]deploymentv1beta4.GroupSpec, error) {
	doc, err := holderDocument(r.Name, 0, r.Most) // the dseq is in the manifest alone
	if err != nil {
		return nil, err
	}
	return doc.Groups(), nil
}

// Open is the deployment that is asked for.
func (r IPHolderRequest) Open() (OpenRequest, error) {
	groups, err := r.Groups()
	if err != nil {
		return OpenRequest{}, err
	}
	return OpenRequest{
		Groups: groups, Deposit: r.Deposit, kind: journal.KindIPHolder,
		hashOf: func(dseq uint64) []byte {
			doc, err := holderDocument(r.Name, dseq, r.Most)
			if err != nil {
				return nil // not with the name that Groups took; the chain would refuse no hash
			}
			return doc.Hash()
		},
	}, nil
}

// IPHolder is an address that is held.
type IPHolder struct {
	Opened
	Name, Address string
	Lease         Lease
	// Attached is true when the group to attach to has its ports.
	Attached bool
}

// OpenIPHolder makes a holder exist exactly once, leases it, and waits for its address. It continues what an
// interrupted run of the same configuration began. A failure closes the deployment, which refunds it, unless the
// request keeps it or the run was interrupted: then the journal remembers it for the next run. Errors are [*Failure]s.
func (d *Deployer) OpenIPHolder(ctx context.Context, request IPHolderRequest) (IPHolder, error) {
	opening, err := request.Open()
	if err != nil {
		return IPHolder{}, err
	}
	opened, err := d.Open(ctx, opening)
	if err != nil {
		return IPHolder{}, err
	}
	holder := IPHolder{Opened: opened}
	if err = d.hold(ctx, opened.ID, request, &holder); err == nil {
		return holder, nil
	}
	return IPHolder{}, d.holderFailure(ctx, holder, request, err)
}

// hold leases an open holder and learns its address.
func (d *Deployer) hold(ctx context.Context, id ids.DeploymentID, request IPHolderRequest, holder *IPHolder) error {
	doc, err := holderDocument(request.Name, id.DSeq, request.Most)
	if err != nil {
		return err
	}
	group := doc.Groups()[0].Name
	holder.Name = HolderName(group, id.DSeq)
	elsewhere, err := d.holdersOf(ctx, holder.Name, id)
	if err != nil {
		return err
	}
	asked := holderLease(id, doc, request)
	asked.Policy.Deny = append(elsewhere, asked.Policy.Deny...)
	// A failure closes the whole deployment, in one transaction.
	asked.OnFailure = KeepOnFailure
	if holder.Lease, err = d.EnsureLease(ctx, asked); err != nil {
		return err
	}
	if holder.Address, err = d.awaitAddress(ctx, holder.Lease.ID, holder.Name); err != nil {
		return err
	}
	if request.Attach != (ids.GroupID{}) {
		holder.Attached, err = d.attachNew(ctx, *holder, request.Attach)
	}
	return err
}

// holderLease asks for a holder's lease.
func holderLease(id ids.DeploymentID, doc *sdl.Document, request IPHolderRequest) LeaseRequest {
	return LeaseRequest{
		Group: HolderGroup(id), GroupName: doc.Groups()[0].Name, Manifest: doc.ManifestJSON(), Policy: request.Policy,
		BidWindow: request.BidWindow, MinBids: request.MinBids, OnFailure: request.OnFailure,
	}
}

// holderFailure ends what could not be made to hold an address, and says what is left.
func (d *Deployer) holderFailure(ctx context.Context, holder IPHolder, request IPHolderRequest, err error) error {
	id := holder.ID
	f := d.fail(ctx, fmt.Sprintf("Leasing an address with deployment %s", id), d.whatExists(ctx, HolderGroup(id)), err)
	if errors.Is(err, errNoBid) {
		f.Title = "No Akash provider leases an address for this"
		f.Next = "Only Akash providers with a free address bid here. Raise price_ceiling or relax bid_policy, or wait " +
			"until one is free; then run terraform apply again."
	}
	byHand := fmt.Sprintf(" To give it up and get the deposit back, run: akash tx deployment close --dseq %d", id.DSeq)
	switch {
	case errors.Is(err, ErrGone):
		f.Title, f.Exists, f.Next = "Deployment is closed", "Its deposit was refunded.", nextApply
	case request.OnFailure != CloseOnFailure:
		f.Exists += " It is kept because on_failure is \"keep\"."
		f.Next = nextApply + byHand
	case holder.Shared:
		f.Exists += " It is kept, since a state may hold it."
		f.Next = nextApply + byHand
	case errors.Is(err, context.Canceled):
		f.Next = nextApply + byHand
	default:
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if closeErr := d.CloseDeployment(closing, id); closeErr != nil {
			f.Exists += fmt.Sprintf(" on_failure is \"close\", but closing it failed: %v", closeErr)
			f.Next += byHand
			return f
		}
		f.Exists = fmt.Sprintf("Deployment %s was closed because on_failure is \"close\": what its escrow held was "+
			"refunded, nothing is left and nothing costs money.", id)
		f.Next = withoutDestroy(f.Next)
	}
	return f
}
