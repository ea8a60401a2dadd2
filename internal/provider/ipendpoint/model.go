// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
)

// model is akash_ip_endpoint in configuration, plan and state.
type model struct {
	ID                 types.String   `tfsdk:"id"`
	Owner              types.String   `tfsdk:"owner"`
	DSeq               types.String   `tfsdk:"dseq"`
	Name               types.String   `tfsdk:"name"`
	Attach             types.Object   `tfsdk:"attach"`
	Attached           types.Bool     `tfsdk:"attached"`
	Deposit            types.Object   `tfsdk:"deposit"`
	PriceCeiling       types.Object   `tfsdk:"price_ceiling"`
	BidPolicy          types.Object   `tfsdk:"bid_policy"`
	OnFailure          types.String   `tfsdk:"on_failure"`
	DeletionProtection types.Bool     `tfsdk:"deletion_protection"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
	Address            types.String   `tfsdk:"address"`
	ProviderAddress    types.String   `tfsdk:"provider_address"`
	LeaseID            types.String   `tfsdk:"lease_id"`
	State              types.String   `tfsdk:"state"`
	CloseReason        types.String   `tfsdk:"close_reason"`
	AuctionReason      types.String   `tfsdk:"auction_reason"`
	PricePerBlock      types.String   `tfsdk:"price_per_block"`
	USDPerMonth        types.String   `tfsdk:"usd_per_month"`
	MaxUSDPerMonth     types.String   `tfsdk:"max_usd_per_month"`
	FundedUntil        types.String   `tfsdk:"funded_until"`
	Escrow             types.Object   `tfsdk:"escrow"`
}

type identityModel struct {
	Owner types.String `tfsdk:"owner"`
	DSeq  types.String `tfsdk:"dseq"`
}

type attachModel struct {
	DeploymentID types.String `tfsdk:"deployment_id"`
	GSeq         types.Int64  `tfsdk:"gseq"`
}

var escrowTypes = map[string]attr.Type{
	"balance_uact": types.StringType, "spent_uact": types.StringType, "deposited_uact": types.StringType,
}

// policyOf reads ceiling and bid_policy and those of the provider block; known is false while it is open whether the
// present Akash provider may stay.
func (r *endpointResource) policyOf(
	ctx context.Context, m model,
) (p bidpolicy.Policy, known bool, problems diag.Diagnostics) {
	own, ownKnown, problems := ceiling.Read(ctx, m.PriceCeiling, r.Data.BlockTime, "endpoint")
	p, more := bidpolicy.Read(m.BidPolicy, r.Data.BidPolicy)
	problems.Append(more...)
	p.Market.Ceiling = ceiling.Tightest(own, r.Data.Ceiling)
	return p, ownKnown && !r.Data.CeilingUnknown && p.Judges, problems
}

// attachOf reads attach; the zero value while it is null or a part of it is unknown.
func attachOf(ctx context.Context, value types.Object) (ids.GroupID, diag.Diagnostics) {
	var a attachModel
	if value.IsNull() || value.IsUnknown() {
		return ids.GroupID{}, nil
	}
	problems := value.As(ctx, &a, basetypes.ObjectAsOptions{})
	if problems.HasError() || a.DeploymentID.IsUnknown() || a.GSeq.IsUnknown() {
		return ids.GroupID{}, problems
	}
	id, err := ids.ParseGroupID(a.DeploymentID.ValueString() + "/" + strconv.FormatInt(a.GSeq.ValueInt64(), 10))
	if err != nil {
		problems.AddAttributeError(attachPath, "Invalid attach", err.Error())
	}
	return id, problems
}

// setID fills id, owner and dseq.
func (m *model) setID(id ids.DeploymentID) {
	m.ID = types.StringValue(id.String())
	m.Owner = types.StringValue(id.Owner)
	m.DSeq = types.StringValue(strconv.FormatUint(id.DSeq, 10))
}

// setLease fills what the chain says of a lease.
func (m *model) setLease(id ids.LeaseID, state string, price coin.PerBlock, blockTime time.Duration) {
	m.LeaseID = types.StringValue(id.String())
	m.ProviderAddress = types.StringValue(id.ProviderAddr)
	m.State, m.CloseReason = types.StringValue(state), types.StringNull()
	m.PricePerBlock = types.StringValue(coin.Trim(price.Amount))
	m.USDPerMonth = types.StringValue(price.USDPerMonth(blockTime))
}

// setAttached fills what a plan left open: that a group has its ports, or that nobody can tell yet.
func (m *model) setAttached(has bool) {
	if !m.Attached.IsUnknown() {
		return
	}
	if m.Attached = types.BoolNull(); has {
		m.Attached = types.BoolValue(true)
	}
}

// setNoLease is for a holder that never had one.
func (m *model) setNoLease() {
	none := types.StringNull()
	m.Address, m.ProviderAddress, m.LeaseID, m.State = none, none, none, none
	m.CloseReason, m.PricePerBlock, m.USDPerMonth = none, none, none
	m.Attached = types.BoolNull()
}

// setEscrow fills escrow from the chain.
func (m *model) setEscrow(d deploy.Deployment) {
	m.Escrow = types.ObjectValueMust(escrowTypes, map[string]attr.Value{
		"balance_uact": types.StringValue(coin.Trim(d.Balance)), "spent_uact": types.StringValue(coin.Trim(d.Spent)),
		"deposited_uact": types.StringValue(coin.Trim(d.Balance.Add(d.Spent))),
	})
}

// setRunway fills funded_until. A time within the hour of the one in state is the same: that is no news.
func (m *model) setRunway(r deploy.Runway, blockTime time.Duration) {
	left, spends := r.Left(blockTime)
	if !spends {
		m.FundedUntil = types.StringNull()
		return
	}
	until := r.At.UTC().Add(left)
	before, err := time.Parse(time.RFC3339, m.FundedUntil.ValueString())
	if err == nil && until.Sub(before).Abs() < time.Hour {
		return
	}
	m.FundedUntil = types.StringValue(until.Truncate(time.Hour).Format(time.RFC3339))
}

// identityOf is the identity of a holder.
func identityOf(id ids.DeploymentID) identityModel {
	var m model
	m.setID(id)
	return identityModel{Owner: m.Owner, DSeq: m.DSeq}
}
