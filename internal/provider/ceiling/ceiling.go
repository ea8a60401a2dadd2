// SPDX-License-Identifier: Apache-2.0

// Package ceiling is the price_ceiling attribute: the same in the provider block and in a lease.
package ceiling

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// The names of the two ways to write a ceiling.
const (
	USDPerMonth  = "usd_per_month"
	UACTPerBlock = "uact_per_block"
)

// Descriptions of the nested attributes, for both schemas.
const (
	USDPerMonthText = "The most a lease may cost in US dollars a month (30.4375 days), an exact decimal such as " +
		"`\"12.50\"`. Set this or `uact_per_block`."
	UACTPerBlockText = "The most a lease may cost in uact a block (1 uact = 0.000001 USD), an exact decimal such as " +
		"`\"28.5\"`. Set this or `usd_per_month`."
)

// AttrTypes is the object type of the attribute.
var AttrTypes = map[string]attr.Type{USDPerMonth: types.StringType, UACTPerBlock: types.StringType}

type model struct {
	USDPerMonth  types.String `tfsdk:"usd_per_month"`
	UACTPerBlock types.String `tfsdk:"uact_per_block"`
}

// Read decodes the attribute; known is false while any part is unknown. Null is no ceiling.
func Read(
	ctx context.Context, value types.Object, blockTime time.Duration,
) (ceiling market.Ceiling, known bool, problems diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return market.Ceiling{}, value.IsNull(), nil
	}
	var m model
	problems = value.As(ctx, &m, basetypes.ObjectAsOptions{})
	if problems.HasError() || m.USDPerMonth.IsUnknown() || m.UACTPerBlock.IsUnknown() {
		return market.Ceiling{}, false, problems
	}
	switch {
	case !m.USDPerMonth.IsNull():
		usd, err := coin.ParseDecimal(m.USDPerMonth.ValueString())
		if err != nil {
			problems.AddError("Invalid price_ceiling", err.Error())
			return market.Ceiling{}, false, problems
		}
		return market.Ceiling{
			Limit: coin.PerBlockFromUSDPerMonth(usd, blockTime),
			Text:  m.USDPerMonth.ValueString() + " USD per month",
		}, true, problems
	case !m.UACTPerBlock.IsNull():
		amount, err := coin.ParseDecimal(m.UACTPerBlock.ValueString())
		if err != nil {
			problems.AddError("Invalid price_ceiling", err.Error())
			return market.Ceiling{}, false, problems
		}
		return market.Ceiling{
			Limit: coin.PerBlock{Denom: coin.UACT, Amount: amount},
			Text:  m.UACTPerBlock.ValueString() + " uact per block",
		}, true, problems
	default:
		return market.Ceiling{}, true, problems
	}
}

// Tightest returns the lower of two ceilings; none is higher than any.
func Tightest(a, b market.Ceiling) market.Ceiling {
	switch {
	case a.None():
		return b
	case b.None() || a.Limit.Amount.LTE(b.Limit.Amount):
		return a
	default:
		return b
	}
}
