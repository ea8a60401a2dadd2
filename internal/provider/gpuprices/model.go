// SPDX-License-Identifier: Apache-2.0

package gpuprices

import (
	"context"
	"slices"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/console"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

type model struct {
	Models     types.List   `tfsdk:"models"`
	ConsoleURL types.String `tfsdk:"console_url"`
	Height     types.Int64  `tfsdk:"height"`
	Complete   types.Bool   `tfsdk:"complete"`
	Prices     types.List   `tfsdk:"prices"`
	Console    types.List   `tfsdk:"console"`
}

type priceModel struct {
	Vendor  types.String `tfsdk:"vendor"`
	Model   types.String `tfsdk:"model"`
	Min     types.String `tfsdk:"min_usd_per_gpu_hour"`
	Median  types.String `tfsdk:"median_usd_per_gpu_hour"`
	Max     types.String `tfsdk:"max_usd_per_gpu_hour"`
	Offers  types.Int64  `tfsdk:"offers"`
	Open    types.Int64  `tfsdk:"open"`
	Sellers []string     `tfsdk:"provider_addresses"`
}

type consoleModel struct {
	Vendor    types.String `tfsdk:"vendor"`
	Model     types.String `tfsdk:"model"`
	VRAM      types.String `tfsdk:"vram"`
	Interface types.String `tfsdk:"interface"`
	Total     types.Int64  `tfsdk:"total"`
	Available types.Int64  `tfsdk:"available"`
	Min       types.String `tfsdk:"min_usd_per_gpu_hour"`
	Median    types.String `tfsdk:"median_usd_per_gpu_hour"`
	Max       types.String `tfsdk:"max_usd_per_gpu_hour"`
}

var (
	priceType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"vendor": types.StringType, "model": types.StringType, "min_usd_per_gpu_hour": types.StringType,
		"median_usd_per_gpu_hour": types.StringType, "max_usd_per_gpu_hour": types.StringType,
		"offers": types.Int64Type, "open": types.Int64Type,
		"provider_addresses": types.ListType{ElemType: types.StringType},
	}}
	consoleType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"vendor": types.StringType, "model": types.StringType, "vram": types.StringType, "interface": types.StringType,
		"total": types.Int64Type, "available": types.Int64Type, "min_usd_per_gpu_hour": types.StringType,
		"median_usd_per_gpu_hour": types.StringType, "max_usd_per_gpu_hour": types.StringType,
	}}
)

func (m *model) setPrices(
	ctx context.Context, offers deploy.NetworkOffers, wanted func(model string) bool, blockTime time.Duration,
) (problems diag.Diagnostics) {
	prices := []priceModel{}
	for _, p := range market.GPUPrices(slices.Concat(offers.Open, offers.Leased)) {
		if !wanted(p.Model) {
			continue
		}
		prices = append(prices, priceModel{
			Vendor: types.StringValue(p.Vendor), Model: types.StringValue(p.Model),
			Min:    types.StringValue(p.Min.USDPerHour(blockTime)),
			Median: types.StringValue(p.Median.USDPerHour(blockTime)),
			Max:    types.StringValue(p.Max.USDPerHour(blockTime)),
			Offers: types.Int64Value(int64(p.Offers)), Open: types.Int64Value(open(offers.Open, p)),
			Sellers: p.Sellers,
		})
	}
	m.Prices, problems = types.ListValueFrom(ctx, priceType, prices)
	return problems
}

func (m *model) setConsole(ctx context.Context, told []console.GPUPrice) (problems diag.Diagnostics) {
	models := []consoleModel{}
	for _, p := range told {
		models = append(models, consoleModel{
			Vendor: types.StringValue(p.Vendor), Model: types.StringValue(p.Model), VRAM: types.StringValue(p.RAM),
			Interface: types.StringValue(p.Interface), Total: types.Int64Value(p.Total),
			Available: types.Int64Value(p.Available), Min: usd(p.Min), Median: usd(p.Median), Max: usd(p.Max),
		})
	}
	m.Console, problems = types.ListValueFrom(ctx, consoleType, models)
	return problems
}

func usd(d *math.LegacyDec) types.String {
	if d == nil {
		return types.StringNull()
	}
	return types.StringValue(coin.Trim(*d))
}
