// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

// Schema describes the data source.
func (d *sdlDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Builds an SDL (version 2.1) from typed attributes, for `akash_deployment.sdl`. Mistakes are " +
			"reported at the attribute to blame, all in one run, with the rules of the network. Nothing is asked of the " +
			"network. Attributes have the names of the SDL's keys; what is nested in the SDL only for its own sake is flat " +
			"here, prices are in uact, and leased IPs are declared by their use. Equal input gives equal text.",
		Attributes: map[string]schema.Attribute{
			"services":   servicesAttribute(),
			"profiles":   profilesAttribute(),
			"deployment": deploymentAttribute(),
			"reclamation": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "The notice wanted before an Akash provider takes a lease back. Default none. Example: " +
					"`{ min_window = \"24h\" }`.",
				Attributes: map[string]schema.Attribute{
					"min_window": schema.StringAttribute{
						Required: true, MarkdownDescription: "The shortest notice, hours, minutes and seconds such as `24h` or `1h30m`.",
					},
				},
			},
			"yaml": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The SDL as YAML text. It holds the values of `env` and `credentials`, so it is sensitive " +
					"whether or not those are used; where they hold no secret, `nonsensitive(data.akash_sdl.web.yaml)` makes plans " +
					"show it.",
			},
			"hash": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The SHA-256 of the manifest, 64 hex digits: what `akash_deployment.hash` is for this text " +
					"without `env` laid over it.",
			},
			"groups": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The groups that the text puts on chain, by name (the placements that are used).",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name": schema.StringAttribute{Computed: true, MarkdownDescription: "The group's name, e.g. `dcloud`."},
					"spec": schema.StringAttribute{
						Computed: true,
						MarkdownDescription: "The group's spec as canonical JSON: requirements, resources, counts and maximum prices " +
							"in uact a block. It holds no secrets.",
					},
					"replicas": schema.Int64Attribute{
						Computed: true, MarkdownDescription: "How many replicas the group runs in all.",
					},
				}},
			},
		},
	}
}

func deploymentAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		Optional: true,
		MarkdownDescription: "What runs where. Left out, every service runs once, in the only placement, with the compute " +
			"profile of its own name or else the only one. Example: `[{ service = \"web\", count = 2 }]`.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"service": schema.StringAttribute{Required: true, MarkdownDescription: "A name in `services`, e.g. `web`."},
			"placement": schema.StringAttribute{
				Optional: true, MarkdownDescription: "A name in `profiles.placement`. Default: the only one there is.",
			},
			"profile": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "A name in `profiles.compute`. Default: the one named like the service, or else the only " +
					"one there is.",
			},
			"count": schema.Int64Attribute{
				Optional: true, Validators: positive(),
				MarkdownDescription: "Number of replicas. Default 1; Akash providers take at most 50.",
			},
		}},
	}
}
