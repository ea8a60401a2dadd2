// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ action.ActionWithModifyPlan = (*topUpAction)(nil)

// topUpTimeout covers a transaction on mainnet several times over, and minting before it.
const topUpTimeout = 10 * time.Minute

type topUpAction struct {
	providerdata.ForAction
}

type topUpModel struct {
	DeploymentID types.String   `tfsdk:"deployment_id"`
	BalanceUSD   types.String   `tfsdk:"balance_usd"`
	BalanceUACT  types.String   `tfsdk:"balance_uact"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// NewTopUpAction returns the action akash_top_up.
func NewTopUpAction() action.Action { return &topUpAction{} }

// Metadata names the action.
func (a *topUpAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_top_up"
}

// Schema describes the action.
func (a *topUpAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	one := stringvalidator.ExactlyOneOf(path.MatchRoot("balance_usd"), path.MatchRoot("balance_uact"))
	resp.Schema = schema.Schema{
		MarkdownDescription: "Deposits what a deployment's escrow lacks of a balance. Invoking it again pays nothing while " +
			"the escrow holds as much, so it is safe to repeat. What is not spent comes back when the deployment is " +
			"closed.\n\nThe balance is the escrow's as of its last settlement on chain; with an active lease the real one is " +
			"lower. `akash_deployment.deposit` and `min_runway` do the same with a plan before it; prefer them. They count " +
			"what this action paid: a target that is reached already deposits nothing more.",
		Attributes: map[string]schema.Attribute{
			"deployment_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The deployment, `owner/dseq`, e.g. `akash_deployment.web.id`.",
			},
			"balance_usd": schema.StringAttribute{
				Optional: true, Validators: []validator.String{one, validators.PositiveDecimal()},
				MarkdownDescription: "What the escrow has to hold at least, in US dollars (1 USD = 1 ACT), an exact decimal such " +
					"as `\"12.50\"`. Set this or `balance_uact`.",
			},
			"balance_uact": schema.StringAttribute{
				Optional: true, Validators: []validator.String{one, validators.PositiveWhole()},
				MarkdownDescription: "What the escrow has to hold at least, in uact (1 ACT = 1000000 uact), e.g. `5000000`. Set " +
					"this or `balance_usd`.",
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: "How long the deposit may take, such as `2m`. Default `10m`.",
			}),
		},
	}
}

// deployment reads the deployment: the zero value while it is unknown.
func (a *topUpAction) deployment(m topUpModel) (id ids.DeploymentID, problems diag.Diagnostics) {
	if m.DeploymentID.IsUnknown() {
		return id, nil
	}
	id, err := ids.ParseDeploymentID(m.DeploymentID.ValueString())
	if err != nil {
		problems.AddAttributeError(path.Root("deployment_id"), "Invalid deployment id",
			fmt.Sprintf("%v\n\nUse the id of an akash_deployment: owner/dseq.", err))
		return id, problems
	}
	if a.Data != nil {
		problems.Append(a.Data.CheckOwner("deployment", id.Owner, "deposit into it")...)
	}
	return id, problems
}

// balance is what is asked for, in uact: the zero value while it is unknown.
func (m topUpModel) balance() (uact math.Int, problems diag.Diagnostics) {
	if m.BalanceUSD.IsUnknown() || m.BalanceUACT.IsUnknown() {
		return uact, nil
	}
	at, text, scale := "balance_uact", m.BalanceUACT.ValueString(), func(d math.LegacyDec) math.LegacyDec { return d }
	if m.BalanceUACT.IsNull() {
		at, text, scale = "balance_usd", m.BalanceUSD.ValueString(), coin.FromUSD
	}
	uact, err := wholeUACT(text, scale)
	if err != nil {
		problems.AddAttributeError(path.Root(at), "Invalid amount", err.Error())
	}
	return uact, problems
}

// ModifyPlan refuses what cannot be paid into.
func (a *topUpAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	var m topUpModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, problems := a.deployment(m)
	resp.Diagnostics.Append(problems...)
	_, problems = m.balance()
	resp.Diagnostics.Append(problems...)
}

// Invoke deposits what is missing.
func (a *topUpAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m topUpModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id, problems := a.deployment(m)
	resp.Diagnostics.Append(problems...)
	want, problems := m.balance()
	resp.Diagnostics.Append(problems...)
	limit, problems := m.Timeouts.Invoke(ctx, topUpTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	deployer, err := a.Data.Signer(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	paid, err := deployer.TopUp(bounded, id, want)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	told := fmt.Sprintf("Deployment %s holds %s already; nothing was paid.", id, coin.Display(coin.UACT, want))
	if paid.IsPositive() {
		told = fmt.Sprintf("Paid %s into the escrow of deployment %s.", coin.Display(coin.UACT, paid), id)
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: told})
}
