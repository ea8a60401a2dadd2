// SPDX-License-Identifier: Apache-2.0

package leases

import (
	"context"
	"strconv"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

type model struct {
	Owner           types.String `tfsdk:"owner"`
	State           types.String `tfsdk:"state"`
	DSeq            types.String `tfsdk:"dseq"`
	ProviderAddress types.String `tfsdk:"provider_address"`
	Height          types.Int64  `tfsdk:"height"`
	Complete        types.Bool   `tfsdk:"complete"`
	Leases          types.List   `tfsdk:"leases"`
}

type itemModel struct {
	ID               types.String `tfsdk:"id"`
	GroupID          types.String `tfsdk:"group_id"`
	DSeq             types.String `tfsdk:"dseq"`
	GSeq             types.Int64  `tfsdk:"gseq"`
	OSeq             types.Int64  `tfsdk:"oseq"`
	ProviderAddress  types.String `tfsdk:"provider_address"`
	State            types.String `tfsdk:"state"`
	Denom            types.String `tfsdk:"denom"`
	PricePerBlock    types.String `tfsdk:"price_per_block"`
	USDPerMonth      types.String `tfsdk:"usd_per_month"`
	CreatedHeight    types.Int64  `tfsdk:"created_height"`
	EndedInBlock     types.Int64  `tfsdk:"ended_in_block"`
	CloseReason      types.String `tfsdk:"close_reason"`
	CloseReasonText  types.String `tfsdk:"close_reason_text"`
	Reclamation      types.String `tfsdk:"reclamation_window"`
	ReclaimStarted   types.String `tfsdk:"reclaim_started_at"`
	ReclaimDeadline  types.String `tfsdk:"reclaim_deadline"`
	ReclaimReason    types.String `tfsdk:"reclaim_reason"`
	WithdrawnUACT    types.String `tfsdk:"withdrawn_uact"`
	NotWithdrawnUACT types.String `tfsdk:"not_withdrawn_uact"`
	OwedUACT         types.String `tfsdk:"owed_uact"`
}

var itemType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "group_id": types.StringType, "dseq": types.StringType, "gseq": types.Int64Type,
	"oseq": types.Int64Type, "provider_address": types.StringType, "state": types.StringType,
	"denom": types.StringType, "price_per_block": types.StringType, "usd_per_month": types.StringType,
	"created_height": types.Int64Type, "ended_in_block": types.Int64Type, "close_reason": types.StringType,
	"close_reason_text": types.StringType, "reclamation_window": types.StringType,
	"reclaim_started_at": types.StringType, "reclaim_deadline": types.StringType, "reclaim_reason": types.StringType,
	"withdrawn_uact": types.StringType, "not_withdrawn_uact": types.StringType, "owed_uact": types.StringType,
}}

// fill takes over what was read.
func (m *model) fill(
	ctx context.Context, list deploy.List[marketv1beta5.QueryLeaseResponse], complete bool,
	usdPerMonth func(coin.PerBlock) types.String,
) (problems diag.Diagnostics) {
	m.Height, m.Complete = providerdata.Height(list.At), types.BoolValue(complete)
	items := []itemModel{}
	for i := range list.Items {
		items = append(items, itemOf(&list.Items[i], usdPerMonth))
	}
	m.Leases, problems = types.ListValueFrom(ctx, itemType, items)
	return problems
}

func itemOf(found *marketv1beta5.QueryLeaseResponse, usdPerMonth func(coin.PerBlock) types.String) itemModel {
	lease := found.Lease
	id, price := chain.LeaseIDOf(lease.ID), coin.PerBlock{Denom: lease.Price.Denom, Amount: lease.Price.Amount}
	item := itemModel{
		ID: types.StringValue(id.String()), GroupID: types.StringValue(id.Group().String()),
		DSeq: types.StringValue(strconv.FormatUint(id.DSeq, 10)), GSeq: types.Int64Value(int64(id.GSeq)),
		OSeq: types.Int64Value(int64(id.OSeq)), ProviderAddress: types.StringValue(id.ProviderAddr),
		State: types.StringValue(lease.State.String()), Denom: types.StringValue(price.Denom),
		PricePerBlock: types.StringValue(coin.Trim(price.Amount)), USDPerMonth: usdPerMonth(price),
		CreatedHeight: types.Int64Value(lease.CreatedAt),
		EndedInBlock:  types.Int64Null(), CloseReason: types.StringNull(), CloseReasonText: types.StringNull(),
	}
	if lease.State == marketv1.Lease_closed || lease.State == marketv1.Lease_insufficient_funds {
		item.EndedInBlock = types.Int64Value(lease.ClosedOn)
		item.CloseReason = types.StringValue(lease.Reason.String())
		item.CloseReasonText = types.StringValue(deploy.CloseReason(lease.Reason.String()))
	}
	item.setReclamation(lease.Reclamation)
	payment := found.EscrowPayment.State
	item.WithdrawnUACT = uact(sdk.NewDecCoinFromCoin(payment.Withdrawn))
	item.NotWithdrawnUACT, item.OwedUACT = uact(payment.Balance), uact(payment.Unsettled)
	return item
}

// setReclamation says how the lease may be taken back, and whether it is.
func (item *itemModel) setReclamation(r *marketv1.Reclamation) {
	item.Reclamation, item.ReclaimReason = types.StringNull(), types.StringNull()
	item.ReclaimStarted, item.ReclaimDeadline = types.StringNull(), types.StringNull()
	if r == nil {
		return
	}
	item.Reclamation = types.StringValue(r.Window.String())
	if r.Deadline > 0 {
		deadline := time.Unix(r.Deadline, 0).UTC()
		item.ReclaimDeadline = types.StringValue(deadline.Format(time.RFC3339))
		item.ReclaimStarted = types.StringValue(deadline.Add(-r.Window).Format(time.RFC3339))
		item.ReclaimReason = types.StringValue(r.Reason.String())
	}
}

// uact is an amount of uact, null for one in another denomination.
func uact(amount sdk.DecCoin) types.String {
	switch {
	case amount.Amount.IsNil() || amount.Denom == "" && amount.Amount.IsZero():
		return types.StringValue(coin.Trim(math.LegacyZeroDec()))
	case amount.Denom != coin.UACT:
		return types.StringNull()
	default:
		return types.StringValue(coin.Trim(amount.Amount))
	}
}
