// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
)

// profileModel is akash_gpu_profile in configuration, plan and state.
type profileModel struct {
	ID              types.String   `tfsdk:"id"`
	Models          types.List     `tfsdk:"models"`
	Variants        types.List     `tfsdk:"variants"`
	Units           types.Int64    `tfsdk:"units"`
	Ceiling         types.String   `tfsdk:"ceiling_usd_per_hour"`
	Vendor          types.String   `tfsdk:"vendor"`
	CPU             types.String   `tfsdk:"cpu"`
	Memory          types.String   `tfsdk:"memory"`
	Storage         types.String   `tfsdk:"storage"`
	Attributes      types.Map      `tfsdk:"attributes"`
	Auditors        types.List     `tfsdk:"auditors"`
	Probe           types.String   `tfsdk:"probe"`
	BidWindow       types.String   `tfsdk:"bid_window"`
	RefreshTriggers types.Map      `tfsdk:"refresh_triggers"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
	ProbeID         types.String   `tfsdk:"probe_id"`
	ProbedAt        types.String   `tfsdk:"probed_at"`
	ProbedHeight    types.Int64    `tfsdk:"probed_height"`
	Stale           types.String   `tfsdk:"stale"`
	SDL             types.String   `tfsdk:"sdl"`
	GPU             types.Object   `tfsdk:"gpu"`
	PriceCeiling    types.Object   `tfsdk:"price_ceiling"`
	Chosen          types.Object   `tfsdk:"chosen"`
	Results         types.List     `tfsdk:"results"`
	Offers          types.List     `tfsdk:"offers"`
}

type variantModel struct {
	Model     types.String `tfsdk:"model"`
	VRAM      types.String `tfsdk:"vram"`
	MinVRAM   types.String `tfsdk:"min_vram"`
	Interface types.String `tfsdk:"interface"`
	Units     types.Int64  `tfsdk:"units"`
	Ceiling   types.String `tfsdk:"ceiling_usd_per_hour"`
}

type offerModel struct {
	Variant       types.String `tfsdk:"variant"`
	Provider      types.String `tfsdk:"provider_address"`
	Model         types.String `tfsdk:"model"`
	VRAM          types.String `tfsdk:"vram"`
	Interface     types.String `tfsdk:"interface"`
	Units         types.Int64  `tfsdk:"units"`
	USDPerGPUHour types.String `tfsdk:"usd_per_gpu_hour"`
	USDPerHour    types.String `tfsdk:"usd_per_hour"`
	PricePerBlock types.String `tfsdk:"price_per_block"`
	Height        types.Int64  `tfsdk:"height"`
}

type resultModel struct {
	Variant    types.String `tfsdk:"variant"`
	Offers     types.Int64  `tfsdk:"offers"`
	Acceptable types.Int64  `tfsdk:"acceptable"`
	Cheapest   types.String `tfsdk:"cheapest_usd_per_gpu_hour"`
	Reason     types.String `tfsdk:"reason"`
}

type chosenModel struct {
	Variant       types.String `tfsdk:"variant"`
	Position      types.Int64  `tfsdk:"position"`
	Model         types.String `tfsdk:"model"`
	USDPerGPUHour types.String `tfsdk:"usd_per_gpu_hour"`
	PricePerBlock types.String `tfsdk:"price_per_block"`
	Providers     types.List   `tfsdk:"provider_addresses"`
}

var (
	variantTypes = map[string]attr.Type{
		"model": types.StringType, "vram": types.StringType, "min_vram": types.StringType, "interface": types.StringType,
		"units": types.Int64Type, "ceiling_usd_per_hour": types.StringType,
	}
	offerTypes = map[string]attr.Type{
		"variant": types.StringType, "provider_address": types.StringType, "model": types.StringType,
		"vram": types.StringType, "interface": types.StringType, "units": types.Int64Type,
		"usd_per_gpu_hour": types.StringType, "usd_per_hour": types.StringType, "price_per_block": types.StringType,
		"height": types.Int64Type,
	}
	resultTypes = map[string]attr.Type{
		"variant": types.StringType, "offers": types.Int64Type, "acceptable": types.Int64Type,
		"cheapest_usd_per_gpu_hour": types.StringType, "reason": types.StringType,
	}
	chosenTypes = map[string]attr.Type{
		"variant": types.StringType, "position": types.Int64Type, "model": types.StringType,
		"usd_per_gpu_hour": types.StringType, "price_per_block": types.StringType,
		"provider_addresses": types.ListType{ElemType: types.StringType},
	}
	gpuModelTypes = map[string]attr.Type{
		"model": types.StringType, "ram": types.StringType, "interface": types.StringType,
	}
	gpuTypes = map[string]attr.Type{
		"units": types.Int64Type, "models": types.ListType{ElemType: types.ObjectType{AttrTypes: gpuModelTypes}},
	}
)

// setUnknown leaves everything that a probe finds out to apply, but for the id of a profile that has one.
func (m *profileModel) setUnknown() {
	m.ProbeID, m.ProbedAt, m.ProbedHeight = types.StringUnknown(), types.StringUnknown(), types.Int64Unknown()
	m.SDL, m.GPU = types.StringUnknown(), types.ObjectUnknown(gpuTypes)
	m.PriceCeiling = types.ObjectUnknown(ceiling.AttrTypes)
	m.Chosen = types.ObjectUnknown(chosenTypes)
	m.Results = types.ListUnknown(types.ObjectType{AttrTypes: resultTypes})
	m.Offers = types.ListUnknown(types.ObjectType{AttrTypes: offerTypes})
	m.Stale = types.StringNull() // of what was just asked there is nothing to say
}

// setNoProbe is of a profile that asked nobody.
func (m *profileModel) setNoProbe() {
	m.ProbeID, m.ProbedAt, m.ProbedHeight = types.StringNull(), types.StringNull(), types.Int64Null()
	m.Stale = types.StringNull()
}

// setProbe keeps which probe was the last.
func (m *profileModel) setProbe(from profileModel) {
	m.ProbeID, m.ProbedAt, m.ProbedHeight, m.Stale = from.ProbeID, from.ProbedAt, from.ProbedHeight, from.Stale
}

// orNull is a text, null when empty.
func orNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
