// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// importedReason is the auction_reason of a lease that was made elsewhere.
const importedReason = "imported"

// triggered says which trigger asks for another auction; "" when none does. decided is false while the triggers are not
// known. A lease that was just imported has met none yet.
func triggered(triggers types.Map, state model) (reason string, decided bool) {
	if state.RebidTriggers.IsNull() && state.AuctionReason.ValueString() == importedReason {
		return "", true
	}
	if triggers.IsUnknown() {
		return "", false
	}
	before, now := state.RebidTriggers.Elements(), triggers.Elements()
	var changed []string
	decided = true
	all := maps.Clone(before)
	if all == nil {
		all = map[string]attr.Value{}
	}
	maps.Copy(all, now)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		old, was := before[key]
		value, is := now[key]
		switch {
		case is && value.IsUnknown():
			decided = false
		case !was || !is || !old.Equal(value):
			changed = append(changed, key)
		}
	}
	if len(changed) == 0 {
		return "", decided
	}
	return "rebid_triggers changed: " + strings.Join(changed, ", "), true
}

// triggeredBy is the reason by which a planned auction is held, at apply.
func (m *model) triggeredBy(state model) string {
	reason, _ := triggered(m.RebidTriggers, state)
	return reason
}

// leaving is the lease that the plan ends although it may stay; the zero value for none.
func (m *model) leaving(state *model) ids.LeaseID {
	if state == nil || !m.ID.Equal(state.ID) || !m.LeaseID.IsUnknown() || m.triggeredBy(*state) == "" {
		return ids.LeaseID{}
	}
	id, err := ids.ParseLeaseID(state.LeaseID.ValueString())
	if err != nil {
		return ids.LeaseID{}
	}
	return id
}

// tellCheaper says that somebody else is expected to run the group for less, where the configuration wants to know.
func (r *leaseResource) tellCheaper(
	ctx context.Context, plan model, group groupModel, policy market.Policy,
) diag.Diagnostics {
	percent, err := coin.ParseDecimal(plan.RebidCheaper.ValueString())
	spec, specErr := sdl.ParseGroupText(group.Spec.ValueString())
	price, priceErr := coin.ParseDecimal(plan.PricePerBlock.ValueString())
	if err != nil || specErr != nil || priceErr != nil {
		return nil
	}
	outlook, ok := r.Data.Outlook(ctx, deploy.ForecastRequest{
		Spec: spec, Policy: policy, MinReclamation: group.notice(),
	})
	if !ok {
		return nil
	}
	note := cheaperNote(plan.ProviderAddress.ValueString(), price, percent, outlook, r.Data.BlockTime)
	if note == "" {
		return nil
	}
	return r.Data.Note(path.Root("rebid_if_cheaper_by"), "Cheaper elsewhere: "+plan.ID.ValueString(), note)
}

// cheaperNote tells of the first offer of somebody else that may win and is expected to cost percent less than price;
// "" when there is none.
func cheaperNote(
	holder string, price, percent math.LegacyDec, outlook market.Outlook, blockTime time.Duration,
) string {
	for _, offer := range outlook.Offers { // the cheapest first
		if offer.Seller.Addr == holder || offer.Refusal != "" || offer.Basis == market.NoPrice ||
			offer.Price.Denom != coin.UACT {
			continue
		}
		saved := price.Sub(offer.Price.Amount)
		if !price.IsPositive() || saved.MulInt64(100).LT(percent.Mul(price)) {
			return ""
		}
		now := coin.PerBlock{Denom: coin.UACT, Amount: price}
		return fmt.Sprintf("The lease costs %s USD/month; %s is expected to ask about %s (%s %% less, from %s). Nothing is "+
			"planned because of it. To ask for bids again, which ends this lease first, change rebid_triggers.",
			now.USDPerMonth(blockTime), offer.Seller.Addr, offer.Price.USDPerMonth(blockTime),
			saved.MulInt64(100).Quo(price).TruncateInt(), offer.Basis)
	}
	return ""
}
