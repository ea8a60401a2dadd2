// SPDX-License-Identifier: Apache-2.0

package market

import (
	"fmt"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// VariantResult is how a probe ended for one variant of a GPU profile.
type VariantResult struct {
	// Offers is how many bids came in, Acceptable how many of them are not over the ceiling.
	Offers, Acceptable int
	// Cheapest is the lowest bid; nil without any.
	Cheapest *GPUOffer
	// Reason is a short text for people.
	Reason string
}

// ChooseVariant takes the first variant that somebody offers under its ceiling; -1 when there is none. Both slices have
// an element a variant, in order of preference. Offers in another denom than uact are never acceptable. The order of a
// variant's offers does not matter.
func ChooseVariant(
	ceilings []Ceiling, offers [][]GPUOffer, blockTime time.Duration,
) (chosen int, results []VariantResult) {
	chosen = -1
	for i, ceiling := range ceilings {
		result := judgeVariant(ceiling, offers[i])
		switch {
		case result.Offers == 0:
			result.Reason = "no bid"
		case result.Acceptable == 0:
			result.Reason = fmt.Sprintf("over the ceiling of %s: the cheapest of %d bids asks %s USD per GPU-hour",
				ceiling, result.Offers, result.Cheapest.PerUnit().USDPerHour(blockTime))
			if result.Offers == 1 {
				result.Reason = fmt.Sprintf("over the ceiling of %s: the only bid asks %s USD per GPU-hour",
					ceiling, result.Cheapest.PerUnit().USDPerHour(blockTime))
			}
			if result.Cheapest.Price.Denom != coin.UACT {
				result.Reason = "no bid in uact"
			}
		case chosen >= 0:
			result.Reason = fmt.Sprintf("a variant before it was chosen; from %s USD per GPU-hour",
				result.Cheapest.PerUnit().USDPerHour(blockTime))
		default:
			chosen = i
			result.Reason = fmt.Sprintf("chosen: the first with an acceptable bid, from %s USD per GPU-hour",
				result.Cheapest.PerUnit().USDPerHour(blockTime))
		}
		results = append(results, result)
	}
	return chosen, results
}

func judgeVariant(ceiling Ceiling, offers []GPUOffer) VariantResult {
	var result VariantResult
	for _, offer := range offers {
		result.Offers++
		if ceiling.Allows(offer) {
			result.Acceptable++
		}
		if result.Cheapest == nil || lower(offer.Price, result.Cheapest.Price) {
			result.Cheapest = &offer
		}
	}
	return result
}

// lower reports whether a is lower than b; uact is before every other denom.
func lower(a, b coin.PerBlock) bool {
	if (a.Denom == coin.UACT) != (b.Denom == coin.UACT) {
		return a.Denom == coin.UACT
	}
	return comparePrices(a, b) < 0
}

// Allows reports whether an offer is in uact and not over the ceiling.
func (c Ceiling) Allows(offer GPUOffer) bool {
	if offer.Price.Denom != coin.UACT {
		return false
	}
	if c.None() {
		return true
	}
	order, err := offer.Price.Compare(c.Limit)
	return err == nil && order <= 0
}
