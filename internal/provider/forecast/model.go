// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

type model struct {
	SDL          types.String `tfsdk:"sdl"`
	PriceCeiling types.Object `tfsdk:"price_ceiling"`
	BidPolicy    types.Object `tfsdk:"bid_policy"`
	Prospect     types.String `tfsdk:"prospect"`
	ReadAt       types.String `tfsdk:"read_at"`
	Height       types.Int64  `tfsdk:"height"`
	Groups       types.Map    `tfsdk:"groups"`
}

var (
	offerType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"provider_address": types.StringType, "price_per_block": types.StringType, "usd_per_month": types.StringType,
		"price_from": types.StringType, "refusal": types.StringType,
	}}
	exclusionType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"constraint": types.StringType, "count": types.Int64Type,
		"provider_addresses": types.ListType{ElemType: types.StringType},
	}}
	groupType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"prospect": types.StringType, "expected_provider_address": types.StringType, "headline": types.StringType,
		"eligible": types.Int64Type, "registered": types.Int64Type, "silent": types.Int64Type,
		"low_usd_per_month": types.StringType, "median_usd_per_month": types.StringType,
		"high_usd_per_month": types.StringType, "ceiling_usd_per_month": types.StringType,
		"offers": types.ListType{ElemType: offerType}, "excluded": types.ListType{ElemType: exclusionType},
	}}
)

// prospects from the best to the worst.
var prospects = []market.Prospect{
	market.Likely, market.PriceUnknown, market.Unreadable, market.TooDear, market.Nobody,
}

// answers collects the outlooks of all groups.
type answers struct {
	blockTime time.Duration
	groups    map[string]attr.Value
	worst     market.Prospect
	oldest    time.Time
	height    int64
}

func newAnswers(blockTime time.Duration) *answers {
	return &answers{blockTime: blockTime, groups: map[string]attr.Value{}, worst: prospects[0]}
}

// add notes the outlook of a group, which people call subject.
func (a *answers) add(name, subject string, o market.Outlook) {
	prospect, _ := o.Prospect()
	if slices.Index(prospects, prospect) > slices.Index(prospects, a.worst) {
		a.worst = prospect
	}
	if !o.ReadAt.IsZero() && (a.oldest.IsZero() || o.ReadAt.Before(a.oldest)) {
		a.oldest, a.height = o.ReadAt, o.Height
	}
	a.groups[name] = types.ObjectValueMust(groupType.AttrTypes, map[string]attr.Value{
		"prospect": types.StringValue(string(prospect)), "headline": types.StringValue(o.Headline(subject, a.blockTime)),
		"expected_provider_address": orNull(o.Favourite),
		"eligible":                  types.Int64Value(int64(len(o.Offers))),
		"registered":                types.Int64Value(int64(o.Registered)),
		"silent":                    types.Int64Value(int64(o.Silent)),
		"low_usd_per_month":         a.usd(o.Low),
		"median_usd_per_month":      a.usd(o.Median), "high_usd_per_month": a.usd(o.High),
		"ceiling_usd_per_month": a.usd(o.Limit.Limit), "offers": a.offers(o.Offers), "excluded": excluded(o.Excluded),
	})
}

// usd prints a price, null for none.
func (a *answers) usd(price coin.PerBlock) types.String {
	if price.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(price.USDPerMonth(a.blockTime))
}

func (a *answers) offers(offers []market.Offer) types.List {
	values := make([]attr.Value, 0, len(offers))
	for _, o := range offers {
		price := types.StringNull()
		if o.Basis != market.NoPrice {
			price = types.StringValue(coin.Trim(o.Price.Amount))
		}
		values = append(values, types.ObjectValueMust(offerType.AttrTypes, map[string]attr.Value{
			"provider_address": types.StringValue(o.Seller.Addr), "price_per_block": price, "usd_per_month": a.usd(o.Price),
			"price_from": types.StringValue(o.Basis.String()), "refusal": orNull(o.Refusal),
		}))
	}
	return types.ListValueMust(offerType, values)
}

func excluded(exclusions []market.Exclusion) types.List {
	values := make([]attr.Value, 0, len(exclusions))
	for _, e := range exclusions {
		addresses := make([]attr.Value, 0, len(e.Sellers))
		for _, addr := range e.Sellers {
			addresses = append(addresses, types.StringValue(addr))
		}
		values = append(values, types.ObjectValueMust(exclusionType.AttrTypes, map[string]attr.Value{
			"constraint": types.StringValue(e.Constraint), "count": types.Int64Value(int64(len(e.Sellers))),
			"provider_addresses": types.ListValueMust(types.StringType, addresses),
		}))
	}
	return types.ListValueMust(exclusionType, values)
}

func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func (a *answers) values() types.Map { return types.MapValueMust(groupType, a.groups) }

func (a *answers) readAt() (types.String, types.Int64) {
	if a.oldest.IsZero() {
		return types.StringNull(), types.Int64Null()
	}
	return types.StringValue(a.oldest.UTC().Format(time.RFC3339)), types.Int64Value(a.height)
}
