// SPDX-License-Identifier: Apache-2.0

// Package leases is data.akash_leases: what leases an account has or had, what they cost and why they ended.
package leases

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*leasesDataSource)(nil)

type leasesDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_leases.
func NewDataSource() datasource.DataSource { return &leasesDataSource{} }

// Metadata names the data source.
func (d *leasesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_leases"
}

// Read asks the chain.
func (d *leasesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	owner, problems := d.Data.ListOwner(m.Owner)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.Owner = owner
	filter := chain.LeaseFilter{
		Owner: owner.ValueString(), State: m.State.ValueString(), ProviderAddr: m.ProviderAddress.ValueString(),
	}
	if !m.DSeq.IsNull() {
		filter.DSeq, _ = ids.ParseDSeq(m.DSeq.ValueString()) // was validated
	}
	list, complete, problems := providerdata.ReadList(ctx, d.Data, "leases", "state, dseq or provider_address",
		func(ctx context.Context, deployer *deploy.Deployer) (deploy.List[marketv1beta5.QueryLeaseResponse], error) {
			return deployer.ListLeases(ctx, filter)
		})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.fill(ctx, list, complete, d.Data.USDPerMonth)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
