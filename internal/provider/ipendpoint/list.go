// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ list.ListResourceWithConfigure = (*endpointList)(nil)

// endpointList lists what [endpointResource] can import.
type endpointList struct {
	endpointResource
}

type listModel struct {
	Owner types.String `tfsdk:"owner"`
}

// NewList returns akash_ip_endpoint as a list resource.
func NewList() list.ListResource { return &endpointList{} }

// ListResourceConfigSchema describes a list block.
func (l *endpointList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists an account's IP endpoints, to import them: active deployments that only hold an address.",
		Attributes:          map[string]schema.Attribute{"owner": providerdata.OwnerToList(validators.Address())},
	}
}

// List asks the chain and, for whole resources, the gateways for the addresses.
func (l *endpointList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	problems := req.Config.Get(ctx, &config)
	if !problems.HasError() {
		var more diag.Diagnostics
		config.Owner, more = l.Data.ListOwner(config.Owner)
		problems.Append(more...)
	}
	if problems.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(problems)
		return
	}
	providerdata.StreamList(ctx, l.Data, req, stream, "owner",
		func(ctx context.Context, deployer *deploy.Deployer) (deploy.List[deploy.ListedDeployment], error) {
			found, err := deployer.ListDeployments(ctx, deploy.DeploymentFilter{
				Owner: config.Owner.ValueString(), State: deploymentv1.Deployment_active.String(),
			})
			return found.Without(func(d deploy.ListedDeployment) bool { return !d.HoldsEndpoint() }), err
		}, func(deployer *deploy.Deployer, found deploy.ListedDeployment) providerdata.Listed {
			name, _ := found.EndpointName() // a holder has one
			return providerdata.Listed{
				ID: found.ID.String(), Name: fmt.Sprintf("%s (%s)", found.ID, name), Identity: identityOf(found.ID),
				Resource: func(ctx context.Context, resource *tfsdk.Resource) diag.Diagnostics {
					return l.fill(ctx, deployer, found, name, resource)
				},
			}
		})
}

// fill does what a refresh after an import does.
func (l *endpointList) fill(
	ctx context.Context, deployer *deploy.Deployer, found deploy.ListedDeployment, name string, resource *tfsdk.Resource,
) diag.Diagnostics {
	var m model
	problems := resource.Get(ctx, &m)
	slot, err := deployer.RefreshSlot(ctx, deploy.HolderGroup(found.ID))
	if err != nil {
		problems.Append(diags.FromError(err))
	}
	if problems.HasError() {
		return problems
	}
	l.readImported(found.Deployment, &m)
	m.setID(found.ID)
	m.Name = types.StringValue(name)
	m.setEscrow(found.Deployment)
	l.readLease(ctx, deployer, slot, &m, &problems)
	if found.Runway != nil {
		m.setRunway(*found.Runway, l.Data.BlockTime)
	}
	problems.Append(resource.Set(ctx, &m)...)
	return problems
}
