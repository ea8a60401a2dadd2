// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var minRunwayPath = path.Root("min_runway")

// runwayKey is where private state keeps what the last refresh counted. Plans are made from it, so that one looks the
// same in whatever process it is made, and nobody sees a value change at every refresh.
const runwayKey = "runway"

// counted is a [deploy.Runway] in private state.
type counted struct {
	DepositedUACT math.LegacyDec `json:"deposited_uact"`
	UsedUACT      math.LegacyDec `json:"used_uact"`
	PriceUACT     math.LegacyDec `json:"price_uact_per_block"`
}

func (c counted) runway() deploy.Runway {
	return deploy.Runway{
		Deposited: c.DepositedUACT, Used: c.UsedUACT, Price: coin.PerBlock{Denom: coin.UACT, Amount: c.PriceUACT},
	}
}

// nothingCounted is of a deployment that no refresh has seen yet.
func nothingCounted() deploy.Runway {
	return deploy.Runway{Deposited: math.LegacyZeroDec(), Used: math.LegacyZeroDec()}
}

func keepRunway(ctx context.Context, private providerdata.PrivateWriter, r deploy.Runway) diag.Diagnostics {
	text, err := json.Marshal(counted{DepositedUACT: r.Deposited, UsedUACT: r.Used, PriceUACT: r.Price.Amount})
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state cannot be written", err.Error())}
	}
	return private.SetKey(ctx, runwayKey, text)
}

// keptRunway reads what the last refresh counted.
func keptRunway(ctx context.Context, private providerdata.PrivateReader) (deploy.Runway, diag.Diagnostics) {
	text, problems := private.GetKey(ctx, runwayKey)
	if problems.HasError() || len(text) == 0 {
		return nothingCounted(), problems
	}
	var c counted
	err := json.Unmarshal(text, &c)
	if err != nil || c.DepositedUACT.IsNil() || c.UsedUACT.IsNil() || c.PriceUACT.IsNil() {
		problems.AddError("Private state cannot be read", fmt.Sprintf("%s: %v", runwayKey, err))
		return nothingCounted(), problems
	}
	return c.runway(), problems
}

// setRunway fills funded_until and below_min_runway. A time that is within the hour of the one in state is the same:
// blocks come a little sooner or later, and that is no news.
func (m *model) setRunway(r deploy.Runway, blockTime time.Duration) {
	m.BelowMinRunway = types.BoolValue(m.below(r, blockTime))
	left, spends := r.Left(blockTime)
	if !spends {
		m.FundedUntil = types.StringNull()
		return
	}
	until := r.At.UTC().Add(left)
	before, err := time.Parse(time.RFC3339, m.FundedUntil.ValueString())
	if err == nil && until.Sub(before).Abs() < time.Hour {
		return
	}
	m.FundedUntil = types.StringValue(until.Truncate(time.Hour).Format(time.RFC3339))
}

// below reports whether the money lasts for less than min_runway.
func (m *model) below(r deploy.Runway, blockTime time.Duration) bool {
	least, err := time.ParseDuration(m.MinRunway.ValueString())
	left, spends := r.Left(blockTime)
	return err == nil && spends && left < least
}

// targetUACT is deposit_target_uact, or nil where state has none, as that of an import without a chain has.
func (m *model) targetUACT() math.Int {
	target, ok := math.NewIntFromString(m.DepositTarget.ValueString())
	if !ok {
		return math.Int{}
	}
	return target
}

// settleTarget works out a target that the plan could not know.
func (r *deploymentResource) settleTarget(
	ctx context.Context, plan *model, doc *sdl.Document, problems *diag.Diagnostics,
) {
	if doc == nil || !plan.DepositTarget.IsUnknown() {
		return
	}
	want, known, more := depositOf(ctx, plan.Deposit)
	problems.Append(more...)
	if !known {
		return
	}
	target := want.uact
	if want.isRunway() {
		terms, more := r.termsOf(ctx, *plan)
		problems.Append(more...)
		specs, more := r.specsOf(ctx, *plan, doc)
		problems.Append(more...)
		target = nothingCounted().DepositFor(want.runway, r.Data.BlockTime, market.Most(specs, terms.ceiling))
	}
	plan.DepositTarget = types.StringValue(target.String())
}

// fillRunway fills what the plan left open.
func (m *model) fillRunway(ctx context.Context, deployer *deploy.Deployer, found deploy.Deployment) error {
	if !m.FundedUntil.IsUnknown() && !m.BelowMinRunway.IsUnknown() {
		return nil
	}
	running, err := deployer.ReadRunway(ctx, found)
	if err != nil {
		return err
	}
	planned := *m
	m.FundedUntil = types.StringNull()
	m.setRunway(running, deployer.BlockTime)
	if !planned.FundedUntil.IsUnknown() {
		m.FundedUntil = planned.FundedUntil
	}
	if !planned.BelowMinRunway.IsUnknown() {
		m.BelowMinRunway = planned.BelowMinRunway
	}
	return nil
}

// emptyRunway empties what could not be filled: the next refresh knows it.
func (m *model) emptyRunway() {
	if m.FundedUntil.IsUnknown() {
		m.FundedUntil = types.StringNull()
	}
	if m.BelowMinRunway.IsUnknown() {
		m.BelowMinRunway = types.BoolValue(false)
	}
}

// forgetRunway forgets what was counted for the deployment that this one replaces.
func forgetRunway(ctx context.Context, private providerdata.PrivateWriter) diag.Diagnostics {
	none := nothingCounted()
	none.Price = coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyZeroDec()}
	return keepRunway(ctx, private, none)
}

// depositRunway is deposit.runway.
func (m *model) depositRunway() types.String {
	runway, ok := m.Deposit.Attributes()["runway"].(types.String)
	if !ok {
		return types.StringNull()
	}
	return runway
}
