// SPDX-License-Identifier: Apache-2.0

package page

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// ErrNoOrder says that the chain has no such order.
var ErrNoOrder = errors.New("no such order")

// auctions are the newest orders: those lately judged, and open ones nobody has judged.
func (r *reader) auctions() ([]Auction, error) {
	judged := map[ids.OrderID]int64{} // to a height that is about the order's
	for id, opinions := range r.decisions {
		for _, d := range opinions {
			judged[id] = max(judged[id], d.Height)
		}
	}
	newest := slices.SortedFunc(maps.Keys(judged), func(a, b ids.OrderID) int {
		return cmp.Or(cmp.Compare(judged[b], judged[a]), cmp.Compare(a.String(), b.String()))
	})
	orders := map[ids.OrderID]marketv1beta5.Order{}
	for _, id := range newest[:min(len(newest), maxAuctions)] {
		order, err := r.order(id)
		switch {
		case errors.Is(err, ErrNoOrder): // judged in a block after this height
		case err != nil:
			return nil, err
		default:
			orders[id] = order
		}
	}
	open, err := marketv1beta5.NewQueryClient(r.network.Conn()).Orders(r.ctx, &marketv1beta5.QueryOrdersRequest{
		Filters:    marketv1beta5.OrderFilters{State: marketv1beta5.Order_open.String()},
		Pagination: &query.PageRequest{Limit: maxAuctions},
	})
	if err != nil {
		return nil, err
	}
	for _, order := range open.Orders {
		orders[orderID(order.ID)] = order
	}
	list := slices.Collect(maps.Values(orders))
	newestFirst(list, func(o marketv1beta5.Order) int64 { return o.CreatedAt },
		func(o marketv1beta5.Order) string { return orderID(o.ID).String() })
	var out []Auction
	for _, order := range list[:min(len(list), maxAuctions)] {
		auction, err := r.auction(order, maxOpinions)
		if err != nil {
			return nil, err
		}
		out = append(out, auction)
	}
	return out, nil
}

// order reads one; it fails with [ErrNoOrder] when there is none at the reader's height.
func (r *reader) order(id ids.OrderID) (marketv1beta5.Order, error) {
	answer, err := marketv1beta5.NewQueryClient(r.network.Conn()).Order(r.ctx, &marketv1beta5.QueryOrderRequest{
		ID: marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq},
	})
	if status.Code(err) == codes.NotFound {
		return marketv1beta5.Order{}, ErrNoOrder
	}
	if err != nil {
		return marketv1beta5.Order{}, err
	}
	return answer.Order, nil
}

// auction puts bids and decisions together; at most so many opinions, 0 is all.
func (r *reader) auction(order marketv1beta5.Order, limit int) (Auction, error) {
	id := orderID(order.ID)
	a := Auction{
		Order: r.orderName(id), State: order.State.String(), Height: order.CreatedAt,
		Group: order.Spec.Name, Wants: wants(order.Spec), Ceiling: ceiling(order),
	}
	bids, err := r.bids(id)
	if err != nil {
		return Auction{}, err
	}
	seen := map[string]bool{}
	for _, bid := range bids {
		seen[bid.ID.Provider] = true
		a.Opinions = append(a.Opinions, Opinion{
			AkashProvider: r.sellerName(bid.ID.Provider), Address: bid.ID.Provider, Verdict: Verdict(bid.State.String()),
			Price: price(bid.Price), Height: bid.CreatedAt,
		})
	}
	var others []Opinion
	for address, d := range r.decisions[id] {
		if seen[address] {
			continue
		}
		o, err := r.opinion(address, d, order.State)
		if err != nil {
			return Auction{}, err
		}
		seen[address] = true
		others = append(others, o)
	}
	others = append(others, r.silent(seen, order.State)...)
	slices.SortFunc(others, func(a, b Opinion) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.AkashProvider, b.AkashProvider))
	})
	a.Opinions = append(a.Opinions, others...)
	if limit > 0 && len(a.Opinions) > limit {
		a.Opinions, a.LeftOut = a.Opinions[:limit], len(a.Opinions)-limit
	}
	return a, nil
}

// silent are the Akash providers that have not decided about an order.
func (r *reader) silent(seen map[string]bool, state marketv1beta5.Order_State) []Opinion {
	var out []Opinion
	for _, p := range r.network.AkashProviders() {
		if seen[p.Address()] {
			continue
		}
		o := Opinion{AkashProvider: p.Name(), Address: p.Address(), Verdict: VerdictNo}
		switch {
		case !p.Alive():
			o.Reason = "it is switched off"
		case state == marketv1beta5.Order_open:
			o.Verdict, o.Reason = VerdictUndecided, "it has not looked at the order yet"
		default:
			o.Reason = "it did not look at the order while that was open"
		}
		out = append(out, o)
	}
	return out
}

// bids are an order's, cheapest first.
func (r *reader) bids(id ids.OrderID) ([]marketv1beta5.Bid, error) {
	answer, err := marketv1beta5.NewQueryClient(r.network.Conn()).Bids(r.ctx, &marketv1beta5.QueryBidsRequest{
		Filters: marketv1beta5.BidFilters{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq},
		// The network allows fewer bids on an order.
		Pagination: &query.PageRequest{Limit: 1000},
	})
	if err != nil {
		return nil, err
	}
	var bids []marketv1beta5.Bid
	for _, b := range answer.Bids {
		bids = append(bids, b.Bid)
	}
	slices.SortStableFunc(bids, func(a, b marketv1beta5.Bid) int {
		return cmp.Or(cmp.Compare(a.Price.Denom, b.Price.Denom), a.Price.Amount.BigInt().Cmp(b.Price.Amount.BigInt()))
	})
	return bids, nil
}

// opinion is that of an Akash provider without a bid on the chain.
func (r *reader) opinion(address string, d akashprovider.Decision, state marketv1beta5.Order_State) (Opinion, error) {
	o := Opinion{
		AkashProvider: r.sellerName(address), Address: address, Verdict: VerdictNo, Reason: d.Reason, Height: d.Height,
	}
	if d.Price == "" {
		return o, nil
	}
	amount, err := sdk.ParseDecCoin(d.Price)
	if err != nil {
		return o, err
	}
	o.Price, o.Verdict = price(amount), VerdictBidding
	if state != marketv1beta5.Order_open {
		o.Verdict, o.Reason = VerdictNo, "the order was no longer open when its bid was due"
	}
	return o, nil
}

// ceiling is the most that an order pays: the sum over its services, which have one denom.
func ceiling(order marketv1beta5.Order) Price {
	total := sdk.DecCoin{Amount: math.LegacyZeroDec()}
	for _, unit := range order.Spec.Resources {
		total.Denom = unit.Price.Denom
		total.Amount = total.Amount.Add(unit.Price.Amount.MulInt64(int64(unit.Count)))
	}
	return price(total)
}

func orderID(o marketv1.OrderID) ids.OrderID {
	return ids.OrderID{Owner: o.Owner, DSeq: o.DSeq, GSeq: o.GSeq, OSeq: o.OSeq}
}
