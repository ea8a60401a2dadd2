// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// computedAttributes are what a probe found.
func computedAttributes() map[string]schema.Attribute {
	const variant = "The variant as a text such as `a100/80Gi/sxm x2`."
	return map[string]schema.Attribute{
		"id": text("The deployment of the first probe, `owner/dseq`, also the import id; `unprobed-…` for a profile that " +
			"began with `probe = \"never\"`, which cannot be imported."),
		"probe_id": text("The deployment of the last probe, `owner/dseq`, closed; null without one."),
		"probed_at": text("When the offers were read, the time of the block in UTC, e.g. `2026-11-22T20:00:00Z`; null " +
			"without a probe."),
		"probed_height": number("The block at which the offers were read; null without a probe."),
		"stale": text("A note of the last refresh on why the offers may no longer hold: their age, Akash providers that " +
			"are gone, newer bids. Null when there is nothing to say. It never changes a plan; change `refresh_triggers` " +
			"to ask again."),
		"sdl": text("The chosen GPU as the value of `gpu:` in a compute profile of an SDL, in one line of YAML: " +
			"`gpu: ${akash_gpu_profile.NAME.sdl}`."),
		"gpu": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The chosen GPU as the `gpu` of a compute profile of `data.akash_sdl`.",
			Attributes: map[string]schema.Attribute{
				"units": number("Number of GPUs."),
				"models": schema.ListNestedAttribute{
					Computed: true, MarkdownDescription: "Models that will do, one of them; null for any.",
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"model": text("The model."), "ram": text("Its memory in whole Gi; null for any."),
						"interface": text("`pcie` or `sxm`; null for any."),
					}},
				},
			},
		},
		"price_ceiling": ceiling.Computed("The ceiling of the chosen variant for one replica, as the `price_ceiling` of an " +
			"`akash_lease` with one: GPUs and everything with them, in `uact_per_block`. Null without a ceiling."),
		"chosen": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The chosen variant and its cheapest acceptable offer.",
			Attributes: map[string]schema.Attribute{
				"variant":  text(variant),
				"position": number("Its place in the list, from 1."),
				"model":    text("The model of the cheapest acceptable offer; without a probe the model that is asked for."),
				"usd_per_gpu_hour": text("What that offer asks for a GPU in US dollars an hour, rounded half up to four " +
					"digits; null without a probe."),
				"price_per_block": text("What it asks for everything in uact a block, an exact decimal; null without a probe."),
				"provider_addresses": schema.ListAttribute{
					Computed: true, ElementType: types.StringType,
					MarkdownDescription: "The Akash providers with acceptable offers, cheapest first.",
				},
			},
		},
		"results": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "How it ended for each variant, in the order of preference.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"variant":    text(variant),
				"offers":     number("Number of bids."),
				"acceptable": number("Number of bids that are not over the ceiling."),
				"cheapest_usd_per_gpu_hour": text("The lowest bid for a GPU in US dollars an hour, rounded half up to four " +
					"digits; null without a bid."),
				"reason": text("Why it was chosen or not."),
			}},
		},
		"offers": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Every bid of the last probe, by variant, then by price, over the ceiling or not.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"variant":          text(variant),
				"provider_address": text("The bidding Akash provider, `akash1…`."),
				"model":            text("The concrete model that it offers."),
				"vram":             text("Its memory; null unless the variant asked for it."),
				"interface":        text("Its interface; null unless the variant asked for it."),
				"units":            number("Number of GPUs."),
				"usd_per_gpu_hour": text("The bid for one GPU with its share of the rest in US dollars an hour, rounded half " +
					"up to four digits."),
				"usd_per_hour":    text("The bid for everything in US dollars an hour, rounded likewise."),
				"price_per_block": text("The bid for everything in uact a block, an exact decimal."),
				"height":          number("The block of the bid."),
			}},
		},
	}
}
