// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"strconv"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// model is akash_deployment in configuration, plan and state.
type model struct {
	ID                 types.String   `tfsdk:"id"`
	Owner              types.String   `tfsdk:"owner"`
	DSeq               types.String   `tfsdk:"dseq"`
	SDL                types.String   `tfsdk:"sdl"`
	Env                types.Map      `tfsdk:"env"`
	EnvWO              types.Map      `tfsdk:"env_wo"`
	EnvVersion         types.Int64    `tfsdk:"env_wo_version"`
	Registry           types.Map      `tfsdk:"registry_credentials_wo"`
	RegistryVer        types.Int64    `tfsdk:"registry_credentials_wo_version"`
	PriceCeiling       types.Object   `tfsdk:"price_ceiling"`
	Deposit            types.Object   `tfsdk:"deposit"`
	DepositSources     types.List     `tfsdk:"deposit_sources"`
	MinRunway          types.String   `tfsdk:"min_runway"`
	AllowDataLoss      types.Bool     `tfsdk:"allow_data_loss"`
	DeletionProtection types.Bool     `tfsdk:"deletion_protection"`
	Labels             types.Map      `tfsdk:"labels"`
	LabelsAll          types.Map      `tfsdk:"labels_all"`
	Hash               types.String   `tfsdk:"hash"`
	Groups             types.Map      `tfsdk:"groups"`
	Escrow             types.Object   `tfsdk:"escrow"`
	DepositTarget      types.String   `tfsdk:"deposit_target_uact"`
	FundedUntil        types.String   `tfsdk:"funded_until"`
	BelowMinRunway     types.Bool     `tfsdk:"below_min_runway"`
	MaxUSDPerMonth     types.String   `tfsdk:"max_usd_per_month"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

type identityModel struct {
	Owner types.String `tfsdk:"owner"`
	DSeq  types.String `tfsdk:"dseq"`
}

// groupModel is one element of groups.
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
	groupType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"deployment_id": types.StringType, "gseq": types.Int64Type, "name": types.StringType,
		"spec": types.StringType, "hash": types.StringType, "manifest": types.StringType,
		"secret_names":           secrets.ListType,
		"reclamation_min_window": types.StringType,
		"price_ceiling":          types.ObjectType{AttrTypes: ceiling.AttrTypes},
	}}
	payerType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"depositor": types.StringType, "source": types.StringType, "balance_uact": types.StringType,
	}}
	escrowTypes = map[string]attr.Type{
		"balance_uact": types.StringType, "spent_uact": types.StringType, "deposited_uact": types.StringType,
		"deposits": types.ListType{ElemType: payerType},
	}
)

// paid is all that was ever deposited, as the last refresh saw it, in whole uact; ok is false when it saw nothing.
func (m *model) paid() (uact math.Int, ok bool) {
	sum := math.LegacyZeroDec()
	for _, name := range []string{"balance_uact", "spent_uact"} {
		text, isText := m.Escrow.Attributes()[name].(types.String)
		if !isText {
			return math.Int{}, false
		}
		part, err := coin.ParseDecimal(text.ValueString())
		if err != nil {
			return math.Int{}, false
		}
		sum = sum.Add(part)
	}
	return sum.TruncateInt(), true
}

// envOf reads env; known is false while any part is unknown. The known part is returned all the same.
func envOf(value types.Map) (env map[string]map[string]string, known bool) {
	if value.IsUnknown() {
		return nil, false
	}
	env, known = map[string]map[string]string{}, true
	for service, element := range value.Elements() {
		variables, ok := element.(types.Map)
		if !ok || variables.IsUnknown() {
			known = false
			continue
		}
		env[service] = map[string]string{}
		for name, v := range variables.Elements() {
			text, ok := v.(types.String)
			if !ok || text.IsUnknown() {
				known = false
				continue
			}
			env[service][name] = text.ValueString()
		}
	}
	return env, known
}

// shared is what all groups of a deployment have in common.
type shared struct {
	// id is unknown before the deployment exists, hash and manifest while env holds unknown values.
	id, hash, manifest types.String
	// secrets are the names of what hash counts in and manifest lacks; null for none.
	secrets types.List
	ceiling types.Object
	// notice is the reclamation window asked for; null for none.
	notice types.String
	// open leaves specs unknown, because a ceiling that lowers their prices is.
	open bool
}

func groupsValue(specs []deploymentv1beta4.GroupSpec, all shared) (types.Map, diag.Diagnostics) {
	var problems diag.Diagnostics
	elements := map[string]attr.Value{}
	for i, spec := range specs {
		text, err := sdl.GroupText(spec)
		if err != nil {
			problems.AddError("Group cannot be encoded", err.Error())
			continue
		}
		value := types.StringValue(text)
		if all.open {
			value = types.StringUnknown()
		}
		elements[spec.Name] = types.ObjectValueMust(groupType.AttrTypes, map[string]attr.Value{
			"deployment_id": all.id, "gseq": types.Int64Value(int64(i) + 1), "name": types.StringValue(spec.Name),
			"spec": value, "hash": all.hash, "manifest": all.manifest, "price_ceiling": all.ceiling,
			"reclamation_min_window": all.notice, "secret_names": all.secrets,
		})
	}
	value, more := types.MapValue(groupType, elements)
	problems.Append(more...)
	return value, problems
}

// specsIn reads name → spec from the groups attribute; nil while it is null or unknown.
func specsIn(ctx context.Context, groups types.Map) (map[string]groupModel, diag.Diagnostics) {
	if groups.IsNull() || groups.IsUnknown() {
		return nil, nil
	}
	found := map[string]groupModel{}
	problems := groups.ElementsAs(ctx, &found, false)
	return found, problems
}

// setID fills id, owner and dseq.
func (m *model) setID(id ids.DeploymentID) {
	m.ID = types.StringValue(id.String())
	m.Owner = types.StringValue(id.Owner)
	m.DSeq = types.StringValue(strconv.FormatUint(id.DSeq, 10))
}

// setEscrow fills escrow from the chain.
func (m *model) setEscrow(d deploy.Deployment) {
	payers := []attr.Value{}
	for _, p := range d.Deposits {
		payers = append(payers, types.ObjectValueMust(payerType.AttrTypes, map[string]attr.Value{
			"depositor": types.StringValue(p.Depositor), "source": types.StringValue(p.Source),
			"balance_uact": types.StringValue(coin.Trim(p.Balance)),
		}))
	}
	m.Escrow = types.ObjectValueMust(escrowTypes, map[string]attr.Value{
		"balance_uact": types.StringValue(coin.Trim(d.Balance)), "spent_uact": types.StringValue(coin.Trim(d.Spent)),
		"deposited_uact": types.StringValue(coin.Trim(d.Balance.Add(d.Spent))),
		"deposits":       types.ListValueMust(payerType, payers),
	})
}
