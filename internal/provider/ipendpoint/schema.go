// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// endpointName is what the network and this resource take as a name.
var endpointName = regexp.MustCompile(`^[a-z][a-z0-9-]+$`)

// maxName keeps what an Akash provider makes of it within its cluster's limits.
const maxName = 40

// Schema describes the resource.
func (r *endpointResource) Schema(
	ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse,
) {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The endpoint's name, which SDLs use: two to 40 of `a-z`, `0-9` and `-`, beginning with a " +
				"letter, e.g. `shop`. One name is one address at one Akash provider. Left out, it is derived from the dseq " +
				"and known after apply; give one where an SDL is to be planned before. Changing it replaces the endpoint.",
			Validators: []validator.String{
				stringvalidator.RegexMatches(endpointName, "must be a-z, 0-9 and -, beginning with a letter"),
				stringvalidator.LengthBetween(2, maxName),
			},
		},
		"attach":        attachAttribute(),
		"deposit":       depositAttribute(),
		"price_ceiling": ceilingAttribute(),
		"bid_policy":    bidpolicy.ForResource(),
		"on_failure": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(string(deploy.CloseOnFailure)),
			MarkdownDescription: "What becomes of a new endpoint that gets no address: `close` (default) closes its " +
				"deployment and refunds the deposit; `keep` leaves it for the next apply.",
			Validators: []validator.String{
				stringvalidator.OneOf(string(deploy.CloseOnFailure), string(deploy.KeepOnFailure)),
			},
		},
		"deletion_protection": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Refuses every plan that would destroy or replace the endpoint, since its address does " +
				"not come back. Default `false`.",
		},
		"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
	}
	for name, attribute := range computedAttributes() {
		attributes[name] = attribute
	}
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A public IPv4 address of an Akash provider. A tiny deployment of its own holds it, so that " +
			"it outlives the deployments that use it. These are of the same account, leased from the same Akash provider " +
			"(`bid_policy = { allow = [akash_ip_endpoint.x.provider_address] }`), and declare the endpoint by its name in " +
			"their SDL; each port of the address belongs to one of them, and TCP port 65535 to the holder.\n\nInbound " +
			"only: what a deployment sends leaves by the Akash provider's own address. The address cannot be chosen or " +
			"taken to another Akash provider, and is lost with the lease: when its escrow runs out, when the Akash " +
			"provider ends it, or with this resource. Every deployment that uses the address also pays what the Akash " +
			"provider asks for one.\n\nWhen the lease ended, the next plan shows an update that leases again in the same " +
			"deployment. The Akash provider before is asked first: where other deployments still use the endpoint there, " +
			"the address stays. A ceiling or policy that excludes the present Akash provider replaces the endpoint.",
		Attributes: attributes,
	}
}

func attachAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "The group that has the address's ports now, where several deployments ask for the same " +
			"port: an element of `akash_deployment.groups`, or the `group` of an `akash_lease`. A change moves the ports " +
			"in place, between leases with the same Akash provider. A group that is not leased yet gets the ports that " +
			"nobody has; what another one has, the apply after moves. Removing it moves nothing. " +
			"Example: `akash_deployment.green.groups[\"dcloud\"]`.",
		Attributes: map[string]schema.Attribute{
			"deployment_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The deployment, `owner/dseq`.",
			},
			"gseq": schema.Int64Attribute{
				Required: true, MarkdownDescription: "The group's number, from 1.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
		},
	}
}

func depositAttribute() schema.Attribute {
	one := []validator.String{
		validators.PositiveDecimal(),
		stringvalidator.ExactlyOneOf(
			path.MatchRelative().AtParent().AtName("usd"), path.MatchRelative().AtParent().AtName("uact"),
		),
	}
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "How much is paid into escrow in all: a target, never an increment. Raising it deposits the " +
			"difference in place; lowering it changes nothing on chain. The address is lost when the escrow is empty, see " +
			"`funded_until`. Default 5 USD. Example: `{ usd = 30 }`.",
		Attributes: map[string]schema.Attribute{
			"usd": schema.StringAttribute{
				Optional: true, Validators: one,
				MarkdownDescription: "The deposit in US dollars (1 USD = 1 ACT), e.g. `\"12.50\"`. Set this or `uact`.",
			},
			"uact": schema.StringAttribute{
				Optional: true, Validators: one,
				MarkdownDescription: "The deposit in uact (1 ACT = 1000000 uact), e.g. `5000000`. Set this or `usd`.",
			},
		},
	}
}

func ceilingAttribute() schema.Attribute {
	return ceiling.ForResource("The most the address may cost. The provider block's ceiling applies too; the tightest " +
		"wins. Without any it is 30 USD a month. What holds when the endpoint is created is its maximum on chain from " +
		"then on. Lowering it below the price replaces the endpoint. Example: `{ usd_per_month = 12 }`.")
}

func computedAttributes() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"id":    text("`owner/dseq` of the deployment that holds the address. Also its import id."),
		"owner": text("The account that owns and pays for it, `akash1…`."),
		"dseq":  text("The deployment's sequence, chosen at apply."),
		"address": text("The address, e.g. `203.0.113.7`, as the Akash provider tells it. The last one known while the " +
			"lease is ended."),
		"provider_address": text("The Akash provider that has the address, `akash1…`: what leases that use it allow."),
		"lease_id":         text("The holder's lease on chain, `owner/dseq/gseq/oseq/akash-provider`."),
		"state":            text("The lease's state on chain, e.g. `active`; null without a lease."),
		"close_reason":     text("Why the lease ended, in the chain's words; null while it runs."),
		"auction_reason":   text("Why the last auction was held, e.g. `new lease`."),
		"price_per_block":  text("The holder's price in uact a block, an exact decimal, e.g. `12.5`."),
		"usd_per_month": text("The holder's price in US dollars a month of 30.4375 days, rounded half up to cents. For " +
			"display; `price_per_block` is exact."),
		"max_usd_per_month": text("The most that the holder can cost in US dollars a month: its maximum on chain."),
		"attached": schema.BoolAttribute{
			Computed: true,
			MarkdownDescription: "Whether the lease of `attach` has its ports, as of the last refresh; null while it is " +
				"not leased there. While another lease has them it is `false`, and the next apply moves them.",
		},
		"funded_until": text("When the escrow runs out, and the address with it, as of the last refresh, rounded to the " +
			"hour, e.g. `2026-12-24T18:00:00Z`. Null while nothing is spent."),
		"escrow": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The holder's escrow account as of its last settlement.",
			Attributes: map[string]schema.Attribute{
				"balance_uact":   text("What can still be spent or refunded, in uact."),
				"spent_uact":     text("What the Akash provider has withdrawn so far, in uact."),
				"deposited_uact": text("What was ever paid in, in uact: balance and spent together."),
			},
		},
	}
}
