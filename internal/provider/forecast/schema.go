// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
)

// Schema describes the data source.
func (d *forecastDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who would take the groups of an SDL, and for about how much, before anything is created. " +
			"It asks the chain for registered Akash providers and their attributes, and each one that suits for what it has " +
			"free; prices come from what was bid lately.\n\nAn estimate: bids decide at apply. The answer is kept in a saved " +
			"plan, so preconditions and policy checks see what was planned on. A market that cannot be read is a warning, and " +
			"`prospect` is `unreadable`.",
		Attributes: map[string]schema.Attribute{
			"sdl": schema.StringAttribute{
				Required: true, MarkdownDescription: "The SDL as text, e.g. `file(\"deploy.yaml\")`.",
			},
			"price_ceiling": ceilingAttribute(),
			"bid_policy":    bidpolicy.ForDataSource(),
			"prospect": text("The worst of all groups': `likely`, `price_unknown` (they can, what they ask is not known), " +
				"`too_dear` (all ask more than the ceiling), `nobody` or `unreadable`."),
			"read_at": text("When the oldest part of it was read, e.g. `2026-11-24T18:00:00Z`; null when nothing was. What is " +
				"read serves for some minutes."),
			"height": number("The block then; null when nothing was read."),
			"groups": groupsAttribute(),
		},
	}
}

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func ceilingAttribute() schema.Attribute {
	return ceiling.ForDataSource("The most each group may cost, as in `akash_lease`. The provider block's ceiling and " +
		"the SDL's own price apply too; the tightest wins. Example: `{ usd_per_month = 12 }`.")
}

func groupsAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Computed: true, MarkdownDescription: "The answer for each group of the SDL, by its name (the placement's).",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"prospect": text("The group's own `prospect`, see above."),
			"headline": text("The forecast in a line, as the plan of its lease tells it: about the services of the group."),
			"expected_provider_address": text("Who wins by `bid_policy` when everybody asks what is expected, `akash1…`; null " +
				"when no price is known or nobody may win. With strategy `weighted`, `latency` and `record` count nothing " +
				"here, and `audits` those of `auditors` alone: the rest is read when bids are there."),
			"eligible":             number("How many Akash providers can run it, whatever they ask."),
			"registered":           number("How many Akash providers there are."),
			"silent":               number("How many that suit did not say what they have free."),
			"low_usd_per_month":    text("The lowest expected price in US dollars a month; null when none is known."),
			"median_usd_per_month": text("The median of the expected prices in US dollars a month; null when none is known."),
			"high_usd_per_month":   text("The highest expected price in US dollars a month; null when none is known."),
			"ceiling_usd_per_month": text("The tightest ceiling in US dollars a month, which may be the SDL's own price; null " +
				"without any."),
			"offers": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Who can run it, cheapest first; those whose price is unknown come last.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"provider_address": text("The Akash provider, `akash1…`."),
					"price_per_block":  text("The expected price in uact a block; null when not known."),
					"usd_per_month":    text("The expected price in US dollars a month; null when not known."),
					"price_from": text("Where the expected price comes from: `its bid`, `its gateway`, `its bid for the same`, " +
						"`its other bids`, `others' bids` or `unknown`."),
					"refusal": text("Why it may not win all the same, e.g. over the ceiling; null when it may."),
				}},
			},
			"excluded": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Why the others cannot, each Akash provider once, by the first constraint " +
					"it fails; the most effective first.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"constraint": text("The constraint, e.g. `no GPU h100`."),
					"count":      number("How many it excludes."),
					"provider_addresses": schema.ListAttribute{
						Computed: true, ElementType: types.StringType, MarkdownDescription: "Whom it excludes, by address.",
					},
				}},
			},
		}},
	}
}
