// SPDX-License-Identifier: Apache-2.0

package deployments

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
func (d *deploymentsDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The deployments of an account, whoever made them: what they hold, what they spend, how long " +
			"it lasts, and how to import each. It cannot know which of them are in a Terraform state: compare the ids with " +
			"your own, as the example does, and what is left over is an orphan or belongs to another configuration. None is " +
			"no error.\n\nA chain that cannot be read is a warning and an empty list with `complete = false`, so " +
			"that a plan can go on; one of another chain id is an error.",
		Attributes: map[string]schema.Attribute{
			"owner": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{validators.Address()},
				MarkdownDescription: "Whose deployments, `akash1…`. Default: the account the Terraform provider runs as.",
			},
			"state": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf("active", "closed")},
				MarkdownDescription: "Only deployments in this state, `active` or `closed`. Default both. A deployment is on " +
					"chain for ever, so an account with a history has many closed ones.",
			},
			"dseq": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.DSeq()},
				MarkdownDescription: "Only the deployment of this number, e.g. `1763800000000123`. Default all.",
			},
			"height": number("The block as of which the money is counted; null when nothing could be read."),
			"complete": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the list has all that was asked for. False when the chain could not be read, or " +
					"when there are more than 20000 deployments or running leases.",
			},
			"usd_per_month": text("What all running leases of the listed deployments cost in US dollars a month of 30.4375 " +
				"days, rounded half up to cents; null unless `complete`."),
			"deployments": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The deployments, sorted by dseq, which is by age where all were made by " +
					"tools of one kind.",
				NestedObject: schema.NestedAttributeObject{Attributes: itemAttributes()},
			},
		},
	}
}

func itemAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":             text("`owner/dseq`, the import id of `akash_deployment`."),
		"dseq":           text("The deployment's number, e.g. `1763800000000123`."),
		"state":          text("`active` or `closed`."),
		"hash":           text("The SHA-256 of its manifest on chain, 64 hex digits."),
		"created_height": number("The block in which it was created."),
		"reclamation_window": text("How long before the end of a lease its Akash provider has to announce it at least, " +
			"e.g. `24h0m0s`; null when the deployment asked for none."),
		"groups": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Its groups, by number.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":    text("`owner/dseq/gseq`, the import id of `akash_lease`."),
				"gseq":  number("The group's number, from 1."),
				"name":  text("The group's name, e.g. `dcloud`."),
				"state": text("`open`, `paused`, `insufficient_funds` or `closed`."),
				"spec": text("The group's spec as a line of YAML: requirements, resources, counts and maximum prices. " +
					"`yamldecode` reads it."),
			}},
		},
		"escrow": schema.SingleNestedAttribute{
			Computed: true,
			MarkdownDescription: "The escrow account as of its last settlement, in uact; other denominations, of before ACT, " +
				"are not counted.",
			Attributes: map[string]schema.Attribute{
				"state":          text("`open`, `closed` or `overdrawn`: the money ran out."),
				"balance_uact":   text("What could still be spent or refunded then, an exact decimal."),
				"spent_uact":     text("What leases had used by then, an exact decimal."),
				"deposited_uact": text("What was ever paid in: balance and spent together, an exact decimal."),
				"settled_height": number("The block of the settlement. The chain settles only when somebody asks for it."),
			},
		},
		"running_leases": number("Number of leases that take money; null for a closed deployment, as the five below are, " +
			"and when not all leases could be read."),
		"price_per_block": text("What they cost together in uact a block, an exact decimal."),
		"uact_per_month":  text("What they cost together in uact a month of 30.4375 days, an exact decimal."),
		"usd_per_month":   text("The same in US dollars, rounded half up to cents, for display."),
		"left_uact": text("What is left in escrow at `height`, an exact decimal: the balance without what leases used " +
			"since the last settlement."),
		"funded_until": text("When that is spent, rounded down to the hour, e.g. `2026-12-24T18:00:00Z`; the chain then " +
			"closes the deployment for good. Null while nothing is spent. Counted in blocks of the network's mean time."),
		"ip_endpoint": text("The name of the endpoint if it holds an address for an `akash_ip_endpoint`, else null."),
		"unfinished": text("`akash_deployment`, `akash_ip_endpoint` or `akash_gpu_profile`: what an interrupted run of " +
			"this configuration, on this machine, was making with it. Null when its journal knows of none, which says nothing " +
			"of runs elsewhere. The state may hold it all the same, until it is refreshed."),
		"import_block": text("An `import` block that takes it into a state, as `akash_deployment.d…` with the dseq, or as " +
			"`akash_ip_endpoint`; put it into the configuration with a `resource` block of the same address. Null when it is " +
			"closed, or a probe that the next apply closes."),
	}
}
