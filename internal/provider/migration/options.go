// SPDX-License-Identifier: Apache-2.0

// Package migration is data.akash_compose and data.akash_ecs_task: what runs elsewhere as an SDL, with a report.
package migration

import (
	"fmt"
	"maps"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// options are the attributes that both data sources have.
type options struct {
	Images               map[string]string   `tfsdk:"images"`
	HTTPPorts            map[string]int64    `tfsdk:"http_ports"`
	Hosts                map[string][]string `tfsdk:"hosts"`
	VolumeSizes          map[string]string   `tfsdk:"volume_sizes"`
	StorageClass         types.String        `tfsdk:"storage_class"`
	CPU                  types.String        `tfsdk:"cpu"`
	Memory               types.String        `tfsdk:"memory"`
	EphemeralStorage     types.String        `tfsdk:"ephemeral_storage"`
	GPUs                 []gpu               `tfsdk:"gpus"`
	MaxPriceUactPerBlock types.String        `tfsdk:"max_price_uact_per_block"`
	AcceptLosses         []string            `tfsdk:"accept_losses"`
	AWSUSDMonth          types.String        `tfsdk:"aws_usd_month"`
}

type gpu struct {
	Model     string       `tfsdk:"model"`
	VRAM      types.String `tfsdk:"vram"`
	Interface types.String `tfsdk:"interface"`
}

// migrate is the options in the words of the converters.
func (o options) migrate() migrate.Options {
	out := migrate.Options{
		Images: o.Images, Hosts: o.Hosts, VolumeSizes: o.VolumeSizes, StorageClass: o.StorageClass.ValueString(),
		CPU: o.CPU.ValueString(), Memory: o.Memory.ValueString(), EphemeralStorage: o.EphemeralStorage.ValueString(),
		MaxPriceUactPerBlock: o.MaxPriceUactPerBlock.ValueString(), AcceptLosses: o.AcceptLosses,
		HTTPPorts: map[string]uint32{},
	}
	for service, port := range o.HTTPPorts {
		out.HTTPPorts[service] = uint32(min(max(port, 0), math.MaxUint16)) // the schema allows no other
	}
	for _, g := range o.GPUs {
		out.GPUs = append(out.GPUs,
			sdl.ModelGPUModel{Model: g.Model, RAM: g.VRAM.ValueString(), Interface: g.Interface.ValueString()})
	}
	return out
}

func optional(description string, checks ...validator.String) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: checks}
}

func optionalMap(description string, checks ...validator.Map) schema.Attribute {
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: description, Validators: checks,
	}
}

func optionalList(description string) schema.Attribute {
	return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
}

// optionAttributes are the schema of options and of the report, beside the attributes of one format.
func optionAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"images": optionalMap("Images by service, e.g. `{ web = \"registry.example/web:1.4\" }`: for what the input " +
			"builds, and  in place of what it names."),
		"http_ports": schema.MapAttribute{
			Optional: true, ElementType: types.Int64Type,
			MarkdownDescription: "By service, the container's port that becomes its web page, over HTTP and HTTPS on the " +
				"usual ports, e.g. `{ api = 8000 }`; `0` for none. By default the port that is published as 80, or else the one " +
				"that is most likely a web page. All others are forwarded from numbers that the Akash provider picks.",
			Validators: []validator.Map{mapvalidator.ValueInt64sAre(int64validator.Between(0, math.MaxUint16))},
		},
		"hosts": schema.MapAttribute{
			Optional: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "By service, host names of yours that its web page answers to, e.g. `{ web = " +
				"[\"app.example.com\"] }`. Point a CNAME record at the lease's host.",
		},
		"volume_sizes": optionalMap(fmt.Sprintf("Sizes by volume, e.g. `{ db_data = \"20Gi\" }`. Default `%s` each. A "+
			"volume cannot grow.", migrate.DefaultVolumeSize), mapvalidator.ValueStringsAre(validators.Size())),
		"storage_class": optional(fmt.Sprintf("The class of all volumes: `beta1` (hard disks), `beta2` (SSD) or `beta3` "+
			"(NVMe). Default `%s`.", migrate.DefaultStorageClass), stringvalidator.OneOf("beta1", "beta2", "beta3")),
		"cpu": optional(fmt.Sprintf("CPU of services that have no limit of their own, in cores, e.g. `0.5` or `500m`. "+
			"Default `%s`.", migrate.DefaultCPU), validators.CPU()),
		"memory": optional(fmt.Sprintf("Memory of services that have no limit of their own, e.g. `512Mi`. Default `%s`.",
			migrate.DefaultMemory), validators.Size()),
		"ephemeral_storage": optional(fmt.Sprintf("The disk of each container that does not say how much it needs, e.g. "+
			"`2Gi`; its content is gone after a restart. Default `%s`.", migrate.DefaultEphemeralStorage), validators.Size()),
		"gpus": schema.ListNestedAttribute{
			Optional: true,
			MarkdownDescription: "Models of GPUs that will do, for services that ask for GPUs, e.g. `[{ model = \"a100\", " +
				"vram = \"80Gi\" }]`. Default any of NVIDIA.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"model":     schema.StringAttribute{Required: true, MarkdownDescription: "Its name, e.g. `rtx4090`."},
				"vram":      optional("Its memory, e.g. `24Gi`. Default any.", validators.Size()),
				"interface": optional("`pcie` or `sxm`. Default either.", stringvalidator.OneOf("pcie", "sxm")),
			}},
		},
		"max_price_uact_per_block": optional(fmt.Sprintf("The most that a replica may cost by the SDL, in uact per block, "+
			"e.g. `100`. Default `%d`, with GPUs `%d` for each, since `price_ceiling` of `akash_lease` is what limits the "+
			"cost.", migrate.DefaultMaxPriceUact, migrate.DefaultMaxPriceUactPerGPU), validators.PositiveDecimal()),
		"accept_losses": optionalList("Paths of blockers to do without, as the report has them, e.g. " +
			"`[\"services.web.volumes[0]\"]`. Each becomes a loss; a service whose image is missing is left out. A path " +
			"that is no blocker is an error."),
		"aws_usd_month": optional("What it costs where it runs, in USD a month, e.g. `37.50`. With it, the market is asked "+
			"for `est_usd_month`.", validators.PositiveDecimal()),
		"sdl": schema.StringAttribute{
			Computed: true, MarkdownDescription: "The SDL, version 2.1. It holds the variables of the input in the clear.",
		},
	}
	maps.Copy(all, reportAttributes())
	maps.Copy(all, own)
	return all
}
