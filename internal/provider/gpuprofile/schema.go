// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// The values of probe, and defaults.
const (
	probeAuto  = "auto"
	probeNever = "never"

	vendorNVIDIA  = "nvidia"
	defaultCPU    = "100m"
	defaultSize   = "256Mi"
	defaultWindow = "60s"
	// maxVariants is the number of groups that the network's own tools allow a deployment.
	maxVariants = 20
	// maxUnits is the chain's limit for a unit of resources.
	maxUnits = 24
)

var (
	gibText   = regexp.MustCompile(`^[1-9][0-9]{0,5}Gi$`)
	modelText = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,62}$`)
)

const about = "Finds out which of several GPUs the market offers under a ceiling, and keeps the answer. `models` or " +
	"`variants` say what will do, the best first. Apply opens a deployment with a group and an order for each " +
	"variant, waits for real bids, and closes it: the deposit (the network's minimum, 0.5 ACT) comes back in the " +
	"same transaction, so a probe costs two transaction fees. Nothing is leased.\n\nThe first variant with a bid " +
	"under its ceiling is chosen. It stays chosen whatever the market does, so that plans stay empty: only a " +
	"change of `refresh_triggers`, of the variants or of what they are asked with sends another probe, in place. " +
	"A change of ceilings or of the order chooses anew among the offers of the last probe, and is known at " +
	"plan.\n\n`gpu` drops into a compute profile of `data.akash_sdl`, `sdl` into the text of an SDL, " +
	"`price_ceiling` into an `akash_lease`.\n\nA probe is never left open: if a run is killed, the next apply of " +
	"the configuration closes it before it sends anything else, and until then every plan tells of it. Akash " +
	"providers hold what they bid with until the probe is closed, so ask no oftener than needed; when two " +
	"variants want the same GPUs, those that an Akash provider holds for the first are not offered for the " +
	"second."

// Schema describes the resource.
func (r *profileResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"models": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Models that will do, the best first, e.g. `[\"h100\", \"a100\", \"rtx4090\"]`. Set this or " +
				"`variants`.",
			Validators: []validator.List{
				listvalidator.SizeBetween(1, maxVariants), listvalidator.ValueStringsAre(model()),
				listvalidator.ExactlyOneOf(path.MatchRoot("models"), path.MatchRoot("variants")),
			},
		},
		"variants": variantsAttribute(),
		"units": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(1),
			MarkdownDescription: "GPUs of one replica, 1 to 24, for variants that do not say it. Default `1`.",
			Validators:          []validator.Int64{int64validator.Between(1, maxUnits)},
		},
		"ceiling_usd_per_hour": schema.StringAttribute{
			Optional: true, Validators: []validator.String{validators.PositiveDecimal()},
			MarkdownDescription: "The most that one GPU may cost in US dollars an hour, an exact decimal such as `\"1.25\"`, " +
				"with its share of the processors, memory and storage of the probe. A ceiling of the variant and the provider " +
				"block's `price_ceiling` apply too; the tightest wins. Default none.",
		},
		"vendor": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(vendorNVIDIA),
			MarkdownDescription: "The vendor. Default `nvidia`, the only one that the network's SDL knows.",
			Validators:          []validator.String{stringvalidator.OneOf(vendorNVIDIA)},
		},
		"cpu": shape(defaultCPU, "Cores of the probe such as `0.5`, or thousandths such as `500m`. Default `100m`. What you "+
			"will run with makes prices comparable: bids are for everything together."),
		"memory":  shape(defaultSize, "Main memory of the probe, e.g. `32Gi`. Default `256Mi`."),
		"storage": shape(defaultSize, "Ephemeral storage of the probe, e.g. `100Gi`. Default `256Mi`."),
		"attributes": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Attributes an Akash provider must declare to bid, e.g. `{ region = \"us-west\" }`. " +
				"Default any.",
			Validators: []validator.Map{mapvalidator.SizeAtLeast(1)},
		},
		"auditors": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Addresses of auditors of which one must have signed the attributes, `akash1…`. " +
				"Default nobody.",
			Validators: []validator.List{
				listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(validators.Address()),
			},
		},
		"probe": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(probeAuto),
			MarkdownDescription: "`auto` asks the market when something has to be found out. `never` sends no transaction: " +
				"the first variant that the network's list of devices knows is chosen, without offers. Default `auto`.",
			Validators: []validator.String{stringvalidator.OneOf(probeAuto, probeNever)},
		},
		"bid_window": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(defaultWindow),
			MarkdownDescription: "The longest wait for bids, counted from the probe's block in blocks of the network's mean " +
				"time, and a block longer for each further variant; a duration such as `90s`. Default `60s`. The wait ends early " +
				"once every variant has a bid and no new ones come.",
			Validators: []validator.String{validators.PositiveDuration()},
		},
		"refresh_triggers": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Any values; a change sends a new probe, in place. Example: `{ month = \"2026-12\" }`.",
		},
		"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true}),
	}
	for name, attribute := range computedAttributes() {
		attributes[name] = attribute
	}
	resp.Schema = schema.Schema{Version: 1, MarkdownDescription: about, Attributes: attributes}
}

func shape(value, description string) schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString(value), MarkdownDescription: description,
	}
}

// model refuses what no Akash provider can advertise.
func model() validator.String {
	return stringvalidator.RegexMatches(modelText,
		"write the model in lower case without spaces, such as h100, a100 or rtx4090")
}

func gib(example string) validator.String {
	return stringvalidator.RegexMatches(gibText, "write whole Gi, such as "+example)
}

func variantsAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "What will do, the best first, up to 20. Example: `[{ model = \"h100\", interface = \"sxm\", " +
			"ceiling_usd_per_hour = \"2.50\" }, { min_vram = \"24Gi\" }]`. Set this or `models`.",
		Validators: []validator.List{listvalidator.SizeBetween(1, maxVariants)},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"model": schema.StringAttribute{
				Optional: true, Validators: []validator.String{model()},
				MarkdownDescription: "The model in lower case, e.g. `a100` or `rtx4090`. Default any.",
			},
			"vram": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					gib("80Gi"), stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("min_vram")),
				},
				MarkdownDescription: "Its memory in whole Gi, e.g. `80Gi`; needs `model`. Default any. Akash providers have to " +
					"advertise it.",
			},
			"min_vram": schema.StringAttribute{
				Optional: true, Validators: []validator.String{gib("24Gi")},
				MarkdownDescription: "The least memory in whole Gi, e.g. `24Gi`: every model of the network's list of devices " +
					"with as much will do, in one group, or the sizes of `model` with as much. Default any.",
			},
			"interface": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("pcie", "sxm")},
				MarkdownDescription: "`pcie` or `sxm`; needs `model` or `min_vram`. Default any. No link between GPUs is " +
					"promised.",
			},
			"units": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, maxUnits)},
				MarkdownDescription: "GPUs of one replica, 1 to 24. Default the profile's `units`.",
			},
			"ceiling_usd_per_hour": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.PositiveDecimal()},
				MarkdownDescription: "The most that one GPU of this variant may cost in US dollars an hour, as in the profile.",
			},
		}},
	}
}
