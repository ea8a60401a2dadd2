// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// Schema describes the resource.
func (r *deploymentResource) Schema(
	ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A deployment: the groups of an SDL with their prices, the hash of its manifest, and an " +
			"escrow account that pays for its leases. Creating it opens one order per group; `akash_lease` takes an offer " +
			"and makes the workload run. Closing it returns what the escrow still holds.\n\nA change that only touches the " +
			"manifest (image, environment, command, hosts) is made in place. A change of resources, prices, replicas, " +
			"endpoint kinds or placement replaces the deployment, because the chain keeps those fixed; the plan says " +
			"which.\n\nWho would take it, and for how much, is told in the plan of its leases, which have the bid policy. " +
			"Where none is planned, e.g. because another configuration leases the groups, ask `data.akash_forecast`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`owner/dseq`; never changes while the deployment lives. Also its import id.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"owner": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The account that owns and pays for the deployment, `akash1…`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"dseq": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The deployment sequence, chosen at apply, e.g. `1763800000000123`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"sdl": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The SDL (YAML, version 2.0 or 2.1) as text, e.g. `file(\"deploy.yaml\")`. Formatting, " +
					"comments and the order of keys never make a diff. Prices must be in `uact`. Put secrets into `env`, not here: " +
					"this text is shown in plans.",
			},
			"env": schema.MapAttribute{
				Optional: true, Sensitive: true,
				ElementType: types.MapType{ElemType: types.StringType},
				MarkdownDescription: "Environment variables laid over the SDL's: service name → variable → value. A variable of " +
					"the SDL is replaced, a new one is added. Changes are made in place. The values are stored in state (those of " +
					"`env_wo` are not) and are seen by the Akash provider. Example: " +
					"`{ web = { DB_HOST = aws_db_instance.db.address } }`.",
			},
			"price_ceiling": ceiling.ForResource("The most that each lease of this deployment may cost. When the deployment " +
				"is created, the prices of a group that could cost more are lowered to this ceiling or the provider block's, " +
				"whichever is tighter: that is the most the chain lets anybody bid, and it stays. A later change replaces " +
				"nothing; it refuses dearer bids and moves a dearer lease. Example: `{ usd_per_month = 20 }`."),
			"deposit":         depositAttribute(),
			"deposit_sources": depositSourcesAttribute(),
			"min_runway": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.PositiveDuration()},
				MarkdownDescription: "Top up when the money lasts for less than this, e.g. `168h`: the next plan then shows a " +
					"higher `deposit_target_uact`, and apply deposits as much as `deposit.runway` needs from there on at the " +
					"leases' prices. Needs `deposit.runway`. Nothing happens between applies, so make it longer than you go " +
					"without one.",
			},
			"allow_data_loss": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a change may replace a deployment whose groups keep persistent storage, which goes " +
					"with it. Without it such a plan is refused. It is about data alone: `deletion_protection` has to be off for " +
					"any deployment to be replaced or destroyed. `akash_lease` has the same for moves to another Akash provider. " +
					"Example: `true`.",
			},
			"deletion_protection": protectionAttribute(),
			"deposit_target_uact": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "What this configuration has paid, or will have paid, into escrow in all, in uact. It only " +
					"rises: by a higher `deposit`, or by a top-up.",
			},
			"funded_until": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "When the escrow runs out at the leases' prices, as of the last refresh, rounded to the " +
					"hour, e.g. `2026-12-24T18:00:00Z`. Null while nothing is spent. Counted in blocks of the network's mean time.",
			},
			"below_min_runway": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the escrow lasted for less than `min_runway` at the last refresh.",
			},
			"max_usd_per_month": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The most that all leases of this deployment can cost in US dollars a month: for each group " +
					"the SDL's prices times counts, or the tightest `price_ceiling` of this resource and the provider block where " +
					"that is lower.",
			},
			"hash":     hashAttribute(),
			"groups":   groupsAttribute(),
			"escrow":   escrowAttribute(),
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
		},
	}
	maps.Copy(resp.Schema.Attributes, labelAttributes())
	secrets.ForDeployment(resp.Schema.Attributes)
}

func depositAttribute() schema.Attribute {
	one := []validator.String{
		stringvalidator.ExactlyOneOf(
			path.MatchRelative().AtParent().AtName("usd"), path.MatchRelative().AtParent().AtName("uact"),
			path.MatchRelative().AtParent().AtName("runway"),
		),
	}
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "How much is paid into escrow in all: a target, never an increment. Raising it deposits the " +
			"difference in place. Lowering it changes nothing on chain, since only closing the deployment returns money. " +
			"Default 5 USD. The network's minimum is 0.5 USD. Example: `{ usd = 10 }`.",
		Attributes: map[string]schema.Attribute{
			"usd": schema.StringAttribute{
				Optional: true, Validators: append(one, validators.PositiveDecimal()),
				MarkdownDescription: "The deposit in US dollars (1 USD = 1 ACT), an exact decimal such as `\"12.50\"`. Set this, " +
					"`uact` or `runway`.",
			},
			"uact": schema.StringAttribute{
				Optional: true, Validators: append(one, validators.PositiveDecimal()),
				MarkdownDescription: "The deposit in uact (1 ACT = 1000000 uact), e.g. `5000000`. Set this, `usd` or " +
					"`runway`.",
			},
			"runway": schema.StringAttribute{
				Optional: true, Validators: append(one, validators.PositiveDuration()),
				MarkdownDescription: "How long the money has to last, e.g. `720h`. A new deployment is funded for that time at " +
					"`max_usd_per_month`, and with the network's minimum at least; later top-ups go by the leases' own prices. " +
					"Set this, `usd` or `uact`.",
			},
		},
	}
}

func hashAttribute() schema.Attribute {
	return schema.StringAttribute{
		Computed: true,
		MarkdownDescription: "The manifest's SHA-256 as it is on chain, 64 hex digits. Known at plan unless `env` holds a " +
			"value that is not, or secrets (`env_wo`, `registry_credentials_wo`) have to be read again.",
	}
}

func groupsAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Computed: true,
		MarkdownDescription: "The groups by name (the SDL's placement names). Pass one to `akash_lease.group`, e.g. " +
			"`akash_deployment.web.groups[\"dcloud\"]`.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"deployment_id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "The deployment's id, `owner/dseq`.",
			},
			"gseq": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "The group's number in the deployment, from 1.",
			},
			"name": schema.StringAttribute{
				Computed: true, MarkdownDescription: "The group's name, e.g. `dcloud`.",
			},
			"spec": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The group's spec on chain as a line of YAML: requirements, resources, counts and maximum " +
					"prices in uact a block. `yamldecode` reads it.",
			},
			"hash": schema.StringAttribute{
				Computed: true, MarkdownDescription: "The hash of the deployment's manifest, 64 hex digits.",
			},
			"manifest": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The deployment's whole manifest as canonical JSON, which a lease delivers. It holds the " +
					"values of `env` and the SDL's registry credentials, so it is sensitive. What `env_wo` and " +
					"`registry_credentials_wo` hold is not in it.",
			},
			"reclamation_min_window": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The notice that the SDL asks for before a lease is taken back (`reclamation.min_window`), " +
					"e.g. `24h`; null without.",
			},
			"secret_names":  secrets.Names(),
			"price_ceiling": ceiling.Computed("The deployment's `price_ceiling`, which the group's lease keeps to."),
		}},
	}
}

func escrowAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Computed: true,
		MarkdownDescription: "The escrow account as of its last settlement. The chain settles lazily: with an active " +
			"lease the real balance is lower.",
		Attributes: map[string]schema.Attribute{
			"balance_uact": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What can still be spent or refunded, in uact, e.g. `4987000`.",
			},
			"spent_uact": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What Akash providers have withdrawn so far, in uact.",
			},
			"deposited_uact": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What was ever paid in, by anybody, in uact: balance and spent together.",
			},
			"deposits": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The payments that still hold something, oldest first. They are spent in this order; what " +
					"is left of each goes back to who paid it when the deployment is closed.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"depositor": schema.StringAttribute{
						Computed: true, MarkdownDescription: "The account whose money it is, `akash1…`.",
					},
					"source": schema.StringAttribute{
						Computed: true, MarkdownDescription: "`balance`: paid by the depositor. `grant`: paid on its behalf, by a grant.",
					},
					"balance_uact": schema.StringAttribute{
						Computed: true, MarkdownDescription: "What is left of it, in uact.",
					},
				}},
			},
		},
	}
}
