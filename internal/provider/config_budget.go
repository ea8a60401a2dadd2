// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

type budgetModel struct {
	USDPerMonth   types.String `tfsdk:"usd_per_month"`
	SpendPerApply types.Object `tfsdk:"spend_per_apply"`
}

type spendModel struct {
	USD  types.String `tfsdk:"usd"`
	UAKT types.String `tfsdk:"uakt"`
}

// budget reads the limits. One that is not known yet limits nothing until it is.
func (r *resolver) budget(s *settings, m model) {
	var b budgetModel
	var spend spendModel
	if m.Budget.IsUnknown() {
		r.unknown = true
		return
	}
	if !m.Budget.IsNull() {
		r.problems.Append(m.Budget.As(r.ctx, &b, basetypes.ObjectAsOptions{})...)
	}
	switch {
	case b.SpendPerApply.IsUnknown():
		r.unknown = true
	case !b.SpendPerApply.IsNull():
		r.problems.Append(b.SpendPerApply.As(r.ctx, &spend, basetypes.ObjectAsOptions{})...)
	}
	at := path.Root("budget")
	if usd, ok := r.amount(b.USDPerMonth, at.AtName("usd_per_month")); ok {
		s.budget.PerMonth = coin.FromUSD(usd)
	}
	at = at.AtName("spend_per_apply")
	if usd, ok := r.amount(spend.USD, at.AtName("usd")); ok {
		s.budget.DepositUACT = coin.FromUSD(usd).TruncateInt()
	}
	if uakt, ok := r.amount(spend.UAKT, at.AtName("uakt")); ok {
		s.budget.SpendUAKT = uakt.TruncateInt()
	}
}

// amount is a configured decimal; ok is false where there is none, or none yet.
func (r *resolver) amount(value types.String, at path.Path) (amount math.LegacyDec, ok bool) {
	text := r.text(value, "")
	if text == "" {
		return math.LegacyDec{}, false
	}
	amount, err := coin.ParseDecimal(text)
	if err != nil {
		r.problems.AddAttributeError(at, "Invalid amount", err.Error())
	}
	return amount, err == nil
}

func budgetAttribute() schema.Attribute {
	one := []validator.String{validators.PositiveDecimal()}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Limits for everything this provider block manages. A limit that is exceeded is an error " +
			"before anything is spent; closing and refunds are never held back. Example: `{ usd_per_month = 100 }`.",
		Attributes: map[string]schema.Attribute{
			"usd_per_month": schema.StringAttribute{
				Optional: true, Validators: one,
				MarkdownDescription: "The most that all deployments of a plan may cost together in US dollars a month, an exact " +
					"decimal. Each counts with its `max_usd_per_month`, whatever its leases cost. Deployments that a plan leaves " +
					"out (`-target`, other configurations) do not count.",
			},
			"spend_per_apply": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "The most that one apply may pay, whatever the plan said. Set either or both.",
				Attributes: map[string]schema.Attribute{
					"usd": schema.StringAttribute{
						Optional: true, Validators: one,
						MarkdownDescription: "The most that may be deposited into escrow in US dollars (1 USD = 1 ACT), an exact " +
							"decimal such as `\"20\"`.",
					},
					"uakt": schema.StringAttribute{
						Optional: true, Validators: one,
						MarkdownDescription: "The most uakt that may go into fees and into minting ACT (`auto_mint`). A transaction " +
							"whose fee would go over it is not sent, unless it only closes or revokes something.",
					},
				},
			},
		},
	}
}

func autoMintAttribute() schema.Attribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Mint missing ACT before a deposit: uakt is burned at the network's price for at least 10 " +
			"ACT, less a spread (0.25 %), which takes about a minute. The plan says how much. Refused while the network has " +
			"halted minting. Default `false`: a deposit that the account cannot pay is an error at plan.",
	}
}
