// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// CheckBudget refuses a plan that goes over the provider block's budget.
func (d *Data) CheckBudget(totals Totals) diag.Diagnostics {
	var problems diag.Diagnostics
	if limit := d.Budget.PerMonth; !limit.IsNil() && totals.PerMonth.GT(limit) {
		problems.AddError("Over budget.usd_per_month", fmt.Sprintf("The deployments planned so far can cost %s USD/month, "+
			"the provider block's budget is %s:\n%s\nNothing was created or spent.\n\nLower price_ceiling or the SDL's prices "+
			"and counts, or raise budget.usd_per_month.", coin.USD(totals.PerMonth), coin.USD(limit), totals.Dearest()))
	}
	if limit := d.Budget.DepositUACT; !limit.IsNil() && totals.Deposit.GT(limit) {
		problems.AddError("Over budget.spend_per_apply", fmt.Sprintf("This plan deposits %s in %d deployments so far, the "+
			"provider block lets an apply deposit %s. Nothing was created or spent.\n\nLower deposits, apply in parts "+
			"(-target), or raise budget.spend_per_apply.usd.",
			coin.Display(coin.UACT, totals.Deposit), totals.Depositing, coin.Display(coin.UACT, limit)))
	}
	return problems
}
