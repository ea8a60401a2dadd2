// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	// offersAge is how old offers may be before a note tells.
	offersAge = 7 * 24 * time.Hour
	// priceShift is by how many percent newer bids must differ before a note tells.
	priceShift = 20
)

// Offered is what a probe found out about the GPU that was chosen.
type Offered struct {
	GPU market.GPU
	// Sellers made acceptable offers; PerUnit is the cheapest of them, for one GPU.
	Sellers []string
	PerUnit coin.PerBlock
	// At and Height are when.
	At     time.Time
	Height int64
}

// Staleness says why offers may no longer hold, in a sentence or two; "" when nothing speaks against them. It asks for
// the Akash providers and for one page of the network's open bids.
func (d *Deployer) Staleness(ctx context.Context, known Offered) (string, error) {
	var notes []string
	if age := d.Clock.Now().Sub(known.At); !known.At.IsZero() && age > offersAge {
		notes = append(notes, fmt.Sprintf("The offers are of %s, %d days old.",
			known.At.UTC().Format(time.DateOnly), int(age.Hours()/24)))
	}
	gone := 0
	for _, seller := range known.Sellers {
		_, err := d.Chain.FindProvider(ctx, seller)
		switch {
		case errors.Is(err, chain.ErrProviderNotFound):
			gone++
		case err != nil:
			return "", err
		}
	}
	if gone > 0 {
		notes = append(notes, fmt.Sprintf("%d of the %d Akash providers that offered %s are no longer registered.",
			gone, len(known.Sellers), known.GPU.Model))
	}
	page, _, err := d.Chain.BidsPage(ctx, chain.BidFilter{State: marketv1beta5.Bid_open.String()}, nil)
	if err != nil {
		return "", err
	}
	if note := newer(page, known, d.BlockTime); note != "" {
		notes = append(notes, note)
	}
	return strings.Join(notes, " "), nil
}

// newer compares with the cheapest of the network's bids since.
func newer(page []marketv1beta5.QueryBidResponse, known Offered, blockTime time.Duration) string {
	var cheapest *market.GPUOffer
	count := 0
	for _, b := range page {
		offer, ok := market.GPUOfferOf(chain.BidIDOf(b.Bid.ID), b.Bid)
		if !ok || offer.Height <= known.Height || offer.GPU.Model != known.GPU.Model || offer.Price.Denom != coin.UACT {
			continue
		}
		count++
		if cheapest == nil || offer.PerUnit().Amount.LT(cheapest.PerUnit().Amount) {
			cheapest = &offer
		}
	}
	if cheapest == nil || known.PerUnit.IsZero() {
		return ""
	}
	difference := cheapest.PerUnit().Amount.Sub(known.PerUnit.Amount).Abs()
	if difference.MulInt64(100).LT(known.PerUnit.Amount.MulInt64(priceShift)) {
		return ""
	}
	return fmt.Sprintf("%d newer bids on the network ask from %s USD per GPU-hour for %s; the probe found %s.",
		count, cheapest.PerUnit().USDPerHour(blockTime), known.GPU.Model, known.PerUnit.USDPerHour(blockTime))
}
