// SPDX-License-Identifier: Apache-2.0

package market

import "github.com/akash-iac/terraform-provider-akash/internal/ids"

// favourite holds the auction among offers that have a price and may win. What is measured only when a window is over
// counts as not known: latency, and how leases ended.
func (q Question) favourite(offers []Offer) string {
	policy := q.Policy
	policy.Sellers = make(map[string]Seller, len(offers))
	var bids []Bid
	for _, o := range offers {
		if o.Refusal != "" || o.Basis == NoPrice {
			continue
		}
		policy.Sellers[o.Seller.Addr] = o.Seller
		bids = append(bids, Bid{ID: ids.BidID{ProviderAddr: o.Seller.Addr}, Price: o.Price, Open: true})
	}
	winners := Acceptable(Choose(bids, policy))
	if len(winners) == 0 {
		return ""
	}
	return winners[0].ID.ProviderAddr
}

// overtakes reports whether an offer wins although a cheaper one may win too.
func (o Outlook) overtakes(offer Offer) bool {
	if offer.Seller.Addr != o.Favourite {
		return false
	}
	for _, other := range o.Offers { // the cheapest first
		if other.Refusal == "" && other.Basis != NoPrice {
			return other.Seller.Addr != o.Favourite
		}
	}
	return false
}
