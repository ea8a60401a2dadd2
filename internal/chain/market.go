// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"fmt"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// FindOrder returns an order in any state, or [ErrOrderNotFound].
func (c *Client) FindOrder(ctx context.Context, id ids.OrderID) (*marketv1beta5.Order, error) {
	reply, err := marketv1beta5.NewQueryClient(c.pool).Order(ctx,
		&marketv1beta5.QueryOrderRequest{ID: PBOrderID(id)})
	if err != nil {
		return nil, fmt.Errorf("order %s: %w", id, err)
	}
	return &reply.Order, nil
}

// ListOrders returns the orders of a group, of all groups of its deployment when
// GSeq is 0. State is open, active, closed or empty for all.
func (c *Client) ListOrders(ctx context.Context, id ids.GroupID, state string) ([]marketv1beta5.Order, error) {
	all, err := listAll(ctx, c.orders(id, state))
	if err != nil {
		return nil, fmt.Errorf("orders of %s: %w", id, err)
	}
	return all, nil
}

// OrdersPage returns one page of the orders of owner, as [Client.DeploymentsPage] does. State is as in
// [Client.ListOrders].
func (c *Client) OrdersPage(
	ctx context.Context, owner, state string, key []byte,
) (page []marketv1beta5.Order, next []byte, err error) {
	page, next, err = onePage(ctx, key, c.orders(ids.GroupID{Owner: owner}, state))
	if err != nil {
		return nil, nil, fmt.Errorf("orders of %s: %w", owner, err)
	}
	return page, next, nil
}

func (c *Client) orders(id ids.GroupID, state string) func(
	context.Context, *query.PageRequest,
) ([]marketv1beta5.Order, *query.PageResponse, error) {
	client := marketv1beta5.NewQueryClient(c.pool)
	filters := marketv1beta5.OrderFilters{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, State: state}
	return func(
		ctx context.Context, page *query.PageRequest,
	) ([]marketv1beta5.Order, *query.PageResponse, error) {
		reply, err := client.Orders(ctx, &marketv1beta5.QueryOrdersRequest{Filters: filters, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Orders, reply.Pagination, nil
	}
}

// FindBid returns a bid in any state with its escrow account, or [ErrBidNotFound].
func (c *Client) FindBid(ctx context.Context, id ids.BidID) (*marketv1beta5.QueryBidResponse, error) {
	reply, err := marketv1beta5.NewQueryClient(c.pool).Bid(ctx, &marketv1beta5.QueryBidRequest{ID: PBBidID(id)})
	if err != nil {
		return nil, fmt.Errorf("bid %s: %w", id, err)
	}
	return reply, nil
}

// ListBids returns the bids on an order in all states, ordered by the address
// of the Akash provider and not by time. None is no error.
func (c *Client) ListBids(ctx context.Context, id ids.OrderID) ([]marketv1beta5.QueryBidResponse, error) {
	all, err := listAll(ctx, c.bids(BidFilter{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}))
	if err != nil {
		return nil, fmt.Errorf("bids on %s: %w", id, err)
	}
	return all, nil
}

// BidFilter narrows [Client.BidsPage]. A zero field does not filter; the zero value is every bid of the network.
type BidFilter struct {
	Owner string
	DSeq  uint64
	GSeq  uint32
	OSeq  uint32
	// ProviderAddr is the Akash provider.
	ProviderAddr string
	// State is open, active, lost or closed.
	State string
}

// BidsPage returns one page of the bids that match filter, as [Client.DeploymentsPage] does: by owner and order, not by
// time.
func (c *Client) BidsPage(
	ctx context.Context, filter BidFilter, key []byte,
) (page []marketv1beta5.QueryBidResponse, next []byte, err error) {
	page, next, err = onePage(ctx, key, c.bids(filter))
	if err != nil {
		return nil, nil, fmt.Errorf("bids: %w", err)
	}
	return page, next, nil
}

func (c *Client) bids(filter BidFilter) func(
	context.Context, *query.PageRequest,
) ([]marketv1beta5.QueryBidResponse, *query.PageResponse, error) {
	client := marketv1beta5.NewQueryClient(c.pool)
	filters := marketv1beta5.BidFilters{
		Owner: filter.Owner, DSeq: filter.DSeq, GSeq: filter.GSeq, OSeq: filter.OSeq,
		Provider: filter.ProviderAddr, State: filter.State,
	}
	return func(
		ctx context.Context, page *query.PageRequest,
	) ([]marketv1beta5.QueryBidResponse, *query.PageResponse, error) {
		reply, err := client.Bids(ctx, &marketv1beta5.QueryBidsRequest{Filters: filters, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Bids, reply.Pagination, nil
	}
}

// LeaseFilter narrows [Client.ListLeases]. A zero field does not filter; GSeq
// and OSeq only count together with the fields before them. Owner or
// ProviderAddr should be set: the list of the whole network is long.
type LeaseFilter struct {
	Owner string
	DSeq  uint64
	GSeq  uint32
	OSeq  uint32
	// ProviderAddr is the Akash provider.
	ProviderAddr string
	// State is active, insufficient_funds, closed or reclaiming.
	State string
}

// ListLeases returns the leases that match filter with their escrow payments.
func (c *Client) ListLeases(
	ctx context.Context, filter LeaseFilter,
) ([]marketv1beta5.QueryLeaseResponse, error) {
	all, err := listAll(ctx, c.leases(filter))
	if err != nil {
		return nil, fmt.Errorf("leases: %w", err)
	}
	return all, nil
}

// LeasesPage returns one page of [Client.ListLeases], as [Client.DeploymentsPage] does.
func (c *Client) LeasesPage(
	ctx context.Context, filter LeaseFilter, key []byte,
) (page []marketv1beta5.QueryLeaseResponse, next []byte, err error) {
	page, next, err = onePage(ctx, key, c.leases(filter))
	if err != nil {
		return nil, nil, fmt.Errorf("leases: %w", err)
	}
	return page, next, nil
}

func (c *Client) leases(filter LeaseFilter) func(
	context.Context, *query.PageRequest,
) ([]marketv1beta5.QueryLeaseResponse, *query.PageResponse, error) {
	client := marketv1beta5.NewQueryClient(c.pool)
	filters := marketv1.LeaseFilters{
		Owner: filter.Owner, DSeq: filter.DSeq, GSeq: filter.GSeq, OSeq: filter.OSeq,
		Provider: filter.ProviderAddr, State: filter.State,
	}
	return func(
		ctx context.Context, page *query.PageRequest,
	) ([]marketv1beta5.QueryLeaseResponse, *query.PageResponse, error) {
		reply, err := client.Leases(ctx, &marketv1beta5.QueryLeasesRequest{Filters: filters, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Leases, reply.Pagination, nil
	}
}

// FindLease returns a lease in any state with its escrow payment, or
// [ErrLeaseNotFound].
func (c *Client) FindLease(ctx context.Context, id ids.LeaseID) (*marketv1beta5.QueryLeaseResponse, error) {
	reply, err := marketv1beta5.NewQueryClient(c.pool).Lease(ctx,
		&marketv1beta5.QueryLeaseRequest{ID: PBLeaseID(id)})
	if err != nil {
		return nil, fmt.Errorf("lease %s: %w", id, err)
	}
	return reply, nil
}

// MarketParams returns the network's rules for orders and bids.
func (c *Client) MarketParams(ctx context.Context) (marketv1beta5.Params, error) {
	reply, err := marketv1beta5.NewQueryClient(c.pool).Params(ctx, &marketv1beta5.QueryParamsRequest{})
	if err != nil {
		return marketv1beta5.Params{}, fmt.Errorf("market parameters: %w", err)
	}
	return reply.Params, nil
}
