// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var (
	attachPath = path.Root("attach")
	namePath   = path.Root("name")
	// sellerPath is where a plan shows that the address is another one.
	sellerPath = path.Root("provider_address")
)

// firstAuction is the auction_reason of a new endpoint.
const firstAuction = "new endpoint"

// ModifyPlan decides between nothing, a change in place, a new lease for the same holder, and a replacement. It uses
// configuration and state only; what the chain says enters as diagnostics.
func (r *endpointResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.Data == nil {
		return
	}
	var state *model
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		resp.Diagnostics.Append(r.Data.CheckChain(ctx, req.Private, state.ID.ValueString())...)
		resp.Diagnostics.Append(r.checkOwner(*state)...)
		if resp.Diagnostics.HasError() {
			return
		}
		r.retire(state.ID, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(state.protect("destroyed")...)
		return
	}
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bids, known, problems := r.policyOf(ctx, plan)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	p := planner{
		endpointResource: r, plan: &plan, config: config, state: state, bids: bids,
		known: known, private: req.Private, resp: resp,
	}
	p.run(ctx)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// planner works out one plan.
type planner struct {
	*endpointResource
	plan   *model
	config model
	state  *model
	bids   bidpolicy.Policy
	// known is false while a part of the policy is not.
	known   bool
	private providerdata.PrivateReader
	resp    *resource.ModifyPlanResponse
}

func (p *planner) run(ctx context.Context) {
	why, at := "", path.Empty()
	if p.state != nil {
		why, at = p.replaced()
	}
	switch {
	case p.state == nil:
		p.create(ctx, "")
	case why != "":
		p.resp.Diagnostics.Append(p.state.protect("replaced")...)
		p.resp.RequiresReplace = append(p.resp.RequiresReplace, at)
		p.create(ctx, why)
	default:
		p.update(ctx)
	}
}

// replaced says why the endpoint cannot stay, and where the plan shows it; "" when it can.
func (p *planner) replaced() (why string, at path.Path) {
	name := p.config.Name
	switch {
	case name.IsUnknown():
		return "Its name is known after apply", namePath
	case !name.IsNull() && !name.Equal(p.state.Name):
		return fmt.Sprintf("Its name changes from %q to %q", p.state.Name.ValueString(), name.ValueString()), namePath
	case !p.known:
		return "", path.Empty()
	}
	return excludes(p.bids.Market, *p.state), sellerPath
}

// create plans a new holder, which replaces one when why says so.
func (p *planner) create(ctx context.Context, why string) {
	unknown := types.StringUnknown()
	p.plan.ID, p.plan.Owner, p.plan.DSeq = unknown, unknown, unknown
	if p.plan.Name = p.config.Name; p.plan.Name.IsNull() {
		p.plan.Name = unknown
	}
	p.plan.lease(types.StringValue(firstAuction))
	if p.config.Deposit.IsNull() {
		p.plan.Deposit = depositUSD(defaultDepositUSD)
	}
	request, ok := p.request()
	p.plan.MaxUSDPerMonth = types.StringUnknown()
	if p.known {
		p.plan.MaxUSDPerMonth = types.StringValue(request.Most.USDPerMonth(p.Data.BlockTime))
	}
	p.resp.Diagnostics.Append(p.checkDelegation(ctx)...)
	p.checkAttach(ctx, "")
	p.checkName(ctx)
	if p.checkMoney(ctx, true, request); p.resp.Diagnostics.HasError() || !ok {
		return
	}
	subject := subjectOf(*p.plan)
	told := p.forecast(ctx, subject, why, request, ids.GroupID{})
	if why != "" && !told {
		p.resp.Diagnostics.AddAttributeWarning(sellerPath, "Another address: "+subject, why+". "+replaceText)
	}
	p.resp.Diagnostics.Append(p.Data.Note(path.Root("address"), "What "+subject+" is", natureText)...)
}

const (
	replaceText = "The endpoint is replaced: its deployment is closed and refunded, and its address is lost. The new " +
		"one has another address, which deployments that use the endpoint follow when they are leased there."
	natureText = "Inbound IPv4 only: what a deployment sends leaves by the Akash provider's own address. The address " +
		"is chosen by the Akash provider, cannot be taken to another one, and is lost with the lease: when the escrow " +
		"runs out, when the Akash provider ends it, or when this resource is destroyed. Every deployment that uses it " +
		"must be leased from the same Akash provider and pays for an address as well."
)

// update plans for a holder that stays.
func (p *planner) update(ctx context.Context) {
	p.plan.keep(*p.state)
	pays := p.planDeposit(ctx, p.plan, *p.state, &p.resp.Diagnostics)
	if pays {
		p.plan.Escrow, p.plan.FundedUntil = types.ObjectUnknown(escrowTypes), types.StringUnknown()
	}
	request, ok := p.request()
	p.checkMoney(ctx, false, request)
	if p.state.State.ValueString() == marketv1.Lease_reclaiming.String() {
		p.resp.Diagnostics.AddAttributeWarning(path.Root("address"), "Address about to be lost: "+subjectOf(*p.state),
			fmt.Sprintf("Akash provider %s takes the lease back; the address ends with it. The first plan after that leases "+
				"again. To move before, keep it out with bid_policy.deny, which replaces the endpoint.",
				p.state.ProviderAddress.ValueString()))
	}
	reason := p.state.ended()
	if reason == "" {
		p.checkAttach(ctx, p.state.ProviderAddress.ValueString())
		return
	}
	p.plan.lease(types.StringValue(reason))
	p.resp.Diagnostics.Append(p.checkDelegation(ctx)...)
	why := reason + ", and the address with it unless other deployments use the endpoint there. Apply leases again in " +
		"the same deployment, with what its escrow holds: from the Akash provider before if it bids, where those that " +
		"still use the endpoint keep its address, else from another one, with another address."
	id, err := ids.ParseDeploymentID(p.state.ID.ValueString())
	if err != nil || !ok || p.resp.Diagnostics.HasError() {
		return
	}
	if !p.forecast(ctx, subjectOf(*p.state), why, request, deploy.HolderGroup(id)) {
		p.resp.Diagnostics.AddAttributeWarning(path.Root("address"), "Address lost: "+subjectOf(*p.state), why)
	}
}

// request is what apply will ask for, as far as it is known; ok is false where it is no valid one.
func (p *planner) request() (request deploy.IPHolderRequest, ok bool) {
	request = deploy.IPHolderRequest{
		Name: p.config.Name.ValueString(), Policy: p.bids.Market, Most: p.most(p.bids.Market.Ceiling),
	}
	_, err := request.Groups()
	return request, err == nil
}

// forecast tells who would lease the address, with why; told is false where no forecast is made.
func (p *planner) forecast(
	ctx context.Context, subject, why string, request deploy.IPHolderRequest, slot ids.GroupID,
) (told bool) {
	groups, err := request.Groups()
	if err != nil || !p.known {
		return false
	}
	problems, told := p.Data.Forecast(ctx, subject, why, deploy.ForecastRequest{
		Spec: groups[0], Policy: request.Policy, Slot: slot, Repairs: slot != (ids.GroupID{}),
	})
	p.resp.Diagnostics.Append(problems...)
	return told
}

// checkAttach refuses at plan to attach to what is not there: another account's group, or one that is leased from
// another Akash provider than seller, "" while that is not known.
func (p *planner) checkAttach(ctx context.Context, seller string) {
	to, problems := attachOf(ctx, p.plan.Attach)
	p.resp.Diagnostics.Append(problems...)
	if problems.HasError() || to == (ids.GroupID{}) {
		return
	}
	p.resp.Diagnostics.Append(p.Data.CheckOwner("Deployment", to.Owner, "Deployment "+to.Deployment().String())...)
	if p.resp.Diagnostics.HasError() || seller == "" || p.plan.Attach.Equal(p.state.Attach) || p.Data.ChainID == "" {
		return
	}
	connection, err := p.Data.Connect(ctx)
	if err != nil {
		p.resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	if err := connection.Deployer.CheckMove(ctx, seller, p.plan.Name.ValueString(), to); err != nil {
		p.resp.Diagnostics.Append(diags.FromErrorAt(attachPath, err))
	}
}

// lease plans a lease that only an auction can name.
func (m *model) lease(reason types.String) {
	unknown := types.StringUnknown()
	m.AuctionReason = reason
	m.Address, m.ProviderAddress, m.LeaseID, m.State = unknown, unknown, unknown, unknown
	m.CloseReason, m.PricePerBlock, m.USDPerMonth = unknown, unknown, unknown
	m.FundedUntil, m.Escrow = unknown, types.ObjectUnknown(escrowTypes)
	if m.Attached = types.BoolNull(); !m.Attach.IsNull() {
		m.Attached = types.BoolUnknown()
	}
}

// keep takes every computed value from state; only what is attached may be about to change.
func (m *model) keep(state model) {
	m.ID, m.Owner, m.DSeq, m.Name = state.ID, state.Owner, state.DSeq, state.Name
	m.Address, m.ProviderAddress, m.LeaseID = state.Address, state.ProviderAddress, state.LeaseID
	m.State, m.CloseReason, m.AuctionReason = state.State, state.CloseReason, state.AuctionReason
	m.PricePerBlock, m.USDPerMonth, m.MaxUSDPerMonth = state.PricePerBlock, state.USDPerMonth, state.MaxUSDPerMonth
	m.FundedUntil, m.Escrow = state.FundedUntil, state.Escrow
	switch missing := !state.Attached.IsNull() && !state.Attached.ValueBool(); {
	case m.Attach.IsNull():
		m.Attached = types.BoolNull()
	case missing || !m.Attach.Equal(state.Attach):
		m.Attached = types.BoolUnknown()
	default:
		m.Attached = state.Attached
	}
}

// ended says why the holder needs a lease; "" while its lease runs. A reclaiming lease runs until its deadline.
func (m *model) ended() string {
	switch m.State.ValueString() {
	case marketv1.Lease_active.String(), marketv1.Lease_reclaiming.String():
		return ""
	case "":
		return "Deployment " + m.ID.ValueString() + " has no lease"
	default:
		return fmt.Sprintf("Lease %s ended (%s)", m.LeaseID.ValueString(), m.CloseReason.ValueString())
	}
}

// excludes says why the policy no longer allows the Akash provider that has the address; "" when it does, and for a
// lease that ended.
func excludes(policy market.Policy, state model) string {
	id, err := ids.ParseLeaseID(state.LeaseID.ValueString())
	if err != nil || state.ended() != "" {
		return ""
	}
	price, err := coin.ParseDecimal(state.PricePerBlock.ValueString())
	if err != nil {
		return ""
	}
	bid := market.Bid{ID: id.Bid(), Price: coin.PerBlock{Denom: coin.UACT, Amount: price}, Open: true}
	verdict := market.Choose([]market.Bid{bid}, policy.Staying())[0]
	if verdict.Acceptable {
		return ""
	}
	return fmt.Sprintf("The address of %s at %s uact per block is %s", id.ProviderAddr, coin.Trim(price), verdict.Reason)
}

// subjectOf is what people call the endpoint.
func subjectOf(m model) string {
	if name := m.Name.ValueString(); name != "" {
		return "IP endpoint " + name
	}
	return "IP endpoint"
}

// protect refuses to lose an address under deletion_protection.
func (m *model) protect(what string) diag.Diagnostics {
	if m == nil || !m.DeletionProtection.ValueBool() {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "Address is protected",
		fmt.Sprintf("Endpoint %q (%s) would be %s and its address lost. Nothing was changed.\n\nTo let it go, set "+
			"deletion_protection = false and apply that first.", m.Name.ValueString(), m.Address.ValueString(), what))}
}

// checkDelegation refuses at plan what an apply could not do.
func (r *endpointResource) checkDelegation(ctx context.Context) diag.Diagnostics {
	if r.Data.NoGateway != "" {
		return diag.Diagnostics{diag.NewErrorDiagnostic("No access to gateways", r.Data.NoGateway+" So a lease could be "+
			"made, and no address learned. Nothing was created or spent.\n\nApply akash_ip_endpoint with the owner's own key.")}
	}
	return append(r.Data.CheckGrants(ctx, deploy.DeploymentNeeds()), r.Data.CheckGrants(ctx, deploy.LeaseNeeds())...)
}

// checkOwner refuses to touch another account's endpoint.
func (r *endpointResource) checkOwner(m model) diag.Diagnostics {
	return r.Data.CheckOwner("IP endpoint", m.Owner.ValueString(), "Deployment "+m.ID.ValueString())
}

// retire forgets the intent of a holder that state has.
func (r *endpointResource) retire(id types.String, problems *diag.Diagnostics) {
	parsed, err := ids.ParseDeploymentID(id.ValueString())
	if r.Data.Journal == nil || r.Data.ChainID == "" || err != nil {
		return
	}
	if err := r.Data.Journal.Retire(r.Data.ChainID, parsed); err != nil {
		problems.AddWarning("Journal entry not removed", err.Error())
	}
}
