// SPDX-License-Identifier: Apache-2.0

package market

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// QueryServer answers the module's queries.
type QueryServer struct {
	k      *Keeper
	escrow *escrow.Keeper
}

var _ marketv1beta5.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper, accounts *escrow.Keeper) QueryServer {
	return QueryServer{k: k, escrow: accounts}
}

// filter is what orders, bids and leases are listed by; seller and bseq only for the latter two.
type filter struct {
	owner    string
	dseq     uint64
	gseq     uint32
	oseq     uint32
	provider string
	bseq     uint32
}

// prefix is the longest leading part of the primary key the filter gives; a
// part is used only when all parts before it are given.
func (f filter) prefix() table.Key {
	if f.owner == "" {
		return nil
	}
	key := table.Key{}.Text(f.owner)
	if f.dseq == 0 {
		return key
	}
	key = key.Uint64(f.dseq)
	if f.gseq == 0 {
		return key
	}
	key = key.Uint32(f.gseq)
	if f.oseq == 0 {
		return key
	}
	return key.Uint32(f.oseq)
}

// accepts tells whether an id has every part that the filter gives.
func (f filter) accepts(id marketv1.BidID) bool {
	return (f.owner == "" || f.owner == id.Owner) && (f.dseq == 0 || f.dseq == id.DSeq) &&
		(f.gseq == 0 || f.gseq == id.GSeq) && (f.oseq == 0 || f.oseq == id.OSeq) &&
		(f.provider == "" || f.provider == id.Provider) && (f.bseq == 0 || f.bseq == id.BSeq)
}

// list runs a list query: by owner where one is given, else by Akash provider, else state by state.
func list[T any, P table.Record[T]](
	ctx sdk.Context, tab table.Table[T, P], f filter, state string, states map[string]int32,
	page *query.PageRequest, idOf func(*T) marketv1.BidID,
) ([]T, *query.PageResponse, error) {
	wanted, all, err := table.States(state, states, page)
	if err != nil {
		return nil, nil, err
	}
	sel := table.Selection[T]{
		States: wanted, AllStates: all, Keep: func(rec *T) bool { return f.accepts(idOf(rec)) },
	}
	switch {
	case f.owner != "":
		sel.Path, sel.Prefix = table.InPrimary, f.prefix()
	case f.provider != "":
		sel.Path, sel.Second = table.InSecond, table.Key{}.Text(f.provider)
	}
	return tab.List(ctx, sel, page)
}

// Orders lists orders by id parts and state.
func (s QueryServer) Orders(
	goCtx context.Context, req *marketv1beta5.QueryOrdersRequest,
) (*marketv1beta5.QueryOrdersResponse, error) {
	f := filter{owner: req.Filters.Owner, dseq: req.Filters.DSeq, gseq: req.Filters.GSeq, oseq: req.Filters.OSeq}
	orders, page, err := list(sdk.UnwrapSDKContext(goCtx), s.k.orders, f, req.Filters.State,
		marketv1beta5.Order_State_value, req.Pagination, func(o *marketv1beta5.Order) marketv1.BidID {
			return marketv1.BidID{Owner: o.ID.Owner, DSeq: o.ID.DSeq, GSeq: o.ID.GSeq, OSeq: o.ID.OSeq}
		})
	if err != nil {
		return nil, err
	}
	return &marketv1beta5.QueryOrdersResponse{Orders: orders, Pagination: page}, nil
}

// Order answers one order, or [ErrOrderNotFound].
func (s QueryServer) Order(
	goCtx context.Context, req *marketv1beta5.QueryOrderRequest,
) (*marketv1beta5.QueryOrderResponse, error) {
	if err := checkParty(req.ID.Owner, "owner"); err != nil {
		return nil, err
	}
	order, ok := s.k.order(sdk.UnwrapSDKContext(goCtx), req.ID)
	if !ok {
		return nil, ErrOrderNotFound
	}
	return &marketv1beta5.QueryOrderResponse{Order: order}, nil
}

// Bids lists bids by id parts, seller and state, with their escrow accounts.
func (s QueryServer) Bids(
	goCtx context.Context, req *marketv1beta5.QueryBidsRequest,
) (*marketv1beta5.QueryBidsResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	f := filter{
		owner: req.Filters.Owner, dseq: req.Filters.DSeq, gseq: req.Filters.GSeq, oseq: req.Filters.OSeq,
		provider: req.Filters.Provider, bseq: req.Filters.BSeq,
	}
	bids, page, err := list(ctx, s.k.bids, f, req.Filters.State, marketv1beta5.Bid_State_value, req.Pagination,
		func(b *marketv1beta5.Bid) marketv1.BidID { return b.ID })
	if err != nil {
		return nil, err
	}
	out := make([]marketv1beta5.QueryBidResponse, 0, len(bids))
	for _, bid := range bids {
		account, err := s.escrow.Account(ctx, escrow.BidAccount(bid.ID))
		if err != nil {
			return nil, err
		}
		out = append(out, marketv1beta5.QueryBidResponse{Bid: bid, EscrowAccount: account})
	}
	return &marketv1beta5.QueryBidsResponse{Bids: out, Pagination: page}, nil
}

// Bid answers one bid, or [ErrBidNotFound].
func (s QueryServer) Bid(
	goCtx context.Context, req *marketv1beta5.QueryBidRequest,
) (*marketv1beta5.QueryBidResponse, error) {
	if err := checkParties(req.ID); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	bid, ok := s.k.bid(ctx, req.ID)
	if !ok {
		return nil, ErrBidNotFound
	}
	account, err := s.escrow.Account(ctx, escrow.BidAccount(bid.ID))
	if err != nil {
		return nil, err
	}
	return &marketv1beta5.QueryBidResponse{Bid: bid, EscrowAccount: account}, nil
}

// Leases lists leases by id parts, seller and state, with their payments.
func (s QueryServer) Leases(
	goCtx context.Context, req *marketv1beta5.QueryLeasesRequest,
) (*marketv1beta5.QueryLeasesResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	f := filter{
		owner: req.Filters.Owner, dseq: req.Filters.DSeq, gseq: req.Filters.GSeq, oseq: req.Filters.OSeq,
		provider: req.Filters.Provider, bseq: req.Filters.BSeq,
	}
	leases, page, err := list(ctx, s.k.leases, f, req.Filters.State, marketv1.Lease_State_value, req.Pagination,
		func(l *marketv1.Lease) marketv1.BidID { return bidOf(l.ID) })
	if err != nil {
		return nil, err
	}
	out := make([]marketv1beta5.QueryLeaseResponse, 0, len(leases))
	for _, lease := range leases {
		payment, err := s.escrow.Payment(ctx, escrow.LeasePayment(lease.ID))
		if err != nil {
			return nil, err
		}
		out = append(out, marketv1beta5.QueryLeaseResponse{Lease: lease, EscrowPayment: payment})
	}
	return &marketv1beta5.QueryLeasesResponse{Leases: out, Pagination: page}, nil
}

// Lease answers one lease, or [ErrLeaseNotFound].
func (s QueryServer) Lease(
	goCtx context.Context, req *marketv1beta5.QueryLeaseRequest,
) (*marketv1beta5.QueryLeaseResponse, error) {
	if err := checkParties(bidOf(req.ID)); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	lease, ok := s.k.lease(ctx, req.ID)
	if !ok {
		return nil, ErrLeaseNotFound
	}
	payment, err := s.escrow.Payment(ctx, escrow.LeasePayment(lease.ID))
	if err != nil {
		return nil, err
	}
	return &marketv1beta5.QueryLeaseResponse{Lease: lease, EscrowPayment: payment}, nil
}

// Params answers the module's parameters.
func (s QueryServer) Params(
	goCtx context.Context, _ *marketv1beta5.QueryParamsRequest,
) (*marketv1beta5.QueryParamsResponse, error) {
	params, err := s.k.Params(sdk.UnwrapSDKContext(goCtx))
	if err != nil {
		return nil, err
	}
	return &marketv1beta5.QueryParamsResponse{Params: params}, nil
}

func checkParties(id marketv1.BidID) error {
	if err := checkParty(id.Owner, "owner"); err != nil {
		return err
	}
	return checkParty(id.Provider, "provider")
}

func checkParty(text, role string) error {
	if _, err := stateless.Address(text); err != nil {
		return status.Errorf(codes.InvalidArgument, "invalid %s address", role)
	}
	return nil
}
