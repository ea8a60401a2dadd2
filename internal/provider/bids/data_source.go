// SPDX-License-Identifier: Apache-2.0

// Package bids is data.akash_bids: what Akash providers offered an account for its orders.
package bids

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*bidsDataSource)(nil)

type bidsDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_bids.
func NewDataSource() datasource.DataSource { return &bidsDataSource{} }

// Metadata names the data source.
func (d *bidsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_bids"
}

// Read asks the chain.
func (d *bidsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
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
	filter := chain.BidFilter{
		Owner: owner.ValueString(), State: m.State.ValueString(), ProviderAddr: m.ProviderAddress.ValueString(),
		GSeq: uint32(m.GSeq.ValueInt64()), OSeq: uint32(m.OSeq.ValueInt64()), //nolint:gosec // validated to fit
	}
	if !m.DSeq.IsNull() {
		filter.DSeq, _ = ids.ParseDSeq(m.DSeq.ValueString()) // was validated
	}
	list, complete, problems := providerdata.ReadList(ctx, d.Data, "bids", "state, dseq or provider_address",
		func(ctx context.Context, deployer *deploy.Deployer) (deploy.List[marketv1beta5.Bid], error) {
			return deployer.ListBids(ctx, filter)
		})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.fill(ctx, list, complete, d.Data.USDPerMonth)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
