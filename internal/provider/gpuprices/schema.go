// SPDX-License-Identifier: Apache-2.0

package gpuprices

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// Schema describes the data source.
func (d *pricesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What GPUs cost now, by model, from the bids that are on chain: open ones, and those that " +
			"leases run on. A bid is for everything of a group, so a price of a GPU holds its share of processors, memory and " +
			"storage; an `akash_gpu_profile` finds out what a certain shape costs. A market that cannot be read is a warning " +
			"and an empty list.",
		Attributes: map[string]schema.Attribute{
			"models": schema.ListAttribute{
				Optional: true, ElementType: types.StringType, Validators: []validator.List{listvalidator.SizeAtLeast(1)},
				MarkdownDescription: "Only these models, e.g. `[\"h100\", \"a100\"]`. Default all.",
			},
			"console_url": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.ConsoleURL()},
				MarkdownDescription: "Also ask an Akash Console's public interface there, without credentials, e.g. " +
					"`https://console-api.akash.network`. Default nobody.",
			},
			"height": number("The block at which the bids were read; null when they could not be."),
			"complete": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether all bids of the network were read; 20000 in each state are at most.",
			},
			"prices": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The prices by vendor and model, sorted by these.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"vendor":                  text("The vendor, e.g. `nvidia`."),
					"model":                   text("The model, e.g. `a100`."),
					"min_usd_per_gpu_hour":    text("The lowest bid in US dollars an hour for a GPU, rounded half up to four digits."),
					"median_usd_per_gpu_hour": text("The bid in the middle, likewise."),
					"max_usd_per_gpu_hour":    text("The highest bid, likewise."),
					"offers":                  number("Number of bids, open and leased."),
					"open":                    number("Number of bids that are open."),
					"provider_addresses": schema.ListAttribute{
						Computed: true, ElementType: types.StringType,
						MarkdownDescription: "The Akash providers that made them, sorted.",
					},
				}},
			},
			"console": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "What the Console says, in its order; empty when it does not answer, null without " +
					"`console_url`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"vendor":                  text("The vendor."),
					"model":                   text("The model."),
					"vram":                    text("Its memory, e.g. `80Gi`."),
					"interface":               text("Its interface in the Akash providers' words, e.g. `SXM5`."),
					"total":                   number("GPUs that Akash providers have."),
					"available":               number("GPUs of these that are free."),
					"min_usd_per_gpu_hour":    text("The lowest price in US dollars an hour; null when it tells none."),
					"median_usd_per_gpu_hour": text("The price in the middle, likewise."),
					"max_usd_per_gpu_hour":    text("The highest price, likewise."),
				}},
			},
		},
	}
}
