// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

const (
	// defaultDepositUSD is what a holder deposits when nothing else is said.
	defaultDepositUSD = "5"
	// defaultMostUSD is what an address may cost a month when nothing else is said.
	defaultMostUSD = 30

	usdInUACT = 1_000_000
)

var depositPath = path.Root("deposit")

type depositModel struct {
	USD  types.String `tfsdk:"usd"`
	UACT types.String `tfsdk:"uact"`
}

var depositTypes = map[string]attr.Type{"usd": types.StringType, "uact": types.StringType}

func depositUSD(usd string) types.Object {
	return types.ObjectValueMust(depositTypes, map[string]attr.Value{
		"usd": types.StringValue(usd), "uact": types.StringNull(),
	})
}

// depositOf reads a deposit in whole uact; nil while it is unknown.
func depositOf(ctx context.Context, value types.Object) (uact math.Int, problems diag.Diagnostics) {
	var m depositModel
	if value.IsUnknown() || value.IsNull() {
		return math.Int{}, nil
	}
	problems = value.As(ctx, &m, basetypes.ObjectAsOptions{})
	if problems.HasError() || m.USD.IsUnknown() || m.UACT.IsUnknown() {
		return math.Int{}, problems
	}
	text, unit := m.UACT.ValueString(), math.LegacyOneDec()
	if m.UACT.IsNull() {
		text, unit = m.USD.ValueString(), math.LegacyNewDec(usdInUACT)
	}
	amount, err := coin.ParseDecimal(text)
	if err != nil {
		problems.AddAttributeError(depositPath, "Invalid deposit", err.Error())
		return math.Int{}, problems
	}
	whole := amount.Mul(unit)
	if !whole.IsInteger() {
		problems.AddAttributeError(depositPath, "Invalid deposit",
			fmt.Sprintf("%s is not a whole number of uact (a millionth of a USD).", text))
		return math.Int{}, problems
	}
	return whole.TruncateInt(), problems
}

// most is what goes on chain as the highest price: the ceiling, or a default.
func (r *endpointResource) most(c market.Ceiling) coin.PerBlock {
	if c.None() {
		return coin.PerBlockFromUSDPerMonth(math.LegacyNewDec(defaultMostUSD), r.Data.BlockTime)
	}
	return c.Limit
}

// planDeposit keeps an equal deposit as it is written, and reports whether apply pays something in.
func (r *endpointResource) planDeposit(ctx context.Context, plan *model, state model, problems *diag.Diagnostics) bool {
	if plan.Deposit.IsUnknown() && !state.Deposit.IsNull() { // computed: nothing is configured
		plan.Deposit = state.Deposit
		return false
	}
	want, more := depositOf(ctx, plan.Deposit)
	problems.Append(more...)
	before, _ := depositOf(ctx, state.Deposit)
	switch {
	case more.HasError():
		return false
	case want.IsNil() || before.IsNil():
		return true
	case want.Equal(before):
		plan.Deposit = state.Deposit
		return false
	case want.LT(before):
		problems.AddAttributeWarning(depositPath, "A deposit cannot be lowered", fmt.Sprintf("%s was deposited and stays "+
			"in escrow; only destroying the endpoint returns it, and its address is lost with it. No transaction is sent.",
			coin.Display(coin.UACT, before)))
		return false
	}
	return true
}

// checkMoney counts what is planned, and says at plan that the account cannot pay it.
func (p *planner) checkMoney(ctx context.Context, creates bool, request deploy.IPHolderRequest) {
	state, problems, r := p.state, &p.resp.Diagnostics, p.endpointResource
	deposit, more := depositOf(ctx, p.plan.Deposit)
	if problems.Append(more...); problems.HasError() || deposit.IsNil() {
		return
	}
	key := p.countedAs(ctx)
	if state != nil {
		if creates {
			r.expectRefund(*state)
		}
		if before, _ := depositOf(ctx, state.Deposit); !creates && !before.IsNil() {
			deposit = math.MaxInt(deposit.Sub(before), math.ZeroInt())
		}
	}
	totals := r.Data.Plan(key, providerdata.Planned{
		Name: subjectOf(*p.plan), Deposit: deposit, PerMonth: request.Most.PerMonth(r.Data.BlockTime),
	})
	problems.Append(r.Data.CheckBudget(totals)...)
	if problems.HasError() || !deposit.IsPositive() || r.Data.Owner == "" || r.Data.ChainID == "" {
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	need := deploy.Need{Planned: totals.Deposit, Deposits: totals.Depositing, Refunds: r.Data.Refunds()}
	if creates {
		request.Deposit = sdk.NewCoin(coin.UACT, deposit)
		opening, err := request.Open()
		if err != nil {
			problems.AddError("Invalid endpoint", err.Error())
			return
		}
		if unfinished, err := connection.Deployer.Unfinished(opening); err == nil && unfinished.DSeq != 0 {
			problems.AddWarning("IP endpoint "+unfinished.String()+" will be continued", "An interrupted run of this "+
				"configuration began to create it. Apply looks it up first: if it exists, it is taken over and nothing is "+
				"paid twice.")
			return
		}
		need.New = &opening
	}
	note, err := connection.Deployer.CheckFunds(ctx, need)
	if err != nil {
		problems.Append(diags.FromErrorAt(depositPath, err))
	}
	if note != "" {
		problems.AddAttributeWarning(depositPath, "Apply mints ACT", note)
	}
}

// replacedKey is where private state keeps what a new endpoint replaces: a replacement is planned in two calls, of
// which the second has no state.
const replacedKey = "replaced"

// countedAs is the id that the money of a plan is counted under, so that a replacement counts once; "" for a new one.
func (p *planner) countedAs(ctx context.Context) string {
	if p.state == nil {
		text, _ := p.private.GetKey(ctx, replacedKey)
		return strings.Trim(string(text), `"`)
	}
	id := p.state.ID.ValueString()
	p.resp.Diagnostics.Append(p.resp.Private.SetKey(ctx, replacedKey, []byte(strconv.Quote(id)))...)
	return id
}

// expectRefund notes what closing a holder that is to be replaced returns.
func (r *endpointResource) expectRefund(state model) {
	balance, ok := state.Escrow.Attributes()["balance_uact"].(types.String)
	if !ok {
		return
	}
	if uact, err := coin.ParseDecimal(balance.ValueString()); err == nil {
		r.Data.ExpectRefund(state.ID.ValueString(), uact)
	}
}
