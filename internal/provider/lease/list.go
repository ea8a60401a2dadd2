// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var _ list.ListResourceWithConfigure = (*leaseList)(nil)

// leaseList lists what [leaseResource] can import.
type leaseList struct {
	leaseResource
}

type listModel struct {
	Owner           types.String `tfsdk:"owner"`
	DSeq            types.String `tfsdk:"dseq"`
	ProviderAddress types.String `tfsdk:"provider_address"`
	State           types.String `tfsdk:"state"`
}

// NewList returns akash_lease as a list resource.
func NewList() list.ListResource { return &leaseList{} }

// ListResourceConfigSchema describes a list block.
func (l *leaseList) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists an account's leases that run, to import them; without those that hold IP " +
			"endpoints, which belong to `akash_ip_endpoint`. Leases that ended are in `data.akash_leases`.",
		Attributes: map[string]schema.Attribute{
			"owner": providerdata.OwnerToList(validators.Address()),
			"dseq": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.DSeq()},
				MarkdownDescription: "Only leases of the deployment with this sequence, e.g. `1763800000000123`. Default all.",
			},
			"provider_address": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Only leases with this Akash provider, `akash1…`. Default all.",
			},
			"state": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(liveStates()...)},
				MarkdownDescription: "Only leases in this state: `active`, or `reclaiming` for those that their Akash provider " +
					"gave notice of. Default both.",
			},
		},
	}
}

// liveStates are the states of leases that run.
func liveStates() []string {
	return []string{marketv1.Lease_active.String(), marketv1.Lease_reclaiming.String()}
}

// List asks the chain and, for whole resources, the gateways.
func (l *leaseList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
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
	filter := chain.LeaseFilter{
		Owner: config.Owner.ValueString(), ProviderAddr: config.ProviderAddress.ValueString(),
	}
	if !config.DSeq.IsNull() {
		filter.DSeq, _ = ids.ParseDSeq(config.DSeq.ValueString()) // was validated
	}
	states := liveStates()
	if !config.State.IsNull() {
		states = []string{config.State.ValueString()}
	}
	providerdata.StreamList(ctx, l.Data, req, stream, "dseq or provider_address",
		func(
			ctx context.Context, deployer *deploy.Deployer,
		) (all deploy.List[marketv1beta5.QueryLeaseResponse], err error) {
			// One that is given notice of in between is in both lists.
			seen, err := holders(ctx, deployer, filter)
			if err != nil {
				return all, err
			}
			for _, filter.State = range states {
				found, err := deployer.ListLeases(ctx, filter)
				if err != nil {
					return all, err
				}
				for _, item := range found.Items {
					if slot := slotOf(item); !seen[slot] {
						seen[slot], all.Items = true, append(all.Items, item)
					}
				}
				all.Partial = all.Partial || found.Partial
			}
			return all, nil
		}, func(deployer *deploy.Deployer, found marketv1beta5.QueryLeaseResponse) providerdata.Listed {
			slot := slotOf(found)
			return providerdata.Listed{
				ID: slot.String(), Name: fmt.Sprintf("%s with %s", slot, found.Lease.ID.Provider), Identity: identityOf(slot),
				Resource: func(ctx context.Context, resource *tfsdk.Resource) diag.Diagnostics {
					return l.fill(ctx, deployer, slot, resource)
				},
			}
		})
}

// holders are the groups that hold IP endpoints.
func holders(
	ctx context.Context, deployer *deploy.Deployer, filter chain.LeaseFilter,
) (map[ids.GroupID]bool, error) {
	found, err := deployer.ListDeployments(ctx, deploy.DeploymentFilter{
		Owner: filter.Owner, DSeq: filter.DSeq, State: deploymentv1.Deployment_active.String(),
	})
	slots := map[ids.GroupID]bool{}
	for _, item := range found.Items {
		if item.HoldsEndpoint() {
			slots[deploy.HolderGroup(item.ID)] = true
		}
	}
	return slots, err
}

func slotOf(l marketv1beta5.QueryLeaseResponse) ids.GroupID {
	return chain.LeaseIDOf(l.Lease.ID).Group()
}

// fill does what a refresh after an import does.
func (l *leaseList) fill(
	ctx context.Context, deployer *deploy.Deployer, id ids.GroupID, resource *tfsdk.Resource,
) diag.Diagnostics {
	var m model
	problems := resource.Get(ctx, &m)
	slot, err := deployer.RefreshSlot(ctx, id)
	if err == nil && slot.Lease == nil {
		err = deploy.ErrGone
	}
	if err != nil {
		problems.Append(diags.FromError(fmt.Errorf("lease of %s: %w", id, err)))
	}
	if problems.HasError() {
		return problems
	}
	m.setLease(slot.LeaseID(), slot.Lease.State.String(), slot.Price(), l.Data.BlockTime)
	m.setEnd(*slot.Lease)
	problems.Append(l.readImported(ctx, deployer, id, slot, &m)...)
	problems.Append(resource.Set(ctx, &m)...)
	return problems
}
