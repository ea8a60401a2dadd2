// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// GPUPrice is what a model costs by the offers that were seen.
type GPUPrice struct {
	Vendor, Model string
	// Min, Median and Max are of one GPU with its share of what comes with it. The median of an even number of offers is
	// halfway between the two in the middle.
	Min, Median, Max coin.PerBlock
	// Offers is how many were seen; Sellers are the Akash providers that made them, sorted.
	Offers  int
	Sellers []string
}

// GPUPrices sums offers up by vendor and model, in that order. Offers that are not in uact are left out.
func GPUPrices(offers []GPUOffer) []GPUPrice {
	type kind struct{ vendor, model string }
	by := map[kind][]GPUOffer{}
	for _, offer := range offers {
		if offer.Price.Denom == coin.UACT {
			k := kind{offer.GPU.Vendor, offer.GPU.Model}
			by[k] = append(by[k], offer)
		}
	}
	prices := make([]GPUPrice, 0, len(by))
	for k, of := range by {
		SortGPUOffers(of)
		price := GPUPrice{
			Vendor: k.vendor, Model: k.model, Offers: len(of),
			Min: of[0].PerUnit(), Median: of[len(of)/2].PerUnit(), Max: of[len(of)-1].PerUnit(),
		}
		if len(of)%2 == 0 {
			price.Median.Amount = price.Median.Amount.Add(of[len(of)/2-1].PerUnit().Amount).QuoInt64(2)
		}
		for _, offer := range of {
			price.Sellers = append(price.Sellers, offer.Bid.ProviderAddr)
		}
		slices.Sort(price.Sellers)
		price.Sellers = slices.Compact(price.Sellers)
		prices = append(prices, price)
	}
	slices.SortFunc(prices, func(a, b GPUPrice) int {
		return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Model, b.Model))
	})
	return prices
}
