// SPDX-License-Identifier: Apache-2.0

package bids

import (
	"context"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// part is a number that only means something beside the one it is counted in.
func part(of, description string) schema.Attribute {
	return schema.Int64Attribute{
		Optional: true, MarkdownDescription: description,
		Validators: []validator.Int64{
			int64validator.Between(1, math.MaxUint32), int64validator.AlsoRequires(path.MatchRoot(of)),
		},
	}
}

// Schema describes the data source.
func (d *bidsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The bids that Akash providers made on an account's orders, in whatever state. Why one won or " +
			"lost is in `akash_lease.bids`; this is what the chain has of every auction. Akash providers close their bids " +
			"some minutes after they were made, so an open one may be gone when you take it. None is no error.\n\nA chain " +
			"that cannot be read is a warning and an empty list with `complete = false`, so that a plan can go on; one of " +
			"another chain id is an error.",
		Attributes: map[string]schema.Attribute{
			"owner": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Bids on whose orders, `akash1…`. Default: the account the Terraform provider runs as.",
			},
			"state": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("open", "active", "lost", "closed")},
				MarkdownDescription: "Only bids in this state: `open`, `active` (became a lease), `lost` (another one did) or " +
					"`closed`. Default all.",
			},
			"dseq": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.DSeq()},
				MarkdownDescription: "Only bids on orders of the deployment of this number, e.g. `1763800000000123`. Default all.",
			},
			"gseq": part("dseq", "Only bids on orders of this group of the deployment, e.g. `1`. Needs `dseq`. Default all."),
			"oseq": part("gseq", "Only bids on this order of the group, e.g. `1`. Needs `gseq`. Default all."),
			"provider_address": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Only bids of this Akash provider, `akash1…`. Default all.",
			},
			"height": number("The block at which reading began; null when nothing could be read."),
			"complete": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the list has all that was asked for. False when the chain could not be read, or " +
					"when there are more than 20000.",
			},
			"bids": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The bids, sorted by dseq, gseq, oseq and Akash provider.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":               text("`owner/dseq/gseq/oseq/akash-provider`; the lease that comes of a bid has the same."),
					"order_id":         text("`owner/dseq/gseq/oseq`: the order it answers."),
					"dseq":             text("The deployment's number, e.g. `1763800000000123`."),
					"gseq":             number("The group's number, from 1."),
					"oseq":             number("The order's number in its group, from 1."),
					"provider_address": text("The Akash provider, `akash1…`."),
					"state":            text("`open`, `active`, `lost` or `closed`."),
					"denom":            text("What the price is in: `uact`, or `uakt` for bids of before ACT."),
					"price_per_block":  text("The price in `denom` a block for the whole group, an exact decimal, e.g. `12.5`."),
					"usd_per_month": text("The price in US dollars a month of 30.4375 days, rounded half up to cents, for " +
						"display; null for `uakt`, whose value changes."),
					"created_height": number("The block in which it was made."),
					"reclamation_window": text("How long before it ends the lease the Akash provider offers to announce it, e.g. " +
						"`24h0m0s`; null when it offers none."),
				}},
			},
		},
	}
}
