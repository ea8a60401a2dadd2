// SPDX-License-Identifier: Apache-2.0

package market

import (
	"path"
	"slices"
	"strings"

	"cosmossdk.io/math"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
)

// Policy says which bids are acceptable. The zero value accepts every open bid.
type Policy struct {
	Ceiling Ceiling
	// Allow, when not empty, lists the only Akash providers (bech32 addresses) that may win.
	Allow []string
	// Deny lists Akash providers that must not win; it beats Allow.
	Deny []string
	// DistinctFrom lists Akash providers that run something else already and must not win this.
	DistinctFrom []string
	// Regions, when not empty, are the only regions whose Akash providers may win, as they declare them; a region may
	// hold "*" and "?".
	Regions []string
	// Attributes must all be declared by who wins; a key may hold "*" and "?", which do not cross a "/".
	Attributes []attributesv1.Attribute
	// Auditors, when not empty, are whose signature counts: one of them must have signed Attributes for who wins, or
	// anything when there are none.
	Auditors []string
	// Strategy ranks the acceptable bids; "" is [Cheapest].
	Strategy Strategy
	// Prefer lists Akash providers in the order they are wanted: before all others by Cheapest and Spread, by its
	// weight by Weighted.
	Prefer []string
	// Weights are for Weighted alone.
	Weights Weights
	// Held is how many leases of the owner each Akash provider has, by address; for Spread alone.
	Held map[string]int
	// Unusable maps Akash providers to why they failed earlier in this auction.
	Unusable map[string]string
	// Sellers are what is known of the bidders, by address. Who is not in it fails what Regions, Attributes and Auditors
	// ask for, and scores nothing but its price.
	Sellers map[string]Seller
}

// Facts are what has to be known of bidders before a [Policy] can choose among them.
type Facts struct {
	// Declared is what it says of itself, Audits what auditors signed, Record how its leases ended, Latency how fast its
	// gateway answers.
	Declared, Audits, Record, Latency bool
	// Held is who has leases of the owner.
	Held bool
}

// Needs says which facts the policy turns on.
func (p Policy) Needs() Facts {
	weighs := func(d math.LegacyDec) bool { return p.Strategy == Weighted && !d.IsNil() && d.IsPositive() }
	return Facts{
		Declared: p.asksWhatTheyDeclare(),
		Audits:   len(p.Auditors) > 0 || weighs(p.Weights.Audits),
		Record:   weighs(p.Weights.Record),
		Latency:  weighs(p.Weights.Latency),
		Held:     p.Strategy == Spread,
	}
}

// OfSeller reports whether anything has to be known of each bidder.
func (f Facts) OfSeller() bool { return f.Declared || f.Audits || f.Record || f.Latency }

// Staying is the part of the policy that a running lease must go on to meet: ceiling, allow, deny, and what became
// unusable. The rest chooses when an auction is held; what Akash providers declare may change any day, and no lease
// ends for that.
func (p Policy) Staying() Policy {
	return Policy{Ceiling: p.Ceiling, Allow: p.Allow, Deny: p.Deny, Unusable: p.Unusable}
}

// RefuseSeller says why an Akash provider may not win, whatever it bids; "" when it may. It judges the facts it is
// given, not those in Sellers.
func (p Policy) RefuseSeller(s Seller) string {
	if why := p.refuseAddr(s.Addr); why != "" {
		return why
	}
	if len(p.Regions) > 0 && !slices.ContainsFunc(s.Attributes, p.isRegion) {
		return "not in region " + strings.Join(p.Regions, " or ")
	}
	if missing, lacking := lacks(s.Attributes, p.Attributes); lacking {
		return s.lackText(missing)
	}
	return s.unsigned(attributesv1.SignedBy{AnyOf: p.Auditors}, p.Attributes)
}

// refuseBidder is RefuseSeller by the facts in Sellers.
func (p Policy) refuseBidder(addr string) string {
	if why := p.refuseAddr(addr); why != "" || !p.asksWhatTheyDeclare() {
		return why
	}
	facts, known := p.Sellers[addr]
	if !known {
		return "what it declares could not be read"
	}
	facts.Addr = addr
	return p.RefuseSeller(facts)
}

// asksWhatTheyDeclare reports whether an address is not enough to judge an Akash provider.
func (p Policy) asksWhatTheyDeclare() bool {
	return len(p.Regions)+len(p.Attributes)+len(p.Auditors) > 0
}

// refuseAddr judges who it is.
func (p Policy) refuseAddr(addr string) string {
	if why, failed := p.Unusable[addr]; failed {
		return why
	}
	switch {
	case slices.Contains(p.Deny, addr):
		return "on the deny list"
	case slices.Contains(p.DistinctFrom, addr):
		return "used already (distinct_from)"
	case len(p.Allow) > 0 && !slices.Contains(p.Allow, addr):
		return "not on the allow list"
	default:
		return ""
	}
}

// regionKeys are the attributes that Akash providers name their region by.
var regionKeys = []string{"region", "location-region"}

func (p Policy) isRegion(a attributesv1.Attribute) bool {
	if !slices.Contains(regionKeys, a.Key) {
		return false
	}
	return slices.ContainsFunc(p.Regions, func(pattern string) bool {
		ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(a.Value))
		return err == nil && ok
	})
}
