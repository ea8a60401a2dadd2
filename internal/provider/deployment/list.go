// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ list.ListResourceWithConfigure = (*deploymentList)(nil)

// deploymentList lists what [deploymentResource] can import.
type deploymentList struct {
	deploymentResource
}

type listModel struct {
	Owner types.String `tfsdk:"owner"`
}

// NewList returns akash_deployment as a list resource.
func NewList() list.ListResource { return &deploymentList{} }

// ListResourceConfigSchema describes a list block.
func (l *deploymentList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists an account's active deployments, whoever made them, to import them. Holders of IP " +
			"endpoints are in the list of `akash_ip_endpoint` instead. Closed deployments cannot be imported; " +
			"`data.akash_deployments` shows them.",
		Attributes: map[string]schema.Attribute{"owner": providerdata.OwnerToList(validators.Address())},
	}
}

// List asks the chain and, for whole resources, the gateways for the manifests that run.
func (l *deploymentList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
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
			return found.Without(deploy.ListedDeployment.HoldsEndpoint), err
		}, func(deployer *deploy.Deployer, found deploy.ListedDeployment) providerdata.Listed {
			var names []string
			for _, group := range found.Groups {
				names = append(names, group.GroupSpec.Name)
			}
			return providerdata.Listed{
				ID: found.ID.String(), Name: fmt.Sprintf("%s (%s)", found.ID, strings.Join(names, ", ")),
				Identity: identityOf(found.ID),
				Resource: func(ctx context.Context, resource *tfsdk.Resource) diag.Diagnostics {
					return l.fill(ctx, deployer, found, resource)
				},
			}
		})
}

// fill does what a refresh after an import does, as of the list's block.
func (l *deploymentList) fill(
	ctx context.Context, deployer *deploy.Deployer, found deploy.ListedDeployment, resource *tfsdk.Resource,
) diag.Diagnostics {
	var m model
	problems := resource.Get(ctx, &m)
	if problems.HasError() {
		return problems
	}
	l.readImported(ctx, deployer, found.Deployment, &m, &problems)
	m.setID(found.ID)
	m.fillProtection(ctx)
	m.setEscrow(found.Deployment)
	if found.Runway != nil {
		m.setRunway(*found.Runway, l.Data.BlockTime)
	}
	m.Hash = types.StringValue(hex.EncodeToString(found.Hash))
	problems.Append(resource.Set(ctx, &m)...)
	return problems
}
