// SPDX-License-Identifier: Apache-2.0

package leases

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// Schema describes the data source.
func (d *leasesDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The leases of an account, running and ended: with whom, for how much, what was paid, who " +
			"takes one back and why one ended. A group has a lease for each auction it won, so there can be several with one " +
			"`group_id`, of which one runs at most. None is no error.\n\nA chain that cannot be read is a warning and an " +
			"empty list with `complete = false`, so that a plan can go on; one of another chain id is an error.",
		Attributes: map[string]schema.Attribute{
			"owner": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Whose leases, `akash1…`. Default: the account the Terraform provider runs as.",
			},
			"state": schema.StringAttribute{
				Optional: true,
				Validators: []validator.String{
					stringvalidator.OneOf("active", "reclaiming", "insufficient_funds", "closed"),
				},
				MarkdownDescription: "Only leases in this state: `active`, `reclaiming` (runs until its deadline), " +
					"`insufficient_funds` or `closed`. Default all.",
			},
			"dseq": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.DSeq()},
				MarkdownDescription: "Only leases of the deployment of this number, e.g. `1763800000000123`. Default all.",
			},
			"provider_address": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Only leases with this Akash provider, `akash1…`. Default all.",
			},
			"height": number("The block at which reading began; null when nothing could be read."),
			"complete": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the list has all that was asked for. False when the chain could not be read, or " +
					"when there are more than 20000.",
			},
			"leases": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The leases, sorted by dseq, gseq, oseq and Akash provider.",
				NestedObject: schema.NestedAttributeObject{Attributes: itemAttributes()},
			},
		},
	}
}

func itemAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": text("`owner/dseq/gseq/oseq/akash-provider`, as `akash_lease.lease_id` has it."),
		"group_id": text("`owner/dseq/gseq`: the group it is for, which is the id and import id of an `akash_lease` " +
			"while its deployment is active."),
		"dseq":             text("The deployment's number, e.g. `1763800000000123`."),
		"gseq":             number("The group's number, from 1."),
		"oseq":             number("The order's number in its group, from 1: which auction it came from."),
		"provider_address": text("The Akash provider, `akash1…`."),
		"state":            text("`active`, `reclaiming`, `insufficient_funds` or `closed`."),
		"denom":            text("What the price is in: `uact`, or `uakt` for leases of before ACT."),
		"price_per_block":  text("The price in `denom` a block, an exact decimal, e.g. `12.5`."),
		"usd_per_month": text("The price in US dollars a month of 30.4375 days, rounded half up to cents, for display; " +
			"null for `uakt`, whose value changes."),
		"created_height": number("The block in which it began."),
		"ended_in_block": number("The block in which it ended; null while it runs."),
		"close_reason": text("Why it ended, in the chain's words, e.g. `lease_closed_reason_unstable`; null while it runs. " +
			"`akash_lease.close_reason` lists them."),
		"close_reason_text": text("The same in plain words; null while it runs."),
		"reclamation_window": text("How long before it ends the lease its Akash provider has to announce it, e.g. " +
			"`24h0m0s`; null when that was not agreed on, and it may end it at any time."),
		"reclaim_started_at": text("When it was announced, RFC 3339 in UTC; null when it was not."),
		"reclaim_deadline": text("From when on the Akash provider may then end it, RFC 3339 in UTC, e.g. " +
			"`2026-12-01T08:00:00Z`; null when nothing was announced."),
		"reclaim_reason": text("Why, in the chain's words, e.g. `lease_closed_reason_decommission`; null likewise."),
		"withdrawn_uact": text("What the Akash provider has taken out of escrow, an exact decimal. This and the two " +
			"below are as of the last settlement, and null for leases in `uakt`."),
		"not_withdrawn_uact": text("What it had earned besides and not taken out yet, an exact decimal."),
		"owed_uact":          text("What it had earned without anything left in escrow to pay it, an exact decimal."),
	}
}
