// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// What a deposit is taken from, in the chain's words.
var (
	fromBalance = depositv1.Source_balance.String()
	fromGrant   = depositv1.Source_grant.String()
)

// balanceOnly is the default of deposit_sources.
func balanceOnly() types.List {
	return types.ListValueMust(types.StringType, []attr.Value{types.StringValue(fromBalance)})
}

func depositSourcesAttribute() schema.Attribute {
	return schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(balanceOnly()),
		MarkdownDescription: "What deposits are taken from, in this order: `balance` is the owner's own, `grant` is what " +
			"others allow it to deposit, see `akash_authz_grant`. What is not spent returns to whom it came from. A change " +
			"is for later deposits and moves nothing. Default `[\"balance\"]`. Example: `[\"grant\", \"balance\"]`.",
		Validators: []validator.List{
			listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
			listvalidator.ValueStringsAre(stringvalidator.OneOf(fromBalance, fromGrant)),
		},
	}
}

// sourcesOf reads deposit_sources; none while a part of it is not known.
func sourcesOf(value types.List) []depositv1.Source {
	var sources []depositv1.Source
	for _, e := range value.Elements() {
		name, ok := e.(types.String)
		if !ok || name.IsUnknown() {
			return nil
		}
		sources = append(sources, depositv1.Source(depositv1.Source_value[name.ValueString()]))
	}
	return sources
}

// granted is what others let the owner deposit, in uact, when deposit_sources asks for it. Without the owner's balance
// among the sources it has to cover the deposit alone, and it is an error when it does not.
func granted(
	ctx context.Context, deployer *deploy.Deployer, value types.List, deposit sdk.Coin, problems *diag.Diagnostics,
) math.LegacyDec {
	grant, balance := false, false
	for _, s := range sourcesOf(value) {
		grant = grant || s == depositv1.Source_grant
		balance = balance || s == depositv1.Source_balance
	}
	if !grant {
		return math.LegacyZeroDec()
	}
	sum, err := deployer.Granted(ctx)
	if err != nil {
		problems.Append(diags.FromErrorAt(path.Root("deposit_sources"), err))
		return math.LegacyZeroDec()
	}
	if !balance && sum.LT(deposit.Amount) {
		problems.AddAttributeError(path.Root("deposit_sources"), "Grants do not cover the deposit", fmt.Sprintf(
			"The deposit is %s, others let %s deposit %s. Nothing was created or spent.\n\nAdd \"balance\" to "+
				"deposit_sources, lower deposit, or have somebody apply\n resource \"akash_authz_grant\" \"deposits\" {\n"+
				"   grantee = %q\n   deposit = { spend_limit_uact = %q }\n }", coin.Display(deposit.Denom, deposit.Amount),
			deployer.Owner, coin.Display(coin.UACT, sum), deployer.Owner, deposit.Amount.String()))
	}
	return math.LegacyNewDecFromInt(sum)
}
