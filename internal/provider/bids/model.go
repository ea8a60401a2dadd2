// SPDX-License-Identifier: Apache-2.0

package bids

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

type model struct {
	Owner           types.String `tfsdk:"owner"`
	State           types.String `tfsdk:"state"`
	DSeq            types.String `tfsdk:"dseq"`
	GSeq            types.Int64  `tfsdk:"gseq"`
	OSeq            types.Int64  `tfsdk:"oseq"`
	ProviderAddress types.String `tfsdk:"provider_address"`
	Height          types.Int64  `tfsdk:"height"`
	Complete        types.Bool   `tfsdk:"complete"`
	Bids            types.List   `tfsdk:"bids"`
}

type itemModel struct {
	ID              types.String `tfsdk:"id"`
	OrderID         types.String `tfsdk:"order_id"`
	DSeq            types.String `tfsdk:"dseq"`
	GSeq            types.Int64  `tfsdk:"gseq"`
	OSeq            types.Int64  `tfsdk:"oseq"`
	ProviderAddress types.String `tfsdk:"provider_address"`
	State           types.String `tfsdk:"state"`
	Denom           types.String `tfsdk:"denom"`
	PricePerBlock   types.String `tfsdk:"price_per_block"`
	USDPerMonth     types.String `tfsdk:"usd_per_month"`
	CreatedHeight   types.Int64  `tfsdk:"created_height"`
	Reclamation     types.String `tfsdk:"reclamation_window"`
}

var itemType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "order_id": types.StringType, "dseq": types.StringType, "gseq": types.Int64Type,
	"oseq": types.Int64Type, "provider_address": types.StringType, "state": types.StringType,
	"denom": types.StringType, "price_per_block": types.StringType, "usd_per_month": types.StringType,
	"created_height": types.Int64Type, "reclamation_window": types.StringType,
}}

// fill takes over what was read.
func (m *model) fill(
	ctx context.Context, list deploy.List[marketv1beta5.Bid], complete bool,
	usdPerMonth func(coin.PerBlock) types.String,
) (problems diag.Diagnostics) {
	m.Height, m.Complete = providerdata.Height(list.At), types.BoolValue(complete)
	items := []itemModel{}
	for i := range list.Items {
		items = append(items, itemOf(&list.Items[i], usdPerMonth))
	}
	m.Bids, problems = types.ListValueFrom(ctx, itemType, items)
	return problems
}

func itemOf(bid *marketv1beta5.Bid, usdPerMonth func(coin.PerBlock) types.String) itemModel {
	id, price := chain.BidIDOf(bid.ID), coin.PerBlock{Denom: bid.Price.Denom, Amount: bid.Price.Amount}
	item := itemModel{
		ID: types.StringValue(id.String()), OrderID: types.StringValue(id.Order().String()),
		DSeq: types.StringValue(strconv.FormatUint(id.DSeq, 10)), GSeq: types.Int64Value(int64(id.GSeq)),
		OSeq: types.Int64Value(int64(id.OSeq)), ProviderAddress: types.StringValue(id.ProviderAddr),
		State: types.StringValue(bid.State.String()), Denom: types.StringValue(price.Denom),
		PricePerBlock: types.StringValue(coin.Trim(price.Amount)), USDPerMonth: usdPerMonth(price),
		CreatedHeight: types.Int64Value(bid.CreatedAt), Reclamation: types.StringNull(),
	}
	if bid.ReclamationWindow != nil && *bid.ReclamationWindow > 0 {
		item.Reclamation = types.StringValue(bid.ReclamationWindow.String())
	}
	return item
}
