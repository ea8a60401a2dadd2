// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"sync"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// mostScreened bounds how many Akash providers are asked what they would bid: the cheapest expected.
const mostScreened = 16

// screener is a [Gateway] that can be asked whether it would bid (AEP-67). No released software answers yet.
type screener interface {
	ScreenBid(
		ctx context.Context, group deploymentv1beta4.GroupSpec, hosts []string,
	) (*providerv1.BidScreeningResponse, error)
}

// unscreened remembers who does not know the question, for the life of the process. It is safe for concurrent use.
type unscreened struct{ sync.Map }

// screen asks those who can run a group whether they would and for how much, all at once. Whoever does not answer, or
// not this account, is not in the result: what is expected of them stays what it was.
func (d *Deployer) screen(
	ctx context.Context, group deploymentv1beta4.GroupSpec, offers []market.Offer,
) map[string]market.Screening {
	if d.Tx == nil { // no key, so no credentials
		return nil
	}
	var (
		mu       sync.Mutex
		all      sync.WaitGroup
		answered = map[string]market.Screening{}
	)
	asked := 0
	for _, offer := range offers {
		addr := offer.Seller.Addr
		_, silent := d.unscreened.Load(addr)
		if silent || offer.Basis == market.FromBid || asked == mostScreened {
			continue
		}
		asked++
		all.Go(func() {
			answer, ok := d.screenOne(ctx, offer.Seller, group)
			if !ok {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			answered[addr] = answer
		})
	}
	all.Wait()
	return answered
}

func (d *Deployer) screenOne(
	ctx context.Context, seller market.Seller, group deploymentv1beta4.GroupSpec,
) (_ market.Screening, ok bool) {
	client, err := d.Gateways(seller.HostURI, seller.Addr)
	if err != nil {
		return market.Screening{}, false
	}
	asks, ok := client.(screener)
	if !ok {
		return market.Screening{}, false
	}
	answer, err := asks.ScreenBid(ctx, group, nil)
	if errors.Is(err, gateway.ErrNotOffered) {
		d.unscreened.Store(seller.Addr, true)
	}
	if err != nil {
		d.Logger.Debug("an Akash provider was not asked what it would bid", "provider", seller.Addr, "error", err.Error())
		return market.Screening{}, false
	}
	screening := market.Screening{Passed: answer.Passed, Reasons: answer.Reasons}
	if answer.Price != nil {
		screening.Price = coin.PerBlock{Denom: answer.Price.Denom, Amount: answer.Price.Amount}
	}
	return screening, true
}
