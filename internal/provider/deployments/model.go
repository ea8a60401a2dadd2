// SPDX-License-Identifier: Apache-2.0

package deployments

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

type model struct {
	Owner       types.String `tfsdk:"owner"`
	State       types.String `tfsdk:"state"`
	DSeq        types.String `tfsdk:"dseq"`
	Height      types.Int64  `tfsdk:"height"`
	Complete    types.Bool   `tfsdk:"complete"`
	USDPerMonth types.String `tfsdk:"usd_per_month"`
	Deployments types.List   `tfsdk:"deployments"`
}

type itemModel struct {
	ID            types.String `tfsdk:"id"`
	DSeq          types.String `tfsdk:"dseq"`
	State         types.String `tfsdk:"state"`
	Hash          types.String `tfsdk:"hash"`
	CreatedHeight types.Int64  `tfsdk:"created_height"`
	Reclamation   types.String `tfsdk:"reclamation_window"`
	Groups        []groupModel `tfsdk:"groups"`
	Escrow        escrowModel  `tfsdk:"escrow"`
	RunningLeases types.Int64  `tfsdk:"running_leases"`
	PricePerBlock types.String `tfsdk:"price_per_block"`
	UACTPerMonth  types.String `tfsdk:"uact_per_month"`
	USDPerMonth   types.String `tfsdk:"usd_per_month"`
	LeftUACT      types.String `tfsdk:"left_uact"`
	FundedUntil   types.String `tfsdk:"funded_until"`
	IPEndpoint    types.String `tfsdk:"ip_endpoint"`
	Unfinished    types.String `tfsdk:"unfinished"`
	ImportBlock   types.String `tfsdk:"import_block"`
}

type groupModel struct {
	ID    types.String `tfsdk:"id"`
	GSeq  types.Int64  `tfsdk:"gseq"`
	Name  types.String `tfsdk:"name"`
	State types.String `tfsdk:"state"`
	Spec  types.String `tfsdk:"spec"`
}

type escrowModel struct {
	State         types.String `tfsdk:"state"`
	BalanceUACT   types.String `tfsdk:"balance_uact"`
	SpentUACT     types.String `tfsdk:"spent_uact"`
	DepositedUACT types.String `tfsdk:"deposited_uact"`
	SettledHeight types.Int64  `tfsdk:"settled_height"`
}

var (
	groupType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "gseq": types.Int64Type, "name": types.StringType, "state": types.StringType,
		"spec": types.StringType,
	}}
	escrowType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"state": types.StringType, "balance_uact": types.StringType, "spent_uact": types.StringType,
		"deposited_uact": types.StringType, "settled_height": types.Int64Type,
	}}
	itemType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "dseq": types.StringType, "state": types.StringType, "hash": types.StringType,
		"created_height": types.Int64Type, "reclamation_window": types.StringType,
		"groups": types.ListType{ElemType: groupType}, "escrow": escrowType, "running_leases": types.Int64Type,
		"price_per_block": types.StringType, "uact_per_month": types.StringType, "usd_per_month": types.StringType,
		"left_uact": types.StringType, "funded_until": types.StringType, "ip_endpoint": types.StringType,
		"unfinished": types.StringType, "import_block": types.StringType,
	}}
)

// fill takes over what was read.
func (m *model) fill(
	ctx context.Context, list deploy.List[deploy.ListedDeployment], complete bool, blockTime time.Duration,
) (problems diag.Diagnostics) {
	m.Height, m.Complete, m.USDPerMonth = providerdata.Height(list.At), types.BoolValue(complete), types.StringNull()
	sum, items := math.LegacyZeroDec(), []itemModel{}
	for _, found := range list.Items {
		item, more := itemOf(found, blockTime)
		problems.Append(more...)
		items = append(items, item)
		if found.Runway != nil {
			sum = sum.Add(found.Runway.Price.Amount)
		}
	}
	if complete {
		m.USDPerMonth = types.StringValue(coin.PerBlock{Denom: coin.UACT, Amount: sum}.USDPerMonth(blockTime))
	}
	value, more := types.ListValueFrom(ctx, itemType, items)
	problems.Append(more...)
	m.Deployments = value
	return problems
}

func itemOf(found deploy.ListedDeployment, blockTime time.Duration) (itemModel, diag.Diagnostics) {
	item := itemModel{
		ID: types.StringValue(found.ID.String()), DSeq: types.StringValue(strconv.FormatUint(found.ID.DSeq, 10)),
		State: types.StringValue(found.State), Hash: types.StringValue(hex.EncodeToString(found.Hash)),
		CreatedHeight: types.Int64Value(found.CreatedAt),
		Escrow: escrowModel{
			State: types.StringValue(found.EscrowState), BalanceUACT: decimal(found.Balance), SpentUACT: decimal(found.Spent),
			DepositedUACT: decimal(found.Balance.Add(found.Spent)), SettledHeight: types.Int64Value(found.SettledAt),
		},
		IPEndpoint: types.StringNull(), Unfinished: types.StringNull(), ImportBlock: types.StringNull(),
	}
	if found.Reclamation > 0 {
		item.Reclamation = types.StringValue(found.Reclamation.String())
	}
	if len(found.Groups) == 1 {
		if name := deploy.HolderName(found.Groups[0].GroupSpec.Name, found.ID.DSeq); name != "" {
			item.IPEndpoint = types.StringValue(name)
		}
	}
	item.setMoney(found, blockTime)
	item.setOrigin(found)
	return item, item.setGroups(found)
}

func (item *itemModel) setGroups(found deploy.ListedDeployment) (problems diag.Diagnostics) {
	for i := range found.Groups {
		group := &found.Groups[i]
		spec, err := sdl.GroupText(group.GroupSpec)
		if err != nil {
			problems.AddWarning("Group cannot be shown", fmt.Sprintf("%s/%d: %v\n\nIts spec is empty.", found.ID,
				group.ID.GSeq, err))
		}
		item.Groups = append(item.Groups, groupModel{
			ID: types.StringValue(found.ID.Group(group.ID.GSeq).String()), GSeq: types.Int64Value(int64(group.ID.GSeq)),
			Name: types.StringValue(group.GroupSpec.Name), State: types.StringValue(group.State.String()),
			Spec: types.StringValue(spec),
		})
	}
	return problems
}

// setMoney says how the money of an active deployment goes on.
func (item *itemModel) setMoney(found deploy.ListedDeployment, blockTime time.Duration) {
	item.RunningLeases, item.PricePerBlock = types.Int64Null(), types.StringNull()
	item.UACTPerMonth, item.USDPerMonth = types.StringNull(), types.StringNull()
	item.LeftUACT, item.FundedUntil = types.StringNull(), types.StringNull()
	if found.Runway == nil {
		return
	}
	price := found.Runway.Price
	item.RunningLeases, item.PricePerBlock = types.Int64Value(int64(found.Running)), decimal(price.Amount)
	item.UACTPerMonth = decimal(price.PerMonth(blockTime))
	item.USDPerMonth = types.StringValue(price.USDPerMonth(blockTime))
	item.LeftUACT = decimal(math.LegacyMaxDec(found.Runway.Deposited.Sub(found.Runway.Used), math.LegacyZeroDec()))
	if left, spends := found.Runway.Left(blockTime); spends {
		until := found.Runway.At.UTC().Add(left).Truncate(time.Hour)
		item.FundedUntil = types.StringValue(until.Format(time.RFC3339))
	}
}

// activeState is the state of a deployment that is not closed.
var activeState = deploymentv1.Deployment_active.String()

// unfinished are the words for what an interrupted run began.
var unfinished = map[journal.Kind]string{
	journal.KindDeployment: "akash_deployment", journal.KindIPHolder: "akash_ip_endpoint",
	journal.KindProbe: "akash_gpu_profile",
}

// setOrigin says what the deployment belongs to, as far as chain and journal know it, and how to take it into a state.
func (item *itemModel) setOrigin(found deploy.ListedDeployment) {
	if found.Unfinished != "" {
		item.Unfinished = types.StringValue(unfinished[found.Unfinished])
	}
	if found.State != activeState || found.Unfinished == journal.KindProbe {
		return // closed for good, or closed by the next apply
	}
	kind := "akash_deployment"
	if !item.IPEndpoint.IsNull() {
		kind = "akash_ip_endpoint"
	}
	item.ImportBlock = types.StringValue(fmt.Sprintf("import {\n  to = %s.d%d\n  id = %q\n}\n", kind, found.ID.DSeq,
		found.ID.String()))
}

func decimal(d math.LegacyDec) types.String { return types.StringValue(coin.Trim(d)) }
