// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// Runway is how the money of a deployment goes on, as of a block. The chain settles escrow accounts only when somebody
// asks for it, so what the leases have used is counted here.
type Runway struct {
	// Deposited is what was ever paid in, Used what the leases have used of it so far, settled or not; uact.
	Deposited, Used math.LegacyDec
	// Price is what all leases together cost a block; zero without one.
	Price coin.PerBlock
	// At is the time of the block.
	At time.Time
}

// Left is how long the rest lasts at the price of now; ok is false while nothing is spent.
func (r Runway) Left(blockTime time.Duration) (left time.Duration, ok bool) {
	return r.Price.Lasts(r.Deposited.Sub(r.Used), blockTime)
}

// DepositFor is what has to be deposited in all for the money to last so long from here on at a price, in whole uact.
func (r Runway) DepositFor(lasting, blockTime time.Duration, price coin.PerBlock) math.Int {
	return r.Used.Ceil().TruncateInt().Add(price.Cost(lasting, blockTime))
}

// ReadRunway counts what the leases of a deployment have used and cost.
func (d *Deployer) ReadRunway(ctx context.Context, found Deployment) (Runway, error) {
	return readRunway(ctx, direct{d}, found)
}

// RefreshRunway is [Deployer.ReadRunway] for a refresh, as [Deployer.RefreshDeployment] is.
func (d *Deployer) RefreshRunway(ctx context.Context, found Deployment) (Runway, error) {
	return readRunway(ctx, d.refresh, found)
}

func readRunway(ctx context.Context, from source, found Deployment) (Runway, error) {
	var groups []ids.GroupID
	for i := range found.Groups {
		groups = append(groups, found.ID.Group(found.Groups[i].ID.GSeq))
	}
	price, err := from.price(ctx, found.ID, groups)
	if err != nil {
		return Runway{}, fmt.Errorf("leases of deployment %s: %w", found.ID, err)
	}
	block, err := from.block(ctx)
	if err != nil {
		return Runway{}, fmt.Errorf("height of the chain: %w", err)
	}
	return runwayAt(found, price, block), nil
}

// runwayAt counts up to a block what leases of a price together have used.
func runwayAt(found Deployment, price math.LegacyDec, block chain.Block) Runway {
	used := found.Spent
	if unsettled := block.Height - found.SettledAt; unsettled > 0 {
		used = used.Add(price.MulInt64(unsettled))
	}
	return Runway{
		Deposited: found.Balance.Add(found.Spent), Used: used, At: block.Time,
		Price: coin.PerBlock{Denom: coin.UACT, Amount: price},
	}
}

// rateOf is what a lease takes out of its escrow, in uact a block.
func rateOf(lease *marketv1.Lease) math.LegacyDec {
	if lease == nil || lease.Price.Denom != coin.UACT ||
		(lease.State != marketv1.Lease_active && lease.State != marketv1.Lease_reclaiming) {
		return math.LegacyZeroDec()
	}
	return lease.Price.Amount
}

func (d direct) price(ctx context.Context, id ids.DeploymentID, _ []ids.GroupID) (math.LegacyDec, error) {
	leases, err := d.Chain.ListLeases(ctx, chain.LeaseFilter{Owner: id.Owner, DSeq: id.DSeq})
	sum := math.LegacyZeroDec()
	for i := range leases {
		sum = sum.Add(rateOf(&leases[i].Lease))
	}
	return sum, err
}

func (d direct) block(ctx context.Context) (chain.Block, error) { return d.Chain.LatestBlock(ctx) }

// price adds up the leases in the owner's lists. Where those are not read to their end the deployment's own are asked
// for: a lease that is overlooked would make money seem to last.
func (r *refresher) price(ctx context.Context, id ids.DeploymentID, groups []ids.GroupID) (math.LegacyDec, error) {
	_, sum, err := look(ctx, r, id.Owner, func(v *view) *math.LegacyDec {
		sum := math.LegacyZeroDec()
		for _, group := range groups {
			running, in, known := v.running.find(ctx, group)
			if !known {
				return nil
			}
			if !in {
				if running, _, known = v.reclaiming.find(ctx, group); !known {
					return nil
				}
			}
			sum = sum.Add(rateOf(running))
		}
		return &sum
	})
	switch {
	case err != nil:
		return math.LegacyDec{}, err
	case sum != nil:
		return *sum, nil
	}
	return r.direct.price(ctx, id, groups)
}

// block is asked for once for every view: all that was read for it is of that block or near it.
func (r *refresher) block(ctx context.Context) (chain.Block, error) {
	if err := r.take(ctx); err != nil {
		return chain.Block{}, err
	}
	defer r.pass()
	if now := r.direct.Clock.Now(); r.latest.Height == 0 || now.After(r.latestUntil) {
		block, err := r.direct.block(ctx)
		if err != nil {
			return chain.Block{}, err
		}
		r.latest, r.latestUntil = block, now.Add(refreshTime)
	}
	return r.latest, nil
}
