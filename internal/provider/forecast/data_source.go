// SPDX-License-Identifier: Apache-2.0

// Package forecast is data.akash_forecast: who would take the groups of an SDL, and for how much.
package forecast

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var _ datasource.DataSourceWithConfigure = (*forecastDataSource)(nil)

type forecastDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_forecast.
func NewDataSource() datasource.DataSource { return &forecastDataSource{} }

// Metadata names the data source.
func (d *forecastDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_forecast"
}

// Read parses the SDL and asks the market about every group. A market that cannot be read is a warning and an answer
// without offers, so that a plan stands on what it knows otherwise.
func (d *forecastDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	doc, problems := sdl.Parse([]byte(m.SDL.ValueString()))
	if doc == nil {
		resp.Diagnostics.Append(diags.SDL(path.Root("sdl"), problems)...)
		return
	}
	policy, more := d.policyOf(ctx, m)
	if resp.Diagnostics.Append(more...); resp.Diagnostics.HasError() {
		return
	}
	notice, _ := doc.ReclamationMinWindow()
	answers := newAnswers(d.Data.BlockTime)
	for _, group := range doc.Groups() {
		// What a new deployment's group allows on chain, as a lease's plan has it.
		group = market.Cap(group, d.Data.Ceiling)
		outlook, err := d.ask(ctx, deploy.ForecastRequest{
			Spec: group, Policy: policy, MinReclamation: notice, Owner: d.Data.Owner,
		})
		if err != nil {
			resp.Diagnostics.Append(unreadable(group, err))
		}
		answers.add(group.Name, deploy.GroupTitle(doc.ManifestJSON(), group.Name), outlook)
	}
	m.Groups, m.Prospect = answers.values(), types.StringValue(string(answers.worst))
	m.ReadAt, m.Height = answers.readAt()
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// policyOf is what a lease with the same attributes would go by.
func (d *forecastDataSource) policyOf(ctx context.Context, m model) (market.Policy, diag.Diagnostics) {
	own, _, problems := ceiling.Read(ctx, m.PriceCeiling, d.Data.BlockTime, ceiling.FromLease)
	policy, more := bidpolicy.Read(m.BidPolicy, d.Data.BidPolicy)
	problems.Append(more...)
	policy.Market.Ceiling = ceiling.Tightest(own, d.Data.Ceiling)
	return policy.Market, problems
}

func (d *forecastDataSource) ask(ctx context.Context, request deploy.ForecastRequest) (market.Outlook, error) {
	if d.Data.ChainID == "" {
		return market.Outlook{}, errNoNetwork
	}
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		return market.Outlook{}, err
	}
	return connection.Deployer.Forecast(ctx, request)
}

// errNoNetwork is why nothing can be asked while the provider block is not known.
var errNoNetwork = errors.New("the network is not known yet")

func unreadable(group deploymentv1beta4.GroupSpec, err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("No forecast for group %q", group.Name), fmt.Sprintf(
		"The market could not be read: %v\n\nThe data source has prospect \"unreadable\" and no offers. Plan again to try "+
			"again.", err))
}
