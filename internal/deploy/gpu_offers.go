// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// NetworkOffers are the network's bids with GPUs.
type NetworkOffers struct {
	// Open can be leased now by whom they were made to; Leased are those that were, at the price of their time.
	Open, Leased []market.GPUOffer
	// Height is the block at which reading began.
	Height int64
	// Partial says that there are more bids than were read.
	Partial bool
}

// GPUOffers reads all open and leased bids of the network that have GPUs, with bounds.
func (d *Deployer) GPUOffers(ctx context.Context) (NetworkOffers, error) {
	block, err := d.Chain.LatestBlock(ctx)
	if err != nil {
		return NetworkOffers{}, fmt.Errorf("read the latest block: %w", err)
	}
	found := NetworkOffers{Height: block.Height}
	for state, into := range map[marketv1beta5.Bid_State]*[]market.GPUOffer{
		marketv1beta5.Bid_open: &found.Open, marketv1beta5.Bid_active: &found.Leased,
	} {
		offers, partial, err := d.offersIn(ctx, state)
		if err != nil {
			return NetworkOffers{}, fmt.Errorf("read the network's %s bids: %w", state, err)
		}
		*into, found.Partial = offers, found.Partial || partial
	}
	return found, nil
}

func (d *Deployer) offersIn(
	ctx context.Context, state marketv1beta5.Bid_State,
) (offers []market.GPUOffer, partial bool, err error) {
	partial, err = eachOf(ctx, func(ctx context.Context, key []byte) ([]marketv1beta5.QueryBidResponse, []byte, error) {
		return d.Chain.BidsPage(ctx, chain.BidFilter{State: state.String()}, key)
	}, func(b marketv1beta5.QueryBidResponse) {
		if offer, ok := market.GPUOfferOf(chain.BidIDOf(b.Bid.ID), b.Bid); ok {
			offers = append(offers, offer)
		}
	})
	return offers, partial, err
}
