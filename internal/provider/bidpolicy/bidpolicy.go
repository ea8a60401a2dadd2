// SPDX-License-Identifier: Apache-2.0

// Package bidpolicy is the bid_policy attribute: of a lease, and of the provider block for what leases leave open.
package bidpolicy

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// DefaultWindow is ten mainnet blocks: nearly every Akash provider that will bid has bid.
const DefaultWindow = 60 * time.Second

// Policy is what the attribute says.
type Policy struct {
	// Market is without ceiling.
	Market  market.Policy
	Window  time.Duration
	MinBids int
	// Judges is false while allow or deny are not known: then it is open whether a running lease may stay. What else is
	// not known yet is left out of Market, as it matters when an auction is held and not before.
	Judges bool
}

// Read decodes a lease's attribute. What it leaves out is taken from the provider block's, attribute by attribute, then
// from the defaults.
func Read(own, fallback types.Object) (p Policy, problems diag.Diagnostics) {
	r := reader{own: own, fallback: fallback, judges: !own.IsUnknown(), problems: &problems}
	p.Market = market.Policy{
		Prefer: r.list("prefer"), DistinctFrom: r.addresses("distinct_from"), Regions: r.list("regions"),
		Auditors: r.list("auditors"), Attributes: r.attributes(), Strategy: market.Strategy(r.text("strategy")),
		Weights: r.weights(),
	}
	var allowKnown, denyKnown bool
	p.Market.Allow, allowKnown = texts(r.value("allow"))
	p.Market.Deny, denyKnown = texts(r.value("deny"))
	p.Judges = r.judges && allowKnown && denyKnown
	p.Window, p.MinBids = DefaultWindow, 1
	if text := r.text("window"); text != "" {
		window, err := time.ParseDuration(text)
		if err != nil {
			problems.AddAttributeError(at("window"), "Invalid bid_policy.window", err.Error())
		}
		p.Window = window
	}
	if n, ok := r.value("min_bids").(types.Int64); ok && !n.IsNull() && !n.IsUnknown() {
		p.MinBids = int(n.ValueInt64())
	}
	return p, problems
}

func at(name string) path.Path { return path.Root("bid_policy").AtName(name) }

// reader takes attributes from the lease's object, else from the provider block's.
type reader struct {
	own, fallback types.Object
	judges        bool
	problems      *diag.Diagnostics
}

// value is nil where neither says anything.
func (r *reader) value(name string) attr.Value {
	if value, there := r.own.Attributes()[name]; there && !value.IsNull() {
		return value
	}
	if r.fallback.IsUnknown() {
		r.judges = false
	}
	if value, there := r.fallback.Attributes()[name]; there && !value.IsNull() {
		return value
	}
	return nil
}

func (r *reader) text(name string) string {
	text, _ := r.value(name).(types.String)
	return text.ValueString()
}

func (r *reader) list(name string) []string {
	found, _ := texts(r.value(name))
	return found
}

// texts reads the known elements of a list; known is false while it or an element is unknown.
func texts(value attr.Value) (found []string, known bool) {
	list, ok := value.(types.List)
	if !ok {
		return nil, true
	}
	known = !list.IsUnknown()
	for _, e := range list.Elements() {
		text, ok := e.(types.String)
		if !ok || text.IsUnknown() {
			known = false
			continue
		}
		if !text.IsNull() {
			found = append(found, text.ValueString())
		}
	}
	return found, known
}

// addresses reads a list of Akash providers, by address or by a lease that one of them has.
func (r *reader) addresses(name string) []string {
	found := r.list(name)
	for i, text := range found {
		if id, err := ids.ParseLeaseID(text); err == nil {
			found[i] = id.ProviderAddr
		}
	}
	return found
}

// attributes are sorted by key, so that reasons are always the same.
func (r *reader) attributes() []attributesv1.Attribute {
	wanted, _ := r.value("attributes").(types.Map)
	var found []attributesv1.Attribute
	for key, value := range wanted.Elements() {
		if text, ok := value.(types.String); ok && !text.IsUnknown() {
			found = append(found, attributesv1.Attribute{Key: key, Value: text.ValueString()})
		}
	}
	slices.SortFunc(found, func(a, b attributesv1.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	return found
}

// weights are the defaults without the attribute; with it, what it leaves out counts nothing.
func (r *reader) weights() market.Weights {
	object, ok := r.value("weights").(types.Object)
	if !ok || object.IsNull() || object.IsUnknown() {
		return market.DefaultWeights()
	}
	weight := func(name string) math.LegacyDec {
		text, ok := object.Attributes()[name].(types.String)
		if !ok || text.IsNull() || text.IsUnknown() {
			return math.LegacyDec{}
		}
		amount, err := coin.ParseDecimal(text.ValueString())
		if err != nil {
			r.problems.AddAttributeError(at("weights").AtName(name), "Invalid weight", fmt.Sprintf("%s: %v", name, err))
			return math.LegacyDec{}
		}
		return amount
	}
	return market.Weights{
		Price: weight("price"), Audits: weight("audits"), Record: weight("record"), Latency: weight("latency"),
		Preference: weight("preference"),
	}
}
