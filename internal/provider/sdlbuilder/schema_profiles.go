// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func profilesAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Required: true, MarkdownDescription: "What replicas get and where they may run.",
		Attributes: map[string]schema.Attribute{
			"compute":   computeAttribute(),
			"placement": placementAttribute(),
		},
	}
}

func computeAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Required: true, MarkdownDescription: "Compute profiles by name: the resources of one replica.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"cpu":  required("Cores such as `0.5`, or thousandths such as `500m`; 10m to 384."),
			"arch": optional("Processor architecture, e.g. `amd64` or `arm64`. Default any."),
			"memory": required("Main memory with a suffix, e.g. `512Mi` (powers of 1024) or `512M` (powers of 1000); " +
				"1Mi to 2Ti."),
			"storage": schema.ListNestedAttribute{
				Required: true, MarkdownDescription: "Volumes; at least one, Akash providers take at most four.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name": optional("Name of the volume, for `params.storage`. Default `default`."),
					"size": required("Size with a suffix, e.g. `10Gi`; 5Mi to 32Ti."),
					"persistent": schema.BoolAttribute{
						Optional:            true,
						MarkdownDescription: "Keep it over restarts, as long as the lease lives. Default false.",
					},
					"class": optional("`hdd`, `ssd`, `nvme` (the network's `beta1`, `beta2`, `beta3`, which are taken too) or " +
						"`default` of a persistent volume; `ram` of one that is not. Default: `default` when persistent, else none."),
				}},
			},
			"gpu": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "GPUs of one replica. Default none. " +
					"Example: `{ units = 1, models = [{ model = \"a100\" }] }`.",
				Attributes: map[string]schema.Attribute{
					"units": schema.Int64Attribute{
						Required: true, Validators: positive(), MarkdownDescription: "Number of GPUs, 1 to 24.",
					},
					"models": schema.ListNestedAttribute{
						Optional: true, MarkdownDescription: "NVIDIA models that will do, one of them. Default any.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"model":     required("The model in lower case, e.g. `a100` or `rtx4090`."),
							"ram":       optional("Its memory in whole Gi, e.g. `80Gi`. Default any."),
							"interface": optional("`pcie` or `sxm`. Default any."),
						}},
					},
				},
			},
		}},
	}
}

func placementAttribute() schema.Attribute {
	one := []validator.String{
		validators.PositiveDecimal(),
		stringvalidator.ExactlyOneOf(path.MatchRelative().AtParent().AtName("uact_per_block"),
			path.MatchRelative().AtParent().AtName("usd_per_month")),
	}
	return schema.MapNestedAttribute{
		Required: true,
		MarkdownDescription: "Placement profiles by name, each a group on chain: what an Akash provider must be and the " +
			"most it may ask.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"attributes": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Attributes an Akash provider must declare, e.g. `{ region = \"us-west\" }`. Default any.",
			},
			"signed_by": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Auditors that must have signed the attributes. Default nobody.",
				Attributes: map[string]schema.Attribute{
					"all_of": texts("Addresses of auditors that must all have signed, `akash1…`."),
					"any_of": texts("Addresses of auditors of which one must have signed, `akash1…`."),
				},
			},
			"pricing": schema.MapNestedAttribute{
				Required: true,
				MarkdownDescription: "The most one replica may cost, by compute profile; every profile used in the placement " +
					"needs one. Example: `{ web = { usd_per_month = 5 } }`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"uact_per_block": schema.StringAttribute{
						Optional: true, Validators: one,
						MarkdownDescription: "In uact a block (1 uact = 0.000001 USD), an exact decimal such as `\"28.5\"`. Set this " +
							"or `usd_per_month`.",
					},
					"usd_per_month": schema.StringAttribute{
						Optional: true, Validators: one,
						MarkdownDescription: "In US dollars a month of 30.4375 days at 6 seconds a block, an exact decimal such as " +
							"`\"12.50\"`; becomes uact a block, rounded down to six digits after the point. Set this or `uact_per_block`.",
					},
				}},
			},
		}},
	}
}
