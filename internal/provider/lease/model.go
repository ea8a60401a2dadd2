// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
)

// model is akash_lease in configuration, plan and state.
type model struct {
	ID              types.String   `tfsdk:"id"`
	Group           types.Object   `tfsdk:"group"`
	EnvWO           types.Map      `tfsdk:"env_wo"`
	Registry        types.Map      `tfsdk:"registry_credentials_wo"`
	PriceCeiling    types.Object   `tfsdk:"price_ceiling"`
	BidPolicy       types.Object   `tfsdk:"bid_policy"`
	RebidTriggers   types.Map      `tfsdk:"rebid_triggers"`
	RebidCheaper    types.String   `tfsdk:"rebid_if_cheaper_by"`
	OnFailure       types.String   `tfsdk:"on_failure"`
	WaitFor         types.Object   `tfsdk:"wait_for"`
	Attestation     types.Object   `tfsdk:"attestation"`
	Attested        types.Map      `tfsdk:"attested"`
	AllowDataLoss   types.Bool     `tfsdk:"allow_data_loss"`
	DesiredState    types.String   `tfsdk:"desired_state"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
	LeaseID         types.String   `tfsdk:"lease_id"`
	ProviderAddress types.String   `tfsdk:"provider_address"`
	State           types.String   `tfsdk:"state"`
	CloseReason     types.String   `tfsdk:"close_reason"`
	EndedInBlock    types.Int64    `tfsdk:"ended_in_block"`
	ReclaimStarted  types.String   `tfsdk:"reclaim_started_at"`
	ReclaimDeadline types.String   `tfsdk:"reclaim_deadline"`
	AuctionReason   types.String   `tfsdk:"auction_reason"`
	PricePerBlock   types.String   `tfsdk:"price_per_block"`
	USDPerMonth     types.String   `tfsdk:"usd_per_month"`
	DeliveredHash   types.String   `tfsdk:"manifest_delivered_hash"`
	URIs            types.Map      `tfsdk:"uris"`
	Services        types.Map      `tfsdk:"services"`
	Bids            types.List     `tfsdk:"bids"`
}

type identityModel struct {
	Owner types.String `tfsdk:"owner"`
	DSeq  types.String `tfsdk:"dseq"`
	GSeq  types.Int64  `tfsdk:"gseq"`
}

type groupModel struct {
	DeploymentID types.String `tfsdk:"deployment_id"`
	GSeq         types.Int64  `tfsdk:"gseq"`
	Name         types.String `tfsdk:"name"`
	Spec         types.String `tfsdk:"spec"`
	Hash         types.String `tfsdk:"hash"`
	Manifest     types.String `tfsdk:"manifest"`
	Secrets      types.List   `tfsdk:"secret_names"`
	Ceiling      types.Object `tfsdk:"price_ceiling"`
	Notice       types.String `tfsdk:"reclamation_min_window"`
}

var (
	groupTypes = map[string]attr.Type{
		"deployment_id": types.StringType, "gseq": types.Int64Type, "name": types.StringType, "spec": types.StringType,
		"hash": types.StringType, "manifest": types.StringType, "reclamation_min_window": types.StringType,
		"secret_names":  secrets.ListType,
		"price_ceiling": types.ObjectType{AttrTypes: ceiling.AttrTypes},
	}
	portType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"host": types.StringType, "port": types.Int64Type, "external_port": types.Int64Type, "protocol": types.StringType,
	}}
	ipType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"ip": types.StringType, "port": types.Int64Type, "external_port": types.Int64Type, "protocol": types.StringType,
	}}
	serviceType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"available": types.Int64Type, "total": types.Int64Type,
		"ports": types.ListType{ElemType: portType}, "ips": types.ListType{ElemType: ipType},
	}}
	uriType = types.ListType{ElemType: types.StringType}
	bidType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"provider_address": types.StringType, "price_per_block": types.StringType, "usd_per_month": types.StringType,
		"acceptable": types.BoolType, "score": types.StringType, "reason": types.StringType,
	}}
)

// groupOf decodes group.
func groupOf(ctx context.Context, value types.Object) (groupModel, diag.Diagnostics) {
	var g groupModel
	problems := value.As(ctx, &g, basetypes.ObjectAsOptions{UnhandledUnknownAsEmpty: true})
	return g, problems
}

// slotID is the id of the group's slot; unknown while a part of it is.
func (g groupModel) slotID() types.String {
	if g.DeploymentID.IsUnknown() || g.GSeq.IsUnknown() || g.DeploymentID.IsNull() || g.GSeq.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(g.DeploymentID.ValueString() + "/" + strconv.FormatInt(g.GSeq.ValueInt64(), 10))
}

// notice is how long before it takes the lease back an Akash provider has to say so; 0 for no demand.
func (g groupModel) notice() time.Duration {
	window, err := time.ParseDuration(g.Notice.ValueString())
	if err != nil {
		return 0
	}
	return window
}

// policyOf reads ceilings and bid_policy, a lease's, its deployment's and the provider block's; known is false while it
// is open whether a running lease may stay.
func (r *leaseResource) policyOf(
	ctx context.Context, m model, group groupModel,
) (p bidpolicy.Policy, known bool, problems diag.Diagnostics) {
	own, ownKnown, problems := ceiling.Read(ctx, m.PriceCeiling, r.Data.BlockTime, ceiling.FromLease)
	above, aboveKnown, more := ceiling.Read(ctx, group.Ceiling, r.Data.BlockTime, ceiling.FromDeployment)
	problems.Append(more...)
	p, more = bidpolicy.Read(m.BidPolicy, r.Data.BidPolicy)
	problems.Append(more...)
	p.Market.Ceiling = ceiling.Tightest(own, above, r.Data.Ceiling)
	return p, ownKnown && aboveKnown && !r.Data.CeilingUnknown && p.Judges, problems
}

// setLease fills what the chain says of a lease.
func (m *model) setLease(id ids.LeaseID, state string, price coin.PerBlock, blockTime time.Duration) {
	m.LeaseID = types.StringValue(id.String())
	m.ProviderAddress = types.StringValue(id.ProviderAddr)
	m.State = types.StringValue(state)
	m.PricePerBlock = types.StringValue(coin.Trim(price.Amount))
	m.USDPerMonth = types.StringValue(price.USDPerMonth(blockTime))
}

// setStatus fills services and URIs from a gateway's answer.
func (m *model) setStatus(status gateway.LeaseStatus) diag.Diagnostics {
	var problems diag.Diagnostics
	services, uris := map[string]attr.Value{}, map[string]attr.Value{}
	for name, s := range status.Services {
		services[name] = types.ObjectValueMust(serviceType.AttrTypes, map[string]attr.Value{
			"available": types.Int64Value(s.Available), "total": types.Int64Value(s.Total),
			"ports": portsOf(status.ForwardedPorts[name]), "ips": ipsOf(status.IPs[name]),
		})
		hosts := slices.Sorted(slices.Values(s.URIs))
		values := make([]attr.Value, 0, len(hosts))
		for _, h := range hosts {
			values = append(values, types.StringValue(h))
		}
		uris[name] = types.ListValueMust(types.StringType, values)
	}
	var more diag.Diagnostics
	m.Services, more = types.MapValue(serviceType, services)
	problems.Append(more...)
	m.URIs, more = types.MapValue(uriType, uris)
	problems.Append(more...)
	return problems
}

func portsOf(ports []gateway.ForwardedPort) types.List {
	values := make([]attr.Value, 0, len(ports))
	for _, p := range ports {
		values = append(values, types.ObjectValueMust(portType.AttrTypes, map[string]attr.Value{
			"host": types.StringValue(p.Host), "port": types.Int64Value(int64(p.Port)),
			"external_port": types.Int64Value(int64(p.ExternalPort)), "protocol": types.StringValue(p.Proto),
		}))
	}
	return types.ListValueMust(portType, values)
}

func ipsOf(ips []gateway.LeasedIP) types.List {
	values := make([]attr.Value, 0, len(ips))
	for _, p := range ips {
		values = append(values, types.ObjectValueMust(ipType.AttrTypes, map[string]attr.Value{
			"ip": types.StringValue(p.IP), "port": types.Int64Value(int64(p.Port)),
			"external_port": types.Int64Value(int64(p.ExternalPort)), "protocol": types.StringValue(p.Protocol),
		}))
	}
	return types.ListValueMust(ipType, values)
}

// setBids fills bids from an auction; no verdicts make an empty list.
func (m *model) setBids(verdicts []market.Verdict, blockTime time.Duration) {
	values := make([]attr.Value, 0, len(verdicts))
	for _, v := range verdicts {
		values = append(values, types.ObjectValueMust(bidType.AttrTypes, map[string]attr.Value{
			"provider_address": types.StringValue(v.Bid.ID.ProviderAddr),
			"price_per_block":  types.StringValue(coin.Trim(v.Bid.Price.Amount)),
			"usd_per_month":    types.StringValue(v.Bid.Price.USDPerMonth(blockTime)),
			"acceptable":       types.BoolValue(v.Acceptable),
			"score":            scoreOf(v),
			"reason":           types.StringValue(v.Reason),
		}))
	}
	m.Bids = types.ListValueMust(bidType, values)
}

// scoreOf is a bid's score for people; null for one that cannot win.
func scoreOf(v market.Verdict) types.String {
	if v.Score.IsNil() {
		return types.StringNull()
	}
	return types.StringValue(v.ScoreText())
}

// identityOf is the identity of a slot.
func identityOf(id ids.GroupID) identityModel {
	return identityModel{
		Owner: types.StringValue(id.Owner), DSeq: types.StringValue(fmt.Sprint(id.DSeq)),
		GSeq: types.Int64Value(int64(id.GSeq)),
	}
}
