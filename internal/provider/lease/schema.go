// SPDX-License-Identifier: Apache-2.0

package lease

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// Schema describes the resource.
func (r *leaseResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "`owner/dseq/gseq`: the group's slot. It stays the same when the lease moves to another " +
				"Akash provider. Also its import id; the longer `owner/dseq/gseq/oseq/akash-provider` is accepted too.",
		},
		"group":               groupAttribute(),
		"price_ceiling":       ceilingAttribute(),
		"bid_policy":          bidpolicy.ForResource(),
		"rebid_triggers":      rebidTriggersAttribute(),
		"rebid_if_cheaper_by": rebidCheaperAttribute(),
		"on_failure": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(string(deploy.CloseOnFailure)),
			MarkdownDescription: "What happens to a new lease whose services do not come up: `close` (default) ends it, so " +
				"that nothing more is spent; `keep` leaves it for a look. A lease that ran before is always kept.",
			Validators: []validator.String{
				stringvalidator.OneOf(string(deploy.CloseOnFailure), string(deploy.KeepOnFailure)),
			},
		},
		"wait_for":    waitForAttribute(),
		"attestation": attestationAttribute(), "attested": attestedAttribute(),
		"allow_data_loss": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether this configuration may end a lease that keeps persistent storage, whose " +
				"data goes with it: by a lower ceiling, another `bid_policy`, or by moving away from an Akash provider " +
				"that reclaims the lease. Without it such a plan is refused, and a reclaimed lease stays until its " +
				"deadline, so that data can be copied. Leases without persistent storage, and those that somebody else " +
				"ended, need no consent. Example: `true`.",
		},
		"desired_state": desiredStateAttribute(),
		"timeouts":      timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
	}
	for name, attribute := range computedAttributes() {
		attributes[name] = attribute
	}
	secrets.ForLease(attributes)
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A lease for one group of a deployment: waits for bids, accepts the best acceptable one " +
			"under the price ceiling, delivers the manifest and waits until every service is ready.\n\nThe resource is the " +
			"group's *slot*, not one agreement. When an Akash provider ends the lease, when the ceiling drops below its " +
			"price or the policy excludes its Akash provider, the next plan shows an update that holds a new auction in the " +
			"same deployment with the same escrow. The choice is sticky: cheaper bids elsewhere never change it.\n\nWhen an " +
			"apply fails, the error shows the last log lines and events of the workload. The values of `env`, `env_wo` and " +
			"registry credentials are masked in them where they are four characters or longer; anything else that the " +
			"workload prints, such as a token it fetched itself, appears as it is.\n\n`create_before_destroy` works " +
			"for a deployment together with its leases: the new lease runs before the old one ends, and host names " +
			"of the accept lists move to it when both are with the same Akash provider. Of a lease alone it is " +
			"refused, since a group has one lease at a time.",
		Attributes: attributes,
	}
}

func groupAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Required: true,
		MarkdownDescription: "The group to lease: an element of `akash_deployment.groups`, e.g. " +
			"`akash_deployment.web.groups[\"dcloud\"]`. A new manifest is delivered in place; another deployment or group " +
			"replaces the lease.",
		Attributes: map[string]schema.Attribute{
			"deployment_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The deployment, `owner/dseq`. Changing it replaces the lease.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"gseq": schema.Int64Attribute{
				Required: true, MarkdownDescription: "The group's number, from 1. Changing it replaces the lease.",
				PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()},
				Validators:    []validator.Int64{int64validator.AtLeast(1)},
			},
			"name": schema.StringAttribute{
				Required: true, MarkdownDescription: "The group's name in the manifest, e.g. `dcloud`.",
			},
			"spec": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The group's spec as a line of YAML: what the forecast asks the market for. " +
					"Without it the plan tells no forecast.",
			},
			"hash": schema.StringAttribute{
				Required: true, MarkdownDescription: "The manifest's hash, 64 hex digits.",
			},
			"manifest": schema.StringAttribute{
				Required: true, Sensitive: true,
				MarkdownDescription: "The deployment's whole manifest as canonical JSON, without `env_wo` and " +
					"`registry_credentials_wo`; sensitive.",
			},
			"reclamation_min_window": schema.StringAttribute{
				Optional: true, Validators: []validator.String{validators.PositiveDuration()},
				MarkdownDescription: "The notice that the deployment asks for before a lease is taken back, e.g. `24h`: the " +
					"forecast leaves out who gives less.",
			},
			"secret_names":  secrets.NamesInput(),
			"price_ceiling": ceiling.ForResource("The deployment's ceiling, see `akash_deployment.price_ceiling`."),
		},
	}
}

func ceilingAttribute() schema.Attribute {
	return ceiling.ForResource("The most this lease may cost, for the whole group. Dearer bids are refused. Lowering it " +
		"below the current price plans a new auction. The deployment's and the provider block's ceilings apply too; the " +
		"tightest wins, and the reason of each refused bid names it. Example: `{ usd_per_month = 12 }`.")
}

func rebidTriggersAttribute() schema.Attribute {
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Any texts; when one changes, is added or taken away, the next plan shows a new auction, and " +
			"`auction_reason` names it. The old lease ends first, and its Akash provider may win again. A new or imported " +
			"lease is not held to them. Example: `{ quarter = \"2026-Q4\" }`.",
	}
}

func rebidCheaperAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{validators.PositiveDecimal()},
		MarkdownDescription: "Say so in the plan when somebody else is expected to run the group for so many per cent less " +
			"than now, e.g. `20`. Never more than a note: the lease stays until `rebid_triggers` or you change something. It " +
			"reads the market at every plan, unless `preflight` is `off`.",
	}
}

func computedAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	number := func(description string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"lease_id": text("The lease on chain, `owner/dseq/gseq/oseq/akash-provider`; null while paused, as " +
			"what belongs to a lease is."),
		"provider_address": text("The Akash provider that runs the group, `akash1…`."),
		"state": text("The lease's state on chain: `active`, `reclaiming`, `insufficient_funds` or `closed`. " +
			"`paused`: there is none, as `desired_state` wants. `open`: there never was one, and bids are asked for."),
		"close_reason": text("Why the lease ended, in the chain's words; null while it runs. " +
			"`lease_closed_owner`: closed or paused by the owner. `lease_closed_reason_unstable`: the Akash provider " +
			"gave up on an unhealthy workload. `lease_closed_reason_decommission`: it takes machines out of service. " +
			"`lease_closed_reason_unspecified`: it gave no reason. `lease_closed_reason_manifest_timeout`: it got no " +
			"manifest in time. `lease_closed_reason_insufficient_funds`: the escrow ran out."),
		"ended_in_block": number("The block in which the lease ended; null while it runs."),
		"reclaim_started_at": text("When the Akash provider began to take the lease back, RFC 3339 in UTC, e.g. " +
			"`2026-12-01T08:00:00Z`; null unless `state` is `reclaiming`."),
		"reclaim_deadline": text("From when on the Akash provider may end a lease that it takes back, RFC 3339 in " +
			"UTC; null unless `state` is `reclaiming`. The workload runs, and is paid for, until then."),
		"auction_reason":  text("Why the last auction was held, e.g. `new lease`."),
		"price_per_block": text("The price in uact a block, an exact decimal, e.g. `12.5`."),
		"usd_per_month": text("The price in US dollars a month of 30.4375 days, rounded half up to cents, e.g. " +
			"`5.48`. For display; `price_per_block` is exact."),
		"manifest_delivered_hash": text("The hash of the manifest that the Akash provider took last, 64 hex digits."),
		"uris": schema.MapAttribute{
			Computed: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "Host names by service, without a scheme, sorted, as of the last delivery.",
		},
		"services": schema.MapNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The services by name, as of the last delivery; a refresh does not ask the Akash provider.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"available": number("Replicas that were ready."),
				"total":     number("Replicas wanted."),
				"ports": schema.ListNestedAttribute{
					Computed: true, MarkdownDescription: "Ports forwarded to the service.",
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"host":          text("Host to connect to."),
						"port":          number("Port inside the container."),
						"external_port": number("Port to connect to."),
						"protocol":      text("`TCP` or `UDP`."),
					}},
				},
				"ips": schema.ListNestedAttribute{
					Computed: true, MarkdownDescription: "Leased IP endpoints of the service.",
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"ip":            text("The address."),
						"port":          number("Port inside the container."),
						"external_port": number("Port on the address."),
						"protocol":      text("`TCP` or `UDP`."),
					}},
				},
			}},
		},
		"bids": schema.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: "Every bid of the last auction with the reason it won or lost, best first; empty for an " +
				"imported lease.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"provider_address": text("The bidding Akash provider."),
				"price_per_block":  text("The bid in uact a block."),
				"usd_per_month":    text("The bid in US dollars a month, rounded to cents."),
				"acceptable": schema.BoolAttribute{
					Computed: true, MarkdownDescription: "Whether the policy allowed it to win.",
				},
				"score": text("How it ranks by `bid_policy.strategy`, from 0 to 1 with three decimals; null for one that could " +
					"not win. `cheapest`: the lowest acceptable price over its own; `weighted`: see `bid_policy.weights`; `spread`: " +
					"1 / (1 + the owner's leases there)."),
				"reason": text("Why it won or lost."),
			}},
		},
	}
}
