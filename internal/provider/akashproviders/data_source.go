// SPDX-License-Identifier: Apache-2.0

// Package akashproviders is data.akash_providers and data.akash_provider: who sells on the market, and what they have.
package akashproviders

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*providersDataSource)(nil)

// readTime bounds a read of the market, the connection to the chain included.
const readTime = 20 * time.Second

type providersDataSource struct {
	providerdata.ForDataSource
}

type listModel struct {
	Attributes types.Map    `tfsdk:"attributes"`
	AuditedBy  types.List   `tfsdk:"audited_by"`
	GPU        types.Object `tfsdk:"gpu"`
	Free       types.Object `tfsdk:"free"`
	OnlineOnly types.Bool   `tfsdk:"online_only"`
	Height     types.Int64  `tfsdk:"height"`
	ReadAt     types.String `tfsdk:"read_at"`
	Complete   types.Bool   `tfsdk:"complete"`
	Unanswered types.Int64  `tfsdk:"unanswered"`
	Providers  types.List   `tfsdk:"providers"`
}

// NewDataSource returns akash_providers.
func NewDataSource() datasource.DataSource { return &providersDataSource{} }

// Metadata names the data source.
func (d *providersDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_providers"
}

// Read asks the chain and, without credentials, the gateways. A market that cannot be read is a warning and an empty
// list, so that a plan stands on what it knows otherwise.
func (d *providersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	filter, problems := m.filter(ctx)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	list, err := d.list(ctx, filter)
	m.Height, m.ReadAt = types.Int64Value(list.Height), types.StringValue(list.ReadAt.UTC().Format(time.RFC3339))
	switch {
	case err != nil:
		m.Height, m.ReadAt = types.Int64Null(), types.StringNull()
		resp.Diagnostics.AddWarning("Akash providers could not be read", fmt.Sprintf("%v\n\nproviders is empty and complete "+
			"false, so that the plan can go on without the market. Plan again to try again.", err))
	case list.Unaudited > 0:
		resp.Diagnostics.AddWarning("Audits could not be read for all Akash providers", fmt.Sprintf("What auditors signed "+
			"for %d of the registered Akash providers is not known: their audited_by is null, the filter audited_by leaves "+
			"them out, and complete is false. Plan again to try again.", list.Unaudited))
	}
	m.Complete = types.BoolValue(err == nil && list.Unaudited == 0)
	m.Unanswered = types.Int64Value(int64(list.Unanswered))
	values := make([]attr.Value, 0, len(list.Sellers))
	for _, c := range list.Sellers {
		values = append(values, objectOf(factsOf(c)))
	}
	m.Providers = types.ListValueMust(factsType, values)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *providersDataSource) list(ctx context.Context, filter market.Filter) (deploy.SellerList, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		return deploy.SellerList{}, err
	}
	return connection.Deployer.ListSellers(ctx, filter)
}
