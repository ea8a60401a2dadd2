// SPDX-License-Identifier: Apache-2.0

package bidpolicy

import (
	"context"
	"fmt"
	gopath "path"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

const (
	windowText = "The longest wait for bids, counted from the order's block in blocks of the network's mean time; a " +
		"duration such as `90s`. Default `60s`. It grows by a block for every other order that was opened at the same " +
		"time, since an Akash provider sends about one bid a block. The wait ends early once enough bids are in and no new " +
		"one has come for three blocks (and up to 20 more with other orders), or when the order holds as many bids as it can."
	minBidsText = "How many acceptable bids end the wait early. Default `1`. Fewer are enough once the window is over."
	listsText   = "by address. Example: `[\"akash1…\"]`."
)

// lists are the attributes that hold texts.
var lists = []struct {
	name, text string
	element    validator.String
	leaseOnly  bool
}{
	{name: "allow", element: validators.Address(), text: "If set, the only Akash providers that may win, " + listsText},
	{
		name: "deny", element: validators.Address(),
		text: "Akash providers that must not win, by address; beats `allow`. A running lease with one of them is moved.",
	},
	{
		name: "prefer", element: validators.Address(),
		text: "Akash providers to take first, in this order, when their bid is acceptable, by address. With strategy " +
			"`weighted` it counts by its weight.",
	},
	{
		name: "distinct_from", element: addressOrLease{}, leaseOnly: true,
		text: "Akash providers that this lease must not go to, because something else runs there: their addresses or " +
			"leases, e.g. `[akash_lease.first.provider_address]`. It counts when an auction is held and moves no running " +
			"lease.",
	},
	{
		name: "regions", element: pattern{},
		text: "If set, the only regions that may win, as Akash providers declare them (attribute `region` or " +
			"`location-region`); `*` and `?` match, upper and lower case are the same. It counts when an auction is held. " +
			"Example: `[\"eu-*\"]`.",
	},
	{
		name: "auditors", element: validators.Address(),
		text: "If set, only Akash providers win that one of these auditors has signed: all `attributes` asked for here, or " +
			"anything when there are none. By address. It counts when an auction is held.",
	},
}

const (
	strategyText = "How acceptable bids are ranked: `cheapest` (default); `weighted`, by the score that `weights` " +
		"makes; `spread`, the one with the fewest of the owner's leases, and of these the cheapest."
	attributesText = "Attributes that the winner must declare, besides those of the SDL's placement; a key may hold `*` " +
		"and `?`, which do not cross a `/`. It counts when an auction is held. Example: `{ host = \"akash\" }`."
	weightsText = "How much each part counts with strategy `weighted`, exact decimals; only proportions matter, and " +
		"what is left out counts nothing. Default `{ price = 4, audits = 1, record = 1, latency = 1, preference = 1 }`. " +
		"The score is the sum of weight times part over the sum of weights; each part is from 0 to 1, " +
		"and 0 where nothing is known."
)

// weights are the parts of a score.
var weights = []struct{ name, text string }{
	{"price", "The lowest acceptable price over the bid's own."},
	{"audits", "n / (n + 1) for n auditors that have signed something about the Akash provider."},
	{
		"record", "(leases - given up + 1) / (leases + 2) over ended leases of the Akash provider on chain, a page of " +
			"them; given up are those it closed itself without being asked to.",
	},
	{"latency", "200 ms / (200 ms + time) for the time its gateway takes to answer, measured when the window is over."},
	{"preference", "(n - i) / n for the i-th, from 0, of n in `prefer`."},
}

func listOf(element validator.String) []validator.List {
	return []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(element)}
}

var strategies = []validator.String{
	stringvalidator.OneOf(string(market.Cheapest), string(market.Weighted), string(market.Spread)),
}

// ForResource is the attribute of a lease.
func ForResource() resource.Attribute {
	parts := map[string]resource.Attribute{}
	for _, w := range weights {
		parts[w.name] = resource.StringAttribute{
			Optional: true, MarkdownDescription: w.text, Validators: []validator.String{validators.PositiveDecimal()},
		}
	}
	attributes := map[string]resource.Attribute{
		"window": resource.StringAttribute{
			Optional: true, MarkdownDescription: windowText, Validators: []validator.String{validators.PositiveDuration()},
		},
		"min_bids": resource.Int64Attribute{
			Optional: true, MarkdownDescription: minBidsText, Validators: []validator.Int64{int64validator.Between(1, 20)},
		},
		"strategy": resource.StringAttribute{
			Optional: true, MarkdownDescription: strategyText, Validators: strategies,
		},
		"attributes": resource.MapAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: attributesText,
		},
		"weights": resource.SingleNestedAttribute{Optional: true, MarkdownDescription: weightsText, Attributes: parts},
	}
	for _, l := range lists {
		attributes[l.name] = resource.ListAttribute{
			Optional: true, ElementType: types.StringType, Validators: listOf(l.element), MarkdownDescription: l.text,
		}
	}
	return resource.SingleNestedAttribute{
		Optional: true, Attributes: attributes,
		MarkdownDescription: "Which bids are acceptable, how long to wait for them and how they are ranked. What is left " +
			"out here is taken from the provider block's `bid_policy`.",
	}
}

// ForProvider is the attribute of the provider block.
func ForProvider() provider.Attribute {
	parts := map[string]provider.Attribute{}
	for _, w := range weights {
		parts[w.name] = provider.StringAttribute{
			Optional: true, MarkdownDescription: w.text, Validators: []validator.String{validators.PositiveDecimal()},
		}
	}
	attributes := map[string]provider.Attribute{
		"window": provider.StringAttribute{
			Optional: true, MarkdownDescription: windowText, Validators: []validator.String{validators.PositiveDuration()},
		},
		"min_bids": provider.Int64Attribute{
			Optional: true, MarkdownDescription: minBidsText, Validators: []validator.Int64{int64validator.Between(1, 20)},
		},
		"strategy": provider.StringAttribute{
			Optional: true, MarkdownDescription: strategyText, Validators: strategies,
		},
		"attributes": provider.MapAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: attributesText,
		},
		"weights": provider.SingleNestedAttribute{Optional: true, MarkdownDescription: weightsText, Attributes: parts},
	}
	for _, l := range lists {
		if l.leaseOnly {
			continue
		}
		attributes[l.name] = provider.ListAttribute{
			Optional: true, ElementType: types.StringType, Validators: listOf(l.element), MarkdownDescription: l.text,
		}
	}
	return provider.SingleNestedAttribute{
		Optional: true, Attributes: attributes,
		MarkdownDescription: "What every lease takes for its own `bid_policy` where that says nothing, attribute by " +
			"attribute. Example: `{ strategy = \"weighted\", regions = [\"eu-*\"] }`.",
	}
}

// addressOrLease accepts an Akash provider by its address or by a lease.
type addressOrLease struct{}

func (addressOrLease) Description(context.Context) string {
	return "the address of an Akash provider, or a lease id owner/dseq/gseq/oseq/akash-provider"
}

func (a addressOrLease) MarkdownDescription(ctx context.Context) string { return a.Description(ctx) }

// ValidateString implements [validator.String].
func (a addressOrLease) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := ids.ParseLeaseID(req.ConfigValue.ValueString()); err == nil {
		return
	}
	validators.Address().ValidateString(ctx, req, resp)
}

// pattern accepts a name in which "*" and "?" stand for other letters.
type pattern struct{}

func (pattern) Description(context.Context) string {
	return "a name in which * and ? may stand for other letters"
}

func (p pattern) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

// ValidateString implements [validator.String].
func (pattern) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	text := req.ConfigValue.ValueString()
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := gopath.Match(text, ""); err != nil || text == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid pattern",
			fmt.Sprintf("%q can match nothing. Example: eu-*.", text))
	}
}
