// SPDX-License-Identifier: Apache-2.0

package akashproviders

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// gpuFilter is the form of gpu.
type gpuFilter struct {
	Vendor    types.String `tfsdk:"vendor"`
	Model     types.String `tfsdk:"model"`
	VRAM      types.String `tfsdk:"vram"`
	Interface types.String `tfsdk:"interface"`
}

// freeFilter is the form of free.
type freeFilter struct {
	CPU        types.String `tfsdk:"cpu"`
	Memory     types.String `tfsdk:"memory"`
	Storage    types.String `tfsdk:"storage"`
	Persistent types.Map    `tfsdk:"persistent_storage"`
	GPUs       types.Int64  `tfsdk:"gpus"`
	IPs        types.Int64  `tfsdk:"ips"`
}

// filter is what the configuration wants to see.
func (m listModel) filter(ctx context.Context) (market.Filter, diag.Diagnostics) {
	var problems diag.Diagnostics
	filter := market.Filter{Online: m.OnlineOnly.ValueBool()}
	wanted := map[string]string{}
	problems.Append(m.Attributes.ElementsAs(ctx, &wanted, false)...)
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		filter.Attributes = append(filter.Attributes, attributesv1.Attribute{Key: key, Value: wanted[key]})
	}
	problems.Append(m.AuditedBy.ElementsAs(ctx, &filter.Auditors, false)...)
	if !m.GPU.IsNull() {
		var gpu gpuFilter
		problems.Append(m.GPU.As(ctx, &gpu, basetypes.ObjectAsOptions{})...)
		filter.GPU = &market.GPU{
			Vendor: gpu.Vendor.ValueString(), Model: gpu.Model.ValueString(), RAM: gpu.VRAM.ValueString(),
			Interface: gpu.Interface.ValueString(),
		}
	}
	if !m.Free.IsNull() {
		var free freeFilter
		problems.Append(m.Free.As(ctx, &free, basetypes.ObjectAsOptions{})...)
		room, more := free.room(ctx)
		problems.Append(more...)
		filter.Free = &room
	}
	return filter, problems
}

// room reads amounts, which validators have looked at.
func (f freeFilter) room(ctx context.Context) (room market.Room, problems diag.Diagnostics) {
	read := func(at path.Path, text types.String, parse func(string) (uint64, error)) uint64 {
		if text.IsNull() {
			return 0
		}
		n, err := parse(text.ValueString())
		if err != nil {
			problems.AddAttributeError(at, "Invalid value", err.Error())
		}
		return n
	}
	at := path.Root("free")
	room.CPU = read(at.AtName("cpu"), f.CPU, sdl.ParseCPU)
	room.Memory = read(at.AtName("memory"), f.Memory, sdl.ParseSize)
	room.Ephemeral = read(at.AtName("storage"), f.Storage, sdl.ParseSize)
	classes := map[string]types.String{}
	problems.Append(f.Persistent.ElementsAs(ctx, &classes, false)...)
	if len(classes) > 0 {
		room.Volumes = map[string]uint64{}
	}
	for class, size := range classes {
		room.Volumes[class] = read(at.AtName("persistent_storage").AtMapKey(class), size, sdl.ParseSize)
	}
	room.GPUs, room.IPs = unsigned(f.GPUs), unsigned(f.IPs)
	return room, problems
}

func unsigned(n types.Int64) uint64 {
	return uint64(max(n.ValueInt64(), 0))
}
