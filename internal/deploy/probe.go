// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// ProbeRequest asks the market what groups would cost, by a deployment that is closed as soon as it got its bids.
type ProbeRequest struct {
	// Groups have GPUs of one kind each; every group has an order of its own.
	Groups []deploymentv1beta4.GroupSpec
	// Hash is any 32 bytes: no manifest is ever sent.
	Hash []byte
	// BidWindow is the longest wait for bids, counted as that of a lease; a block is added for each further group, since
	// an Akash provider sends about one bid a block.
	BidWindow time.Duration
}

// open is the request for the deployment: its deposit is the network's minimum, which comes back when it is closed.
func (r ProbeRequest) open() OpenRequest {
	return OpenRequest{
		Groups: r.Groups, Hash: r.Hash, Deposit: sdk.NewInt64Coin(coin.UACT, 0), AtLeastMinimum: true,
		kind: journal.KindProbe,
	}
}

// ProbeNeed is what a probe takes out of the account for a minute or so, for [Deployer.CheckFunds].
func ProbeNeed(request ProbeRequest) Need {
	opening := request.open()
	return Need{New: &opening, Planned: opening.Deposit.Amount, Deposits: 1, Refunds: math.LegacyZeroDec()}
}

// Probe is what the market answered.
type Probe struct {
	// ID is the deployment that was opened and closed again. Its bids stay on chain.
	ID ids.DeploymentID
	// Height and Time are of the block at which the bids were read.
	Height int64
	Time   time.Time
	// Offers are the bids, group by group, cheapest GPU first. Bids that name no model are left out.
	Offers [][]market.GPUOffer
}

// Probe closes the probes that interrupted runs left, opens a deployment, waits for bids and closes it, whatever went
// wrong in between. The deposit is refunded by the close; two transaction fees are spent. Nothing is ever leased.
// Errors are [*Failure]s.
func (d *Deployer) Probe(ctx context.Context, request ProbeRequest) (Probe, error) {
	if err := d.closeLeftProbes(ctx, true); err != nil {
		return Probe{}, err
	}
	opening := request.open()
	var err error
	if opening.Deposit, err = d.atLeastMinimum(ctx, opening); err != nil {
		return Probe{}, err
	}
	digest, err := groupDigest(opening.Groups, nil)
	if err != nil {
		return Probe{}, err
	}
	opened, err := d.create(ctx, opening, digest)
	if err != nil {
		return Probe{}, err
	}
	probe := Probe{ID: opened.ID}
	readErr := d.readBids(ctx, request, &probe)
	if err := d.endProbe(ctx, opened.ID); err != nil {
		return Probe{}, errors.Join(err, readErr)
	}
	if readErr != nil {
		return Probe{}, d.fail(ctx, fmt.Sprintf("Waiting for bids on probe %s", probe.ID),
			"The probe is closed and its deposit refunded; two transaction fees were spent.", readErr)
	}
	return probe, nil
}

// readBids waits until every group's window is over and leaves the open bids in probe.
func (d *Deployer) readBids(ctx context.Context, request ProbeRequest, probe *Probe) error {
	found, err := d.findDeployment(ctx, probe.ID)
	if err != nil {
		return err
	}
	further := int64(len(request.Groups) - 1)
	window := d.window(LeaseRequest{BidWindow: request.BidWindow, MinBids: 1})
	window.Blocks += further
	window.Quiet += further
	return d.poll(ctx, func() (bool, error) {
		block, err := d.Chain.LatestBlock(ctx)
		if err != nil {
			return false, err
		}
		bids, err := d.Chain.ListBids(ctx, ids.OrderID{Owner: probe.ID.Owner, DSeq: probe.ID.DSeq})
		if err != nil {
			return false, err
		}
		probe.Height, probe.Time = block.Height, block.Time
		probe.Offers = offersOf(bids, len(request.Groups), marketv1beta5.Bid_open)
		for _, offers := range probe.Offers {
			auction := market.Auction{OrderHeight: found.Deployment.CreatedAt, Height: block.Height}
			for _, o := range offers {
				auction.Verdicts = append(auction.Verdicts, market.Verdict{Bid: market.Bid{Height: o.Height}, Acceptable: true})
			}
			if !window.Over(auction) {
				return false, nil
			}
		}
		return true, nil
	})
}

// offersOf sorts bids in one of these states into their groups.
func offersOf(
	bids []marketv1beta5.QueryBidResponse, groups int, states ...marketv1beta5.Bid_State,
) [][]market.GPUOffer {
	offers := make([][]market.GPUOffer, groups)
	for _, b := range bids {
		group := int(b.Bid.ID.GSeq) - 1
		wanted := false
		for _, state := range states {
			wanted = wanted || b.Bid.State == state
		}
		if offer, ok := market.GPUOfferOf(chain.BidIDOf(b.Bid.ID), b.Bid); ok && wanted && group >= 0 && group < groups {
			offers[group] = append(offers[group], offer)
		}
	}
	for _, of := range offers {
		market.SortGPUOffers(of)
	}
	return offers
}

// endProbe closes a probe of this run, also after an interrupt or a timeout.
func (d *Deployer) endProbe(ctx context.Context, id ids.DeploymentID) error {
	limit := closeTime
	if errors.Is(ctx.Err(), context.Canceled) {
		limit = finishTime // long enough to send the transaction, which lands by itself; the next run looks
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	err := d.CloseDeployment(closing, id)
	if err == nil {
		return nil
	}
	d.leaveProbe(id)
	exists := fmt.Sprintf("Deployment %s may still be open: its escrow holds the deposit, of which nothing is spent "+
		"while it has no lease.", id)
	return d.fail(ctx, fmt.Sprintf("Closing probe %s", id), exists, err).closingProbe(id)
}

// leaveProbe hands a probe that could not be closed to the next run, of this process or another.
func (d *Deployer) leaveProbe(id ids.DeploymentID) {
	entry := d.Journal.Held(journal.KindProbe, d.Chain.ChainID(), id)
	if entry == nil {
		return
	}
	if err := entry.Leave(); err != nil {
		d.Logger.Warn("the journal could not be written", "probe", id.String(), "error", err)
	}
}

// closingProbe is the advice for a probe that stays open.
func (f *Failure) closingProbe(id ids.DeploymentID) *Failure {
	f.Next = fmt.Sprintf("The next apply of this configuration that sends a transaction closes it; or close it with: "+
		"akash tx deployment close --dseq %d", id.DSeq)
	return f
}

// ProbeNeeds are the types of messages of a probe.
func ProbeNeeds() Needs {
	return Needs{Now: typesOf(&deploymentv1beta4.MsgCreateDeployment{}, &deploymentv1beta4.MsgCloseDeployment{})}
}
