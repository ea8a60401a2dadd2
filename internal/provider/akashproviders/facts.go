// SPDX-License-Identifier: Apache-2.0

package akashproviders

import (
	"maps"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// facts is what both data sources tell of an Akash provider.
type facts struct {
	Address       types.String `tfsdk:"address"`
	HostURI       types.String `tfsdk:"host_uri"`
	Email         types.String `tfsdk:"email"`
	Website       types.String `tfsdk:"website"`
	Attributes    types.Map    `tfsdk:"attributes"`
	AuditedBy     types.List   `tfsdk:"audited_by"`
	Online        types.Bool   `tfsdk:"online"`
	OfflineReason types.String `tfsdk:"offline_reason"`
	GPUModels     types.List   `tfsdk:"gpu_models"`
	GPUs          types.List   `tfsdk:"gpus"`
	Free          types.Object `tfsdk:"free"`
	Reclamation   types.String `tfsdk:"reclamation_window"`
}

var (
	gpuType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"vendor": types.StringType, "model": types.StringType, "vram": types.StringType, "interface": types.StringType,
		"units": types.Int64Type,
	}}
	freeType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"machines": types.Int64Type, "cpu_millicores": types.Int64Type, "memory_bytes": types.Int64Type,
		"storage_bytes": types.Int64Type, "persistent_storage_bytes": types.MapType{ElemType: types.Int64Type},
		"gpus": types.Int64Type, "ips": types.Int64Type,
	}}
	factsType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"address": types.StringType, "host_uri": types.StringType, "email": types.StringType, "website": types.StringType,
		"attributes": types.MapType{ElemType: types.StringType}, "audited_by": types.ListType{ElemType: types.StringType},
		"online": types.BoolType, "offline_reason": types.StringType,
		"gpu_models": types.ListType{ElemType: types.StringType}, "gpus": types.ListType{ElemType: gpuType},
		"free": freeType, "reclamation_window": types.StringType,
	}}
)

// objectOf is the facts as an element of a list.
func objectOf(f facts) attr.Value {
	return types.ObjectValueMust(factsType.AttrTypes, map[string]attr.Value{
		"address": f.Address, "host_uri": f.HostURI, "email": f.Email, "website": f.Website, "attributes": f.Attributes,
		"audited_by": f.AuditedBy, "online": f.Online, "offline_reason": f.OfflineReason, "gpu_models": f.GPUModels,
		"gpus": f.GPUs, "free": f.Free, "reclamation_window": f.Reclamation,
	})
}

func factsOf(c market.Candidate) facts {
	attributes := map[string]attr.Value{}
	for _, a := range c.Attributes {
		attributes[a.Key] = types.StringValue(a.Value)
	}
	f := facts{
		Address: types.StringValue(c.Addr), HostURI: types.StringValue(c.HostURI), Email: types.StringValue(c.Email),
		Website: types.StringValue(c.Website), Attributes: types.MapValueMust(types.StringType, attributes),
		AuditedBy: types.ListNull(types.StringType), Online: types.BoolNull(), OfflineReason: types.StringNull(),
		Free: types.ObjectNull(freeType.AttrTypes), Reclamation: types.StringNull(),
	}
	if c.Audits != nil {
		f.AuditedBy = texts(slices.Sorted(maps.Keys(c.Audits)))
	}
	var devices []market.GPUCount
	named := false
	switch {
	case c.Inventory != nil:
		f.Online = types.BoolValue(true)
		f.Free = freeOf(*c.Inventory)
		if window := c.Inventory.ReclamationWindow; window > 0 {
			f.Reclamation = types.StringValue(window.String())
		}
		devices, named = c.Inventory.Devices()
	case c.Silent != "":
		f.Online, f.OfflineReason = types.BoolValue(false), types.StringValue(c.Silent)
	}
	f.setGPUs(c.Seller, devices, named)
	return f
}

// setGPUs tells the devices of its machines or, where they are not told, those it declares.
func (f *facts) setGPUs(seller market.Seller, devices []market.GPUCount, named bool) {
	if !named {
		devices = nil
		for _, device := range market.DeclaredGPUs(seller.Attributes) {
			devices = append(devices, market.GPUCount{GPU: device})
		}
	}
	models, values := []string{}, []attr.Value{}
	for _, device := range devices {
		if !slices.Contains(models, device.Model) {
			models = append(models, device.Model)
		}
		units := types.Int64Null()
		if named {
			units = whole(device.Count)
		}
		values = append(values, types.ObjectValueMust(gpuType.AttrTypes, map[string]attr.Value{
			"vendor": some(device.Vendor), "model": types.StringValue(device.Model), "vram": some(device.RAM),
			"interface": some(device.Interface), "units": units,
		}))
	}
	slices.Sort(models)
	f.GPUModels, f.GPUs = texts(models), types.ListValueMust(gpuType, values)
}

func freeOf(inventory market.Inventory) types.Object {
	total := inventory.Total()
	pools := map[string]attr.Value{}
	for class, bytes := range total.Volumes {
		pools[class] = whole(bytes)
	}
	ips := types.Int64Null()
	if inventory.FreeIPs != nil {
		ips = whole(total.IPs)
	}
	return types.ObjectValueMust(freeType.AttrTypes, map[string]attr.Value{
		"machines": types.Int64Value(int64(len(inventory.Nodes))), "cpu_millicores": whole(total.CPU),
		"memory_bytes": whole(total.Memory), "storage_bytes": whole(total.Ephemeral),
		"persistent_storage_bytes": types.MapValueMust(types.Int64Type, pools), "gpus": whole(total.GPUs), "ips": ips,
	})
}

// whole is n, or the most there is.
func whole(n uint64) types.Int64 {
	return types.Int64Value(int64(min(n, math.MaxInt64)))
}

// some is text, null for none.
func some(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func texts(all []string) types.List {
	values := make([]attr.Value, 0, len(all))
	for _, text := range all {
		values = append(values, types.StringValue(text))
	}
	return types.ListValueMust(types.StringType, values)
}
