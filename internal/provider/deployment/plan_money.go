// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// terms are what the provider block says about money.
type terms struct {
	ceiling   market.Ceiling
	blockTime time.Duration
	// open is true while the provider block holds values that only apply knows: then nothing follows from it.
	open bool
}

func (r *deploymentResource) terms() terms {
	if r.Data == nil {
		return terms{blockTime: coin.DefaultBlockTime, open: true}
	}
	return terms{ceiling: r.Data.Ceiling, blockTime: r.Data.BlockTime, open: r.Data.CeilingUnknown}
}

// fillDeposit takes the prior deposit, or the default, where the configuration says nothing. A deposit that is
// configured and not known yet stays unknown.
func (p *planner) fillDeposit() {
	switch {
	case p.deposits || !p.plan.Deposit.IsUnknown():
	case p.creates:
		p.plan.Deposit = depositUSD(defaultDepositUSD)
	default:
		p.plan.Deposit = p.state.Deposit
	}
}

// planMost says the most that the leases can cost together. It returns that a block.
func (p *planner) planMost() coin.PerBlock {
	most := market.Most(p.specs, p.terms.ceiling)
	p.plan.MaxUSDPerMonth = types.StringValue(most.USDPerMonth(p.terms.blockTime))
	if p.terms.open {
		p.plan.MaxUSDPerMonth = types.StringUnknown()
	}
	return most
}

// planNewDeposit plans the deposit of a deployment to be created: a runway is paid for at the most it can cost.
func (p *planner) planNewDeposit(ctx context.Context, most coin.PerBlock) {
	p.fillDeposit()
	p.plan.FundedUntil, p.plan.BelowMinRunway = types.StringUnknown(), types.BoolUnknown()
	p.plan.DepositTarget = types.StringUnknown()
	want, known, problems := depositOf(ctx, p.plan.Deposit)
	p.resp.Diagnostics.Append(problems...)
	if !known || (want.isRunway() && p.terms.open) {
		return
	}
	target := want.uact
	if want.isRunway() {
		target = nothingCounted().DepositFor(want.runway, p.terms.blockTime, most)
	}
	p.plan.DepositTarget = types.StringValue(target.String())
}

// planDeposit plans what is to be deposited in all, and reports whether something will be. It keeps the prior text of
// an equal deposit.
func (p *planner) planDeposit(ctx context.Context, most coin.PerBlock) bool {
	p.fillDeposit()
	p.plan.DepositTarget = p.state.DepositTarget
	p.plan.FundedUntil, p.plan.BelowMinRunway = p.state.FundedUntil, p.state.BelowMinRunway
	want, known, problems := depositOf(ctx, p.plan.Deposit)
	p.resp.Diagnostics.Append(problems...)
	if !known {
		p.plan.DepositTarget, p.plan.BelowMinRunway = types.StringUnknown(), types.BoolUnknown()
		return true
	}
	before, hadBefore, _ := depositOf(ctx, p.state.Deposit)
	same := hadBefore && want.equal(before)
	if same && !p.state.Deposit.IsNull() {
		p.plan.Deposit = p.state.Deposit
	}
	target := p.state.targetUACT()
	if target.IsNil() { // of a state that does not know it yet
		target = math.ZeroInt()
		if hadBefore && !before.isRunway() {
			target = before.uact
		}
		p.plan.DepositTarget = types.StringValue(target.String())
	}
	if p.state.BelowMinRunway.IsNull() || !p.plan.MinRunway.Equal(p.state.MinRunway) {
		p.plan.BelowMinRunway = types.BoolValue(p.plan.below(p.money(target), p.terms.blockTime))
	}
	if raised := p.raised(want, same, target, most); raised.GT(target) {
		p.plan.DepositTarget = types.StringValue(raised.String())
		p.plan.FundedUntil, p.plan.BelowMinRunway = types.StringUnknown(), types.BoolValue(false)
		return true
	}
	if !same {
		p.warnLowered(want, target)
	}
	return false
}

// money is what the last refresh counted, and what was deposited up to target since.
func (p *planner) money(target math.Int) deploy.Runway {
	r := p.runway
	r.Deposited = math.LegacyMaxDec(r.Deposited, target.ToLegacyDec())
	return r
}

// raised is the target that the configuration asks for: another deposit than before, or a top-up.
func (p *planner) raised(want wanted, same bool, target math.Int, most coin.PerBlock) math.Int {
	r := p.money(target)
	price := r.Price // the leases' own, once there are some
	if price.IsZero() {
		price = most
	}
	switch {
	case !want.isRunway():
		return want.uact
	case p.terms.open && r.Price.IsZero():
		return target
	case !same:
		return r.DepositFor(want.runway, p.terms.blockTime, price)
	case p.plan.below(r, p.terms.blockTime):
		raised := r.DepositFor(want.runway, p.terms.blockTime, price)
		left, _ := r.Left(p.terms.blockTime)
		p.resp.Diagnostics.AddAttributeWarning(minRunwayPath, "Top-up of deployment "+p.state.ID.ValueString(), fmt.Sprintf(
			"Its escrow lasts for %s, less than min_runway (%s). Apply deposits %s more, for %s at %s a block (%s USD/month).",
			left.Round(time.Minute), p.plan.MinRunway.ValueString(), coin.Display(coin.UACT, raised.Sub(target)),
			want.runway, price, price.USDPerMonth(p.terms.blockTime)))
		return raised
	default:
		return target
	}
}

// warnLowered says what a lower deposit does: nothing.
func (p *planner) warnLowered(want wanted, target math.Int) {
	if !want.isRunway() && want.uact.Equal(target) {
		return
	}
	p.resp.Diagnostics.AddAttributeWarning(path.Root("deposit"), "A deposit cannot be lowered", fmt.Sprintf(
		"%s was deposited and stays in escrow; only closing the deployment returns it. The lower target of %s is "+
			"remembered and no transaction is sent.", coin.Display(coin.UACT, target), want.text))
}

// replacedKey is where a plan's private state names the deployment that is replaced: the second of the two calls that
// plan a replacement, whether the configuration or -replace asked for it, has no other trace of the first.
const replacedKey = "replaced"

// count notes what the plan costs, and refuses what is over the budget.
func (r *deploymentResource) count(
	ctx context.Context, p planner, private providerdata.PrivateReader,
) providerdata.Totals {
	if r.Data == nil || p.laid == nil {
		return providerdata.Totals{}
	}
	key, name := "", "new deployment of "+strings.Join(groupNames(p.laid), ", ")
	if p.state != nil {
		key, name = p.state.ID.ValueString(), "deployment "+p.state.ID.ValueString()
		text, err := json.Marshal(key)
		if err == nil {
			p.resp.Diagnostics.Append(p.resp.Private.SetKey(ctx, replacedKey, text)...)
		}
	} else if text, _ := private.GetKey(ctx, replacedKey); len(text) > 0 {
		key = strings.Trim(string(text), `"`)
	}
	planned := providerdata.Planned{Name: name, Deposit: math.ZeroInt(), PerMonth: market.Most(
		p.specs, p.terms.ceiling).PerMonth(p.terms.blockTime)}
	if target := p.plan.targetUACT(); !target.IsNil() {
		planned.Deposit = target
		if before := p.before(); !p.creates && !before.IsNil() {
			planned.Deposit = math.MaxInt(target.Sub(before), math.ZeroInt())
		}
	}
	totals := r.Data.Plan(key, planned)
	p.resp.Diagnostics.Append(r.Data.CheckBudget(totals)...)
	return totals
}

// before is what is in escrow or was spent from it already, as far as it is known without the chain.
func (p *planner) before() math.Int {
	if p.state == nil {
		return math.Int{}
	}
	target := p.state.targetUACT()
	if paid, ok := p.state.paid(); ok && (target.IsNil() || paid.GT(target)) {
		return paid
	}
	return target
}

func groupNames(doc *sdl.Document) []string {
	var names []string
	for _, group := range doc.Groups() {
		names = append(names, group.Name)
	}
	return names
}

// checkTopUp says at plan whether a higher deposit can be paid.
func (r *deploymentResource) checkTopUp(
	ctx context.Context, p planner, totals providerdata.Totals, problems *diag.Diagnostics,
) {
	target, before := p.plan.targetUACT(), p.before()
	if r.Data == nil || r.Data.Owner == "" || r.Data.ChainID == "" || target.IsNil() || before.IsNil() ||
		!target.GT(before) || problems.HasError() {
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	r.expectGrants(ctx, connection.Deployer, *p.plan, target.Sub(before), problems)
	need := deploy.Need{FromGrant: deploy.FromGrant(sourcesOf(p.plan.DepositSources))}
	r.checkFunds(ctx, connection.Deployer, need, totals, problems)
}

// expectGrants notes what others let the owner deposit: like a refund, it is there for every deposit of the plan.
func (r *deploymentResource) expectGrants(
	ctx context.Context, deployer *deploy.Deployer, plan model, deposit math.Int, problems *diag.Diagnostics,
) {
	covered := granted(ctx, deployer, plan.DepositSources, sdk.NewCoin(coin.UACT, deposit), problems)
	if covered.IsPositive() {
		r.Data.ExpectRefund("grants", covered)
	}
}

// checkFunds asks whether the account can pay all that was planned so far.
func (r *deploymentResource) checkFunds(
	ctx context.Context, deployer *deploy.Deployer, need deploy.Need, totals providerdata.Totals,
	problems *diag.Diagnostics,
) {
	need.Planned, need.Deposits, need.Refunds = totals.Deposit, totals.Depositing, r.Data.Refunds()
	note, err := deployer.CheckFunds(ctx, need)
	if err != nil {
		problems.Append(diags.FromErrorAt(path.Root("deposit"), err))
	}
	if note != "" {
		problems.AddAttributeWarning(path.Root("deposit"), "Apply mints ACT", note)
	}
}
