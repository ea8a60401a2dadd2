// SPDX-License-Identifier: Apache-2.0

// Package ceiling is the price_ceiling attribute: the same wherever a price can be limited.
package ceiling

import (
	"context"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// The names of the ways to write a ceiling.
const (
	USDPerMonth  = "usd_per_month"
	USDPerHour   = "usd_per_hour"
	UACTPerBlock = "uact_per_block"
)

// Where a ceiling was written, as people are told.
const (
	FromProviderBlock = "provider block"
	FromDeployment    = "deployment"
	FromLease         = "lease"
)

// AttrTypes is the object type of the attribute.
var AttrTypes = map[string]attr.Type{
	USDPerMonth: types.StringType, USDPerHour: types.StringType, UACTPerBlock: types.StringType,
}

type model struct {
	USDPerMonth  types.String `tfsdk:"usd_per_month"`
	USDPerHour   types.String `tfsdk:"usd_per_hour"`
	UACTPerBlock types.String `tfsdk:"uact_per_block"`
}

// unit is one way to write a ceiling.
type unit struct {
	name, text, suffix string
	perBlock           func(amount math.LegacyDec, blockTime time.Duration) coin.PerBlock
}

const blockTimeText = " US dollars are counted in blocks of the network's mean time (6.0 s): while blocks come " +
	"faster, a month costs that much more."

var units = []unit{
	{
		name: USDPerMonth, suffix: " USD per month", perBlock: coin.PerBlockFromUSDPerMonth,
		text: "The most a lease may cost in US dollars a month (30.4375 days), an exact decimal such as `\"12.50\"`." +
			blockTimeText + " Set one of the three.",
	},
	{
		name: USDPerHour, suffix: " USD per hour", perBlock: coin.PerBlockFromUSDPerHour,
		text: "The most a lease may cost in US dollars an hour, an exact decimal such as `\"0.05\"`." + blockTimeText +
			" Set one of the three.",
	},
	{
		name: UACTPerBlock, suffix: " uact per block",
		perBlock: func(amount math.LegacyDec, _ time.Duration) coin.PerBlock {
			return coin.PerBlock{Denom: coin.UACT, Amount: amount}
		},
		text: "The most a lease may cost in uact a block (1 uact = 0.000001 USD), an exact decimal such as `\"28.5\"`. " +
			"Set one of the three.",
	},
}

func (m model) value(name string) types.String {
	switch name {
	case USDPerMonth:
		return m.USDPerMonth
	case USDPerHour:
		return m.USDPerHour
	default:
		return m.UACTPerBlock
	}
}

// Read decodes the attribute; known is false while any part is unknown. Null is no ceiling. source is where it was
// written, see [market.Ceiling].
func Read(
	ctx context.Context, value types.Object, blockTime time.Duration, source string,
) (ceiling market.Ceiling, known bool, problems diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return market.Ceiling{}, value.IsNull(), nil
	}
	var m model
	problems = value.As(ctx, &m, basetypes.ObjectAsOptions{})
	if problems.HasError() {
		return market.Ceiling{}, false, problems
	}
	for _, u := range units {
		if m.value(u.name).IsUnknown() {
			return market.Ceiling{}, false, problems
		}
	}
	for _, u := range units {
		text := m.value(u.name)
		if text.IsNull() {
			continue
		}
		amount, err := coin.ParseDecimal(text.ValueString())
		if err != nil {
			problems.AddError("Invalid price_ceiling", err.Error())
			return market.Ceiling{}, false, problems
		}
		return market.Ceiling{
			Limit: u.perBlock(amount, blockTime), Text: text.ValueString() + u.suffix, Source: source,
		}, true, problems
	}
	return market.Ceiling{}, true, problems
}

// Tightest returns the lowest of ceilings, the first of equal ones; none is higher than any.
func Tightest(ceilings ...market.Ceiling) market.Ceiling {
	var tightest market.Ceiling
	for _, c := range ceilings {
		if !c.None() && (tightest.None() || c.Limit.Amount.LT(tightest.Limit.Amount)) {
			tightest = c
		}
	}
	return tightest
}
