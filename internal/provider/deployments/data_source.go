// SPDX-License-Identifier: Apache-2.0

// Package deployments is data.akash_deployments: what deployments an account has, what they hold and how long it lasts.
package deployments

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*deploymentsDataSource)(nil)

type deploymentsDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_deployments.
func NewDataSource() datasource.DataSource { return &deploymentsDataSource{} }

// Metadata names the data source.
func (d *deploymentsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_deployments"
}

// Read asks the chain.
func (d *deploymentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
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
	filter := deploy.DeploymentFilter{Owner: owner.ValueString(), State: m.State.ValueString()}
	if !m.DSeq.IsNull() {
		filter.DSeq, _ = ids.ParseDSeq(m.DSeq.ValueString()) // was validated
	}
	list, complete, problems := providerdata.ReadList(ctx, d.Data, "deployments", "state or dseq",
		func(ctx context.Context, deployer *deploy.Deployer) (deploy.List[deploy.ListedDeployment], error) {
			return deployer.ListDeployments(ctx, filter)
		})
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(m.fill(ctx, list, complete, d.Data.BlockTime)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
