// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// mostPages bounds how many pages of one list are read, a thousand items each.
const mostPages = 20

// List is what was read of a list on chain.
type List[T any] struct {
	// Items are sorted by id, numbers by their value.
	Items []T
	// At is the block at which reading began; pages are of it or of later ones.
	At chain.Block
	// Partial says that there are more items than were read.
	Partial bool
}

// Without is the list without the items that unwanted tells.
func (l List[T]) Without(unwanted func(T) bool) List[T] {
	l.Items = slices.DeleteFunc(slices.Clone(l.Items), unwanted)
	return l
}

// eachOf hands every item of a list over, page by page; partial says that there are more than [mostPages].
func eachOf[T any](
	ctx context.Context, page func(ctx context.Context, key []byte) ([]T, []byte, error), take func(T),
) (partial bool, err error) {
	var key []byte
	for range mostPages {
		items, next, err := page(ctx, key)
		if err != nil {
			return false, err
		}
		for _, item := range items {
			take(item)
		}
		if next == nil {
			return false, nil
		}
		key = next
	}
	return true, nil
}

// ListLeases lists the leases that match, which must name an owner, in whatever state, with bounds.
func (d *Deployer) ListLeases(
	ctx context.Context, filter chain.LeaseFilter,
) (List[marketv1beta5.QueryLeaseResponse], error) {
	var list List[marketv1beta5.QueryLeaseResponse]
	var err error
	if list.At, err = d.Chain.LatestBlock(ctx); err != nil {
		return list, fmt.Errorf("height of the chain: %w", err)
	}
	wanted := wish{
		dseq: filter.DSeq, gseq: filter.GSeq, oseq: filter.OSeq, seller: filter.ProviderAddr, state: filter.State,
	}
	list.Partial, err = eachOf(ctx, func(
		ctx context.Context, key []byte,
	) ([]marketv1beta5.QueryLeaseResponse, []byte, error) {
		return d.Chain.LeasesPage(ctx, filter, key)
	}, func(l marketv1beta5.QueryLeaseResponse) {
		if wanted.grants(chain.LeaseIDOf(l.Lease.ID).Bid(), l.Lease.State) {
			list.Items = append(list.Items, l)
		}
	})
	slices.SortFunc(list.Items, func(a, b marketv1beta5.QueryLeaseResponse) int {
		return byID(chain.LeaseIDOf(a.Lease.ID).Bid(), chain.LeaseIDOf(b.Lease.ID).Bid())
	})
	return list, err
}

// ListBids lists the bids that match, which must name an owner, in whatever state, with bounds.
func (d *Deployer) ListBids(ctx context.Context, filter chain.BidFilter) (List[marketv1beta5.Bid], error) {
	var list List[marketv1beta5.Bid]
	var err error
	if list.At, err = d.Chain.LatestBlock(ctx); err != nil {
		return list, fmt.Errorf("height of the chain: %w", err)
	}
	wanted := wish{
		dseq: filter.DSeq, gseq: filter.GSeq, oseq: filter.OSeq, seller: filter.ProviderAddr, state: filter.State,
	}
	list.Partial, err = eachOf(ctx, func(
		ctx context.Context, key []byte,
	) ([]marketv1beta5.QueryBidResponse, []byte, error) {
		return d.Chain.BidsPage(ctx, filter, key)
	}, func(b marketv1beta5.QueryBidResponse) {
		if wanted.grants(chain.BidIDOf(b.Bid.ID), b.Bid.State) {
			list.Items = append(list.Items, b.Bid)
		}
	})
	slices.SortFunc(list.Items, func(a, b marketv1beta5.Bid) int {
		return byID(chain.BidIDOf(a.ID), chain.BidIDOf(b.ID))
	})
	return list, err
}

// wish is a filter once more: a node that is asked for one id looks it up and does not heed the state.
type wish struct {
	dseq          uint64
	gseq, oseq    uint32
	seller, state string
}

func (w wish) grants(id ids.BidID, state fmt.Stringer) bool {
	return (w.dseq == 0 || w.dseq == id.DSeq) && (w.gseq == 0 || w.gseq == id.GSeq) &&
		(w.oseq == 0 || w.oseq == id.OSeq) && (w.seller == "" || w.seller == id.ProviderAddr) &&
		(w.state == "" || w.state == state.String())
}

func byID(a, b ids.BidID) int {
	return cmp.Or(cmp.Compare(a.DSeq, b.DSeq), cmp.Compare(a.GSeq, b.GSeq), cmp.Compare(a.OSeq, b.OSeq),
		cmp.Compare(a.ProviderAddr, b.ProviderAddr))
}
