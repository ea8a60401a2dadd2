// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// sellerList is who is registered.
type sellerList struct {
	Height  int64    `json:"height"`
	Sellers []seller `json:"sellers"` // by address
}

type seller struct {
	Addr       string                   `json:"addr"`
	HostURI    string                   `json:"host_uri"`
	Email      string                   `json:"email,omitempty"`
	Website    string                   `json:"website,omitempty"`
	Attributes []attributesv1.Attribute `json:"attributes,omitempty"`
}

// auditList is what auditors signed for one Akash provider, by auditor.
type auditList map[string][]attributesv1.Attribute

// priceList is what bids on the network were seen.
type priceList struct {
	Observations []market.Observation `json:"observations,omitempty"` // the newest first
	Read         int                  `json:"read"`                   // bids
	Rest         bool                 `json:"rest,omitempty"`         // there are more
}

// forChain is how long a question to the chain may take: a little less than those who wait for the answer, who then
// learn what was read until then, or why nothing was.
func (r *Reader) forChain() time.Duration { return r.limits.Total * 9 / 10 }

// fetchSellers lists the registered Akash providers.
func (r *Reader) fetchSellers(ctx context.Context, _ string) (sellerList, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, r.forChain())
	defer cancel()
	block, err := r.chain.LatestBlock(ctx)
	if err != nil {
		return sellerList{}, failureHolds, err
	}
	registered, err := r.chain.ListProviders(ctx)
	if err != nil {
		return sellerList{}, failureHolds, err
	}
	list := sellerList{Height: block.Height}
	for _, p := range registered {
		list.Sellers = append(list.Sellers, seller{
			Addr: p.Owner, HostURI: p.HostURI, Email: p.Info.Email, Website: p.Info.Website, Attributes: p.Attributes,
		})
	}
	slices.SortFunc(list.Sellers, func(a, b seller) int { return cmp.Compare(a.Addr, b.Addr) })
	return list, listsHold, nil
}

// fetchAudits reads what was signed for the Akash provider addr.
func (r *Reader) fetchAudits(ctx context.Context, addr string) (auditList, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, r.forChain())
	defer cancel()
	signed, err := r.chain.ListAudits(ctx, addr)
	if err != nil {
		return nil, failureHolds, err
	}
	list := auditList{}
	for _, s := range signed {
		list[s.Auditor] = s.Attributes
	}
	return list, listsHold, nil
}

// addAudits completes the candidates and returns for how many it could not. They get half of the time that is left, so
// that the gateways have the rest. Without auditors it adds nothing.
func (r *Reader) addAudits(ctx context.Context, candidates []market.Candidate, auditors []string) (missing int) {
	if len(auditors) == 0 {
		return 0
	}
	keys := make([]string, len(candidates))
	for i, c := range candidates {
		keys[i] = c.Addr
	}
	half, cancel := context.WithTimeout(ctx, r.limits.Total/2)
	defer cancel()
	read := r.audits.ask(half, keys, r.fetchAudits)
	for i := range candidates {
		if list, ok := read[candidates[i].Addr]; ok && list.err == nil {
			candidates[i].Audits = list.value
		} else {
			missing++
		}
	}
	return missing
}

// fetchPrices reads bids of the whole network, accepted ones and open ones, page by page while there is time.
func (r *Reader) fetchPrices(ctx context.Context, _ string) (priceList, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, r.forChain())
	defer cancel()
	var list priceList
	var failed error
	for _, state := range []marketv1beta5.Bid_State{marketv1beta5.Bid_active, marketv1beta5.Bid_open} {
		var key []byte
		for range r.limits.BidPages {
			page, next, err := r.chain.BidsPage(ctx, chain.BidFilter{State: state.String()}, key)
			if err != nil {
				failed, key = err, nil
				list.Rest = true
				break
			}
			list.Read += len(page)
			for _, bid := range page {
				if seen, ok := observe(bid.Bid); ok {
					list.Observations = append(list.Observations, seen)
				}
			}
			if key = next; key == nil {
				break
			}
		}
		list.Rest = list.Rest || key != nil
	}
	list.Observations = newest(list.Observations, r.limits)
	if failed != nil {
		return list, failureHolds, failed
	}
	return list, listsHold, nil
}

// observe reads a bid; ok is false for one that tells no price for anything.
func observe(bid marketv1beta5.Bid) (seen market.Observation, ok bool) {
	price := coin.PerBlock{Denom: bid.Price.Denom, Amount: bid.Price.Amount}
	if len(bid.ResourcesOffer) == 0 || price.IsZero() || price.Amount.IsNegative() {
		return market.Observation{}, false
	}
	return market.Observation{
		ProviderAddr: bid.ID.Provider, Shape: market.ShapeOfOffer(bid.ResourcesOffer), Price: price, Height: bid.CreatedAt,
	}, true
}

// newest keeps the newest, of every Akash provider some.
func newest(all []market.Observation, limits Limits) []market.Observation {
	slices.SortStableFunc(all, func(a, b market.Observation) int { return cmp.Compare(b.Height, a.Height) })
	of := map[string]int{}
	kept := all[:0]
	for _, seen := range all {
		if of[seen.ProviderAddr]++; of[seen.ProviderAddr] <= limits.PerSeller && len(kept) < limits.Observations {
			kept = append(kept, seen)
		}
	}
	return kept
}
