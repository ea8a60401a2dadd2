// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
)

var _ function.Function = (*ec2GPUProfile)(nil)

type ec2GPUProfile struct{}

// NewEC2GPUProfile returns ec2_gpu_profile.
func NewEC2GPUProfile() function.Function { return &ec2GPUProfile{} }

// ec2Variant is an element of the variants of akash_gpu_profile, as far as it goes.
var ec2Variant = types.ObjectType{AttrTypes: map[string]attr.Type{
	"model": types.StringType, "vram": types.StringType, "interface": types.StringType, "units": types.Int64Type,
}}

var ec2Return = map[string]attr.Type{
	"vendor": types.StringType, "model": types.StringType, "vram": types.StringType, "interface": types.StringType,
	"units": types.Int64Type, "cpu": types.Int64Type, "memory_gib": types.Int64Type, "match": types.StringType,
	"variants": types.ListType{ElemType: ec2Variant},
}

// Metadata names the function.
func (f *ec2GPUProfile) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "ec2_gpu_profile"
}

// Definition describes the function.
func (f *ec2GPUProfile) Definition(
	_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary: "What an EC2 instance type with GPUs is on Akash",
		MarkdownDescription: "Gives the GPU, the number of virtual cores and the memory of an EC2 instance type in the " +
			"words of an SDL: `vendor` (`nvidia`), `model`, `vram` such as `80Gi`, `interface` (`sxm` or `pcie`), `units` " +
			"(GPUs), `cpu` (virtual cores) and `memory_gib`; what is left open is null. No link between GPUs is promised. " +
			"`match` is `exact` for a GPU of the network's list of devices, `unlisted` for one that the list does not have, " +
			"so that few offer it, and `substitute` where only another one comes near. `variants` is that GPU and up to " +
			"three that can stand in, with at least its memory, the nearest first: the `variants` of an " +
			"`akash_gpu_profile`.\n\n" +
			"| EC2 | GPU | on Akash | match |\n| --- | --- | --- | --- |\n" + ec2Table() +
			"\n\nAny other type is an error that says why, as for `g4ad` (AMD), or what is known.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "instance_type", MarkdownDescription: "The instance type, e.g. `p4d.24xlarge`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: ec2Return},
	}
}

// ec2Table lists the families.
func ec2Table() string {
	var lines []string
	for _, family := range migrate.EC2GPUFamilies() {
		sizes := migrate.EC2GPUTypes(family)
		lines = append(lines, fmt.Sprintf("| `%s` | %s | `%s` | %s |", family, units(sizes), ec2Key(sizes[0].GPU),
			sizes[0].Match))
	}
	return strings.Join(lines, "\n")
}

// units says how many GPUs the types of a family have: "1 to 8".
func units(sizes []migrate.EC2GPU) string {
	least, most := sizes[0].Units, sizes[0].Units
	for _, s := range sizes {
		least, most = min(least, s.Units), max(most, s.Units)
	}
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

// ec2Key is a device in one word: "a100/40Gi/sxm".
func ec2Key(d migrate.EC2Device) string {
	text := d.Model
	if d.GiB > 0 {
		text += fmt.Sprintf("/%dGi", d.GiB)
	}
	if d.Interface != "" {
		text += "/" + d.Interface
	}
	return text
}

// Run looks the type up.
func (f *ec2GPUProfile) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var instanceType string
	if resp.Error = req.Arguments.Get(ctx, &instanceType); resp.Error != nil {
		return
	}
	found, err := migrate.FindEC2GPU(instanceType)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	var variants []attr.Value
	for _, d := range append([]migrate.EC2Device{found.GPU}, found.Alternatives...) {
		variants = append(variants, types.ObjectValueMust(ec2Variant.AttrTypes, ec2Device(d, found.Units)))
	}
	values := ec2Device(found.GPU, found.Units)
	values["vendor"], values["match"] = types.StringValue("nvidia"), types.StringValue(string(found.Match))
	values["cpu"], values["memory_gib"] = whole(found.VCPU), whole(found.MemoryGiB)
	values["variants"] = types.ListValueMust(ec2Variant, variants)
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(ec2Return, values))
}

func ec2Device(d migrate.EC2Device, units uint64) map[string]attr.Value {
	values := map[string]attr.Value{
		"model": types.StringValue(d.Model), "vram": types.StringNull(), "interface": types.StringNull(),
		"units": whole(units),
	}
	if d.GiB > 0 {
		values["vram"] = types.StringValue(fmt.Sprintf("%dGi", d.GiB))
	}
	if d.Interface != "" {
		values["interface"] = types.StringValue(d.Interface)
	}
	return values
}

// whole is a number of the table, all of which are small.
func whole(n uint64) types.Int64 {
	return types.Int64Value(int64(n)) //nolint:gosec // numbers of a constant table
}
