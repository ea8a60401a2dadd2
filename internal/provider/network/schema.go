// SPDX-License-Identifier: Apache-2.0

package network

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func flag(description string) schema.Attribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func amounts(description string) schema.Attribute {
	return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

// Schema describes the data source.
func (d *networkDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The network of the provider block: its last block, and the rules that matter to who " +
			"deploys on it. Amounts and prices are exact decimals in strings. Every plan reads it anew: height and time " +
			"change each time.",
		Attributes: map[string]schema.Attribute{
			"chain_id": text("The chain, e.g. `akashnet-2`."),
			"height":   number("Its last block."),
			"time":     text("The time of that block, RFC 3339 in UTC."),
			"assumed_block_time_seconds": text("The seconds between blocks that this Terraform provider turns prices a " +
				"block into prices a month with, e.g. `6`."),
			"measured_block_time_seconds": text("The mean of the last 100 blocks, to the millisecond, e.g. `6.027`; null " +
				"while the chain has one block, or when it could not be read."),
			"node_version": text("The version of the software of the endpoint in use, e.g. `v2.1.0`; null when it tells " +
				"none."),
			"min_deposits": amounts("The least deposit of a deployment: denomination → whole number, e.g. " +
				"`{ uact = \"500000\" }`. Deployments are paid in uact."),
			"min_gas_prices": amounts("The least price of a unit of gas that the endpoint in use takes: denomination → " +
				"decimal, e.g. `{ uakt = \"0.0025\" }`; empty when it takes any."),
			"order_max_bids":         number("How many bids an order holds."),
			"min_reclamation_window": text("The shortest reclamation window that a deployment may ask for, e.g. `1h0m0s`."),
			"max_reclamation_window": text("The longest, e.g. `720h0m0s`."),
			"registered_providers":   number("How many Akash providers are registered, dead ones too."),
			"mint": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "Minting of ACT from AKT; null when it could not be read.",
				Attributes: map[string]schema.Attribute{
					"allowed":        flag("Whether the network mints now."),
					"status":         text("The network's word for it, e.g. `mint_status_healthy`."),
					"usd_per_akt":    text("The price of AKT that it mints at, in US dollars; null while minting is halted."),
					"spread_percent": text("What the network keeps, in percent, e.g. `0.25`."),
					"min_uact":       text("The least that is minted, in uact before the spread, a whole number."),
					"epoch_blocks":   number("Minting happens once in so many blocks."),
				},
			},
			"complete": flag("Whether all of this could be read; `false` comes with a warning for each part that could not."),
		},
	}
}
