// SPDX-License-Identifier: Apache-2.0

package akashproviders

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ datasource.DataSourceWithConfigure = (*providerDataSource)(nil)

type providerDataSource struct {
	providerdata.ForDataSource
}

type singleModel struct {
	facts
	Version    types.String `tfsdk:"version"`
	Kubernetes types.String `tfsdk:"kubernetes_version"`
	Ended      types.Int64  `tfsdk:"ended_leases"`
	GaveUp     types.Int64  `tfsdk:"given_up_leases"`
	OwnEnded   types.Int64  `tfsdk:"own_ended_leases"`
	OwnGaveUp  types.Int64  `tfsdk:"own_given_up_leases"`
}

// NewSingle returns akash_provider.
func NewSingle() datasource.DataSource { return &providerDataSource{} }

// Metadata names the data source.
func (d *providerDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_provider"
}

// Schema describes the data source.
func (d *providerDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	attributes := factAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"address": schema.StringAttribute{
			Required: true, Validators: []validator.String{validators.Address()},
			MarkdownDescription: "Account of the Akash provider, `akash1…`. It is an error when it is not registered.",
		},
		"version": text("The version of the software behind its gateway, e.g. `0.10.1`; null when it did not tell."),
		"kubernetes_version": text("The version of Kubernetes there, e.g. `v1.33.1`; null when it did not " +
			"tell."),
		"ended_leases": number("How many ended leases the chain told of when asked for those with this Akash provider, " +
			"1000 at most."),
		"given_up_leases": number("How many of these it ended itself: as unstable, out of service or without a reason."),
		"own_ended_leases": number("How many leases of the Terraform provider's owner with it have ended, 1000 at most; " +
			"null while the owner is not known."),
		"own_given_up_leases": number("How many of these it ended itself; null likewise."),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "One Akash provider: what it registered on chain, what auditors signed, how its leases " +
			"ended, and what its gateway tells now. A gateway that does not answer within a few seconds is `online = " +
			"false` and no error.",
		Attributes: attributes,
	}
}

// Read asks the chain, then the gateway.
func (d *providerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var address types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("address"), &address)...)
	if resp.Diagnostics.HasError() {
		return
	}
	told, err := d.read(ctx, address.ValueString())
	switch {
	case errors.Is(err, chain.ErrProviderNotFound):
		resp.Diagnostics.AddAttributeError(path.Root("address"), "No such Akash provider", fmt.Sprintf(
			"%s is not registered as an Akash provider on chain %s.\n\ndata.akash_providers lists those that are.",
			address.ValueString(), d.Data.ChainID))
		return
	case err != nil:
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	m := singleModel{
		facts: factsOf(told.Candidate), Version: some(told.Version.Version), Kubernetes: some(told.Version.Kubernetes),
		Ended: types.Int64Value(int64(told.Record.Leases)), GaveUp: types.Int64Value(int64(told.Record.GaveUp)),
	}
	if own := told.OwnRecord; own != nil {
		m.OwnEnded, m.OwnGaveUp = types.Int64Value(int64(own.Leases)), types.Int64Value(int64(own.GaveUp))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *providerDataSource) read(ctx context.Context, addr string) (deploy.SellerFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		return deploy.SellerFacts{}, err
	}
	return connection.Deployer.ReadSeller(ctx, addr)
}
