// SPDX-License-Identifier: Apache-2.0

package page

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// running reports whether a lease is paid for.
func (l Lease) running() bool {
	return l.State == marketv1.Lease_active.String() || l.State == marketv1.Lease_reclaiming.String()
}

// leases are those that run, and those of the auctions that have ended; more tells that some that run are left out.
func (r *reader) leases(auctions []Auction) (_ []Lease, more bool, err error) {
	found := map[string]Lease{}
	add := func(filters marketv1.LeaseFilters) (cut bool, err error) {
		answer, err := marketv1beta5.NewQueryClient(r.network.Conn()).Leases(r.ctx, &marketv1beta5.QueryLeasesRequest{
			Filters: filters, Pagination: &query.PageRequest{Limit: maxLeases},
		})
		if err != nil {
			return false, err
		}
		for _, l := range answer.Leases {
			lease := r.lease(l.Lease)
			found[lease.Order.ID+"/"+lease.Address] = lease
		}
		return len(answer.Pagination.NextKey) > 0, nil
	}
	for _, state := range []marketv1.Lease_State{marketv1.Lease_active, marketv1.Lease_reclaiming} {
		cut, err := add(marketv1.LeaseFilters{State: state.String()})
		if err != nil {
			return nil, false, err
		}
		more = more || cut
	}
	for _, a := range auctions {
		id, err := ids.ParseOrderID(a.Order.ID)
		if err != nil {
			return nil, false, err
		}
		if _, err := add(marketv1.LeaseFilters{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}); err != nil {
			return nil, false, err
		}
	}
	list := slices.Collect(maps.Values(found))
	newestFirst(list, func(l Lease) int64 { return l.Since }, func(l Lease) string { return l.Order.ID })
	slices.SortStableFunc(list, func(a, b Lease) int { return cmp.Compare(rank(a), rank(b)) })
	return list, more, nil
}

// rank puts leases that run first.
func rank(l Lease) int {
	if l.running() {
		return 0
	}
	return 1
}

func (r *reader) lease(l marketv1.Lease) Lease {
	out := Lease{
		Order:         r.orderName(ids.OrderID{Owner: l.ID.Owner, DSeq: l.ID.DSeq, GSeq: l.ID.GSeq, OSeq: l.ID.OSeq}),
		AkashProvider: r.sellerName(l.ID.Provider), Address: l.ID.Provider,
		State: l.State.String(), Price: price(l.Price), Since: l.CreatedAt, ClosedOn: l.ClosedOn,
	}
	if !out.running() {
		out.Reason = l.Reason.String()
	}
	return out
}

// escrows are the accounts of the deployments that leases run in or open orders wait in, in the order of the leases.
func (r *reader) escrows(view View) ([]Escrow, error) {
	rates := map[ids.DeploymentID]Price{}
	var order []ids.DeploymentID
	add := func(text string, p Price) error {
		id, err := ids.ParseOrderID(text)
		if err != nil {
			return err
		}
		deployment := id.Deployment()
		before, known := rates[deployment]
		if !known {
			order = append(order, deployment)
		}
		rates[deployment], err = before.plus(p)
		return err
	}
	for _, l := range view.Leases {
		if l.running() {
			if err := add(l.Order.ID, l.Price); err != nil {
				return nil, err
			}
		}
	}
	for _, a := range view.Auctions {
		if a.State == marketv1beta5.Order_open.String() {
			if err := add(a.Order.ID, Price{}); err != nil {
				return nil, err
			}
		}
	}
	var out []Escrow
	for _, id := range order {
		e, err := r.escrow(id, rates[id])
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// escrow reads one account and settles it to the reader's height, as the chain would.
func (r *reader) escrow(id ids.DeploymentID, rate Price) (Escrow, error) {
	answer, err := deploymentv1beta4.NewQueryClient(r.network.Conn()).Deployment(r.ctx,
		&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}})
	if err != nil {
		return Escrow{}, err
	}
	state := answer.EscrowAccount.State
	e := Escrow{
		Deployment: id.String(), Owner: r.accountName(id.Owner), DSeq: id.DSeq, State: state.State.String(),
		Burn: rate, Blocks: -1,
	}
	left := sdk.DecCoin{Denom: rate.Denom, Amount: math.LegacyZeroDec()}
	for _, f := range state.Funds {
		if left.Denom == "" || left.Denom == f.Denom {
			left.Denom, left.Amount = f.Denom, left.Amount.Add(f.Amount)
		}
	}
	perBlock, err := rate.decimal()
	if err != nil {
		return Escrow{}, err
	}
	left.Amount = left.Amount.Sub(perBlock.MulInt64(r.height - state.SettledAt))
	left.Amount = math.LegacyMaxDec(left.Amount, math.LegacyZeroDec())
	e.Balance = coin.Display(left.Denom, left.Amount.TruncateInt())
	if blocks, ok := (coin.PerBlock{Denom: left.Denom, Amount: perBlock}).Blocks(left.Amount); ok {
		e.Blocks, e.Lasts = blocks, Lasting(blocks, ReferenceBlockTime)
		e.LastsHere = Lasting(blocks, r.network.BlockTime())
	}
	return e, nil
}

// burn is what leases that run cost together.
func burn(leases []Lease) (Price, error) {
	var total Price
	var err error
	for _, l := range leases {
		if l.running() {
			if total, err = total.plus(l.Price); err != nil {
				return Price{}, err
			}
		}
	}
	return total, nil
}

// Lasting writes how long so many blocks take in the two largest units: "5d 3h", "12m 30s".
func Lasting(blocks int64, blockTime time.Duration) string {
	const day = 24 * time.Hour
	// Whole seconds first: the product of both would overflow with a large deposit and a small price.
	total := math.NewInt(blocks).MulRaw(int64(blockTime)).QuoRaw(int64(time.Second))
	if limit := math.NewInt(1000 * 365 * 24 * 60 * 60); total.GT(limit) {
		return "1000 years and more"
	}
	rest := time.Duration(total.Int64()) * time.Second
	if rest >= 1000*day {
		return text(int64(rest/(365*day)), "y ") + text(int64(rest%(365*day)/day), "d")
	}
	units := []struct {
		name string
		size time.Duration
	}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for i, u := range units[:len(units)-1] {
		if rest >= u.size {
			next := units[i+1]
			return text(int64(rest/u.size), u.name+" ") + text(int64(rest%u.size/next.size), next.name)
		}
	}
	return text(int64(rest/time.Second), "s")
}
