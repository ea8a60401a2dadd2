// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var estimateType = map[string]attr.Type{
	"aws": types.StringType, "akash_low": types.StringType, "akash_median": types.StringType,
}

// estimate sets what an SDL likely costs beside what the user pays now. A market that cannot be read is a warning, and
// the prices are null: the conversion does not need them.
func estimate(ctx context.Context, data *providerdata.Data, text, aws types.String) (types.Object, diag.Diagnostics) {
	var all diag.Diagnostics
	none := types.ObjectNull(estimateType)
	if aws.IsNull() || text.IsNull() {
		return none, all
	}
	values := map[string]attr.Value{"aws": aws, "akash_low": types.StringNull(), "akash_median": types.StringNull()}
	doc, _ := sdl.Parse([]byte(text.ValueString()))
	if doc == nil || data.ChainID == "" {
		return types.ObjectValueMust(estimateType, values), all
	}
	connection, err := data.Connect(ctx)
	if err == nil {
		var low, median coin.PerBlock
		low, median, err = prices(ctx, data, connection.Deployer, doc)
		values["akash_low"], values["akash_median"] = usd(data, low), usd(data, median)
	}
	if err != nil {
		all.AddWarning("No forecast", "The market could not be read: "+err.Error()+
			"\n\nest_usd_month has no prices of Akash. Plan again to try again.")
	}
	return types.ObjectValueMust(estimateType, values), all
}

// prices are those of the one group that a conversion has.
func prices(
	ctx context.Context, data *providerdata.Data, deployer *deploy.Deployer, doc *sdl.Document,
) (low, median coin.PerBlock, err error) {
	policy, problems := bidpolicy.Read(types.ObjectNull(nil), data.BidPolicy)
	if problems.HasError() {
		return low, median, errors.New(problems[0].Detail())
	}
	policy.Market.Ceiling = data.Ceiling
	for _, group := range doc.Groups() {
		outlook, err := deployer.Forecast(ctx, deploy.ForecastRequest{
			Spec: market.Cap(group, data.Ceiling), Policy: policy.Market, Owner: data.Owner,
		})
		if err != nil {
			return low, median, err
		}
		low, median = outlook.Low, outlook.Median
	}
	return low, median, nil
}

func usd(data *providerdata.Data, price coin.PerBlock) types.String {
	if price.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(price.USDPerMonth(data.BlockTime))
}
