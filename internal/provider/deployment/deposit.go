// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

type depositModel struct {
	USD    types.String `tfsdk:"usd"`
	UACT   types.String `tfsdk:"uact"`
	Runway types.String `tfsdk:"runway"`
}

var depositTypes = map[string]attr.Type{
	"usd": types.StringType, "uact": types.StringType, "runway": types.StringType,
}

// defaultDepositUSD is what a deployment deposits when nothing else is said.
const defaultDepositUSD = "5"

func depositUSD(usd string) types.Object {
	return types.ObjectValueMust(depositTypes, map[string]attr.Value{
		"usd": types.StringValue(usd), "uact": types.StringNull(), "runway": types.StringNull(),
	})
}

// wanted is what a deposit attribute asks for: a whole amount of uact, or a time to be paid for.
type wanted struct {
	uact   math.Int
	runway time.Duration
	// text is as it is written, for messages.
	text string
}

// isRunway reports whether a time is wanted.
func (w wanted) isRunway() bool { return w.runway > 0 }

// equal reports whether the same is wanted, however it is written.
func (w wanted) equal(other wanted) bool {
	return w.runway == other.runway && (w.isRunway() || w.uact.Equal(other.uact))
}

// depositOf reads a deposit; known is false while it is unknown.
func depositOf(ctx context.Context, value types.Object) (want wanted, known bool, problems diag.Diagnostics) {
	if value.IsNull() {
		value = depositUSD(defaultDepositUSD)
	}
	if value.IsUnknown() {
		return wanted{}, false, nil
	}
	var m depositModel
	problems = value.As(ctx, &m, basetypes.ObjectAsOptions{})
	if problems.HasError() || m.USD.IsUnknown() || m.UACT.IsUnknown() || m.Runway.IsUnknown() {
		return wanted{}, false, problems
	}
	if !m.Runway.IsNull() {
		runway, err := time.ParseDuration(m.Runway.ValueString())
		if err != nil || runway <= 0 {
			problems.AddError("Invalid deposit", fmt.Sprintf("runway %q is not a duration above zero such as 720h.",
				m.Runway.ValueString()))
			return wanted{}, false, problems
		}
		return wanted{runway: runway, text: "a runway of " + m.Runway.ValueString()}, true, problems
	}
	text, scale := m.UACT.ValueString(), func(d math.LegacyDec) math.LegacyDec { return d }
	if m.UACT.IsNull() {
		text, scale = m.USD.ValueString(), coin.FromUSD
	}
	uact, err := wholeUACT(text, scale)
	if err != nil {
		problems.AddError("Invalid deposit", err.Error())
		return wanted{}, false, problems
	}
	return wanted{uact: uact, text: coin.Display(coin.UACT, uact)}, true, problems
}

// wholeUACT reads an amount of which scale makes uact. There is no part of a uact.
func wholeUACT(text string, scale func(math.LegacyDec) math.LegacyDec) (math.Int, error) {
	amount, err := coin.ParseDecimal(text)
	if err != nil {
		return math.Int{}, err
	}
	whole := scale(amount)
	if !whole.IsInteger() {
		return math.Int{}, fmt.Errorf("%s is not a whole number of uact (a millionth of a USD)", text)
	}
	return whole.TruncateInt(), nil
}

// checkRunway refuses a min_runway that there is nothing to top up to.
func checkRunway(ctx context.Context, m model, problems *diag.Diagnostics) {
	least, err := time.ParseDuration(m.MinRunway.ValueString())
	want, known, _ := depositOf(ctx, m.Deposit)
	if m.MinRunway.IsNull() || m.MinRunway.IsUnknown() || err != nil || !known && !m.Deposit.IsNull() {
		return
	}
	switch {
	case !want.isRunway():
		problems.AddAttributeError(minRunwayPath, "min_runway without a runway", "min_runway tops the escrow up to "+
			"deposit.runway, which is not set. Write for example deposit = { runway = \"720h\" }, or remove min_runway.")
	case least > want.runway:
		problems.AddAttributeError(minRunwayPath, "min_runway above the runway", fmt.Sprintf(
			"With min_runway %s and deposit.runway %s every apply would top up. Make min_runway the shorter one.",
			least, want.runway))
	}
}
