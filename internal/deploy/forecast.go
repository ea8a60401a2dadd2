// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Market reads what Akash providers there are and what they have free. [*forecast.Reader] is one.
type Market interface {
	// Read returns a snapshot no older than a few minutes. Those that want accepts were asked what they have free; what
	// was signed by auditors is read where there are any.
	Read(ctx context.Context, want func(market.Seller) bool, auditors ...string) (market.Snapshot, error)
	// Ask returns what each of these has free, whether they are in the market that was read or not.
	Ask(ctx context.Context, sellers ...market.Seller) []market.Candidate
}

// ForecastRequest asks who would take a group.
type ForecastRequest struct {
	Spec   deploymentv1beta4.GroupSpec
	Policy market.Policy
	// MinReclamation is the notice that the deployment asks for, 0 for none.
	MinReclamation time.Duration
	// Owner is whose leases count where the policy spreads them; "" counts none.
	Owner string
	// Slot, when set, is where the group is on chain already: bids on its open order count as what they are.
	Slot ids.GroupID
	// Repairs says that what ran there has ended, or will end whatever is planned: then bad news refuses no plan.
	Repairs bool
}

// errNoMarket is the answer of a Deployer that was made without a [Market].
var errNoMarket = errors.New("no market to read")

// Forecast says who would take a group and for how much, as far as the market can be read in a few seconds. It sends
// nothing and needs no key. The error is one of package chain, when not even the list of Akash providers could be read.
func (d *Deployer) Forecast(ctx context.Context, request ForecastRequest) (market.Outlook, error) {
	if d.Market == nil {
		return market.Outlook{}, errNoMarket
	}
	question := market.Question{
		Group: request.Spec, Policy: request.Policy, MinReclamation: request.MinReclamation,
	}
	if request.Slot != (ids.GroupID{}) {
		var err error
		if question.Bids, err = d.openBids(ctx, request.Slot); err != nil {
			return market.Outlook{}, err
		}
	}
	if request.Owner != "" && request.Policy.Needs().Held {
		group := request.Slot
		group.Owner = request.Owner
		question.Policy.Held = d.held(ctx, group)
	}
	wanted := func(s market.Seller) bool { return question.Unsuited(s) == "" }
	snapshot, err := d.Market.Read(ctx, wanted, question.Auditors()...)
	if err != nil {
		return market.Outlook{}, fmt.Errorf("read the market: %w", err)
	}
	outlook := snapshot.Judge(question)
	if question.Screenings = d.screen(ctx, request.Spec, outlook.Offers); len(question.Screenings) > 0 {
		outlook = snapshot.Judge(question)
	}
	return outlook, nil
}

// ServiceNames are the services of a group in a manifest, sorted; nil when there is no such group.
func ServiceNames(manifest []byte, group string) []string {
	replicas, err := replicasOf(manifest, group)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(replicas))
}

// GroupTitle is what people call a group of a manifest: its services, or its name while they are not known.
func GroupTitle(manifest []byte, group string) string {
	if services := ServiceNames(manifest, group); len(services) > 0 {
		return strings.Join(services, ", ")
	}
	return group
}

// openBids are the bids on a slot's open order; nil when it has none.
func (d *Deployer) openBids(ctx context.Context, id ids.GroupID) ([]market.Bid, error) {
	slot, err := d.RefreshSlot(ctx, id)
	if err != nil || slot.Order == nil {
		return nil, err
	}
	found, err := d.Chain.ListBids(ctx, chain.OrderIDOf(slot.Order.ID))
	if err != nil {
		return nil, fmt.Errorf("list the bids of %s: %w", chain.OrderIDOf(slot.Order.ID), err)
	}
	return bidsOf(found), nil
}
