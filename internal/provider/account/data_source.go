// SPDX-License-Identifier: Apache-2.0

// Package account is data.akash_account: an account's balances.
package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ datasource.DataSourceWithConfigure = (*accountDataSource)(nil)

type accountDataSource struct {
	providerdata.ForDataSource
}

type model struct {
	Address  types.String `tfsdk:"address"`
	ChainID  types.String `tfsdk:"chain_id"`
	UACT     types.String `tfsdk:"uact"`
	UAKT     types.String `tfsdk:"uakt"`
	Balances types.Map    `tfsdk:"balances"`
}

// NewDataSource returns akash_account.
func NewDataSource() datasource.DataSource { return &accountDataSource{} }

// Metadata names the data source.
func (d *accountDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_account"
}

// Schema describes the data source.
func (d *accountDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What an account can spend now. Deposits are paid in uact, transaction fees in uakt.",
		Attributes: map[string]schema.Attribute{
			"address": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "The account, `akash1…`. Default: the one the Terraform provider runs as. An account the " +
					"chain has never seen has no balances.",
			},
			"chain_id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "The chain the balances are on, e.g. `akashnet-2`.",
			},
			"uact": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Spendable uact (1 ACT = 1000000 uact = 1 USD), a whole number.",
			},
			"uakt": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Spendable uakt (1 AKT = 1000000 uakt), a whole number.",
			},
			"balances": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Every spendable balance: denomination → whole number.",
			},
		},
	}
}

// Read asks the chain.
func (d *accountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if m.Address.IsNull() {
		m.Address = types.StringValue(d.Data.Owner)
	}
	if m.Address.ValueString() == "" {
		resp.Diagnostics.AddAttributeError(path.Root("address"), "No account",
			"The Terraform provider's own account is not known yet; set address.")
		return
	}
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	balances, err := connection.Chain.SpendableBalances(ctx, m.Address.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	m.ChainID = types.StringValue(connection.Chain.ChainID())
	m.UACT = types.StringValue(balances.AmountOf(coin.UACT).String())
	m.UAKT = types.StringValue(balances.AmountOf(coin.UAKT).String())
	all := map[string]attr.Value{}
	for _, b := range balances {
		all[b.Denom] = types.StringValue(b.Amount.String())
	}
	m.Balances = types.MapValueMust(types.StringType, all)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
