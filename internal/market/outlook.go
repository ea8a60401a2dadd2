// SPDX-License-Identifier: Apache-2.0

package market

import (
	"cmp"
	"slices"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Question is what a forecast is asked: who would take this group, for how much, under this policy.
type Question struct {
	Group  deploymentv1beta4.GroupSpec
	Policy Policy
	// MinReclamation is the notice that the deployment asks for, 0 for none.
	MinReclamation time.Duration
	// Bids are what is bid on the group's open order; nil when there is none.
	Bids []Bid
	// Screenings are what gateways answered about this group, by Akash provider.
	Screenings map[string]Screening
}

// Offer is an Akash provider that can run the group.
type Offer struct {
	Seller Seller
	// Price is what it is expected to ask; the zero value when nothing is known.
	Price coin.PerBlock
	Basis Basis
	// GPUs are the devices it would get, by model.
	GPUs map[string]uint64
	// Unsure says what could not be checked, e.g. that it does not tell its free addresses; "" mostly.
	Unsure string
	// Refusal says why it may not win although it can run the group: its price; "" when it may.
	Refusal string
}

// Exclusion is one constraint and whom it leaves out.
type Exclusion struct {
	// Constraint is a few words, the same for all that it excludes: "no GPU h100".
	Constraint string
	// Sellers are who is excluded, by address, sorted.
	Sellers []string
}

// Outlook is the answer to a [Question]. All prices are in uact a block.
type Outlook struct {
	// Registered is how many Akash providers there are.
	Registered int
	// Offers are those who can run the group, cheapest first; whose price is unknown comes last.
	Offers []Offer
	// Excluded are the others, each once, by the first constraint that it fails; the most effective comes first.
	Excluded []Exclusion
	// Asked is how many declare all that is asked for, Silent how many of these did not say what they have free; the
	// silent ones are in Excluded too.
	Asked, Silent int
	// Low, Median and High are over the Offers with a price; the zero value without any.
	Low, Median, High coin.PerBlock
	// Favourite is who wins by the policy when all bid what is expected, by address; "" when nobody with a known price
	// may.
	Favourite string
	// Limit is the most a bid may be: the policy's ceiling, or the group's own maximum where that is lower.
	Limit Ceiling
	// Capabilities count who has what is rare of all that is asked for; empty for most groups.
	Capabilities []Capability
	// ReadAt and Height say how old the oldest part of it is; Partial what could not be read.
	ReadAt  time.Time
	Height  int64
	Partial []string
}

// SilentText is the constraint of those who do not say what they have free.
const SilentText = "gateway does not answer"

// Judge answers a question from a snapshot. It depends on nothing else, so the same input gives the same answer.
func (s Snapshot) Judge(q Question) Outlook {
	out := Outlook{
		Registered: len(s.Candidates), ReadAt: s.ReadAt, Height: s.Height, Partial: s.Partial, Limit: q.limit(),
	}
	out.Capabilities = s.capabilities(q)
	excluded := map[string][]string{}
	for _, c := range s.Candidates {
		constraint := q.Unsuited(c.Seller)
		offer := Offer{Seller: c.Seller}
		if constraint == "" {
			out.Asked++
			offer, constraint = q.ask(c)
		}
		if constraint != "" {
			excluded[constraint] = append(excluded[constraint], c.Addr)
			if constraint == SilentText {
				out.Silent++
			}
			continue
		}
		offer.Price, offer.Basis = q.expect(c.Addr, offer, s.prices())
		offer.Refusal = q.tooDear(out.Limit, offer)
		out.Offers = append(out.Offers, offer)
	}
	for constraint, sellers := range excluded {
		slices.Sort(sellers)
		out.Excluded = append(out.Excluded, Exclusion{constraint, sellers})
	}
	slices.SortFunc(out.Excluded, func(a, b Exclusion) int {
		return cmp.Or(len(b.Sellers)-len(a.Sellers), cmp.Compare(a.Constraint, b.Constraint))
	})
	slices.SortFunc(out.Offers, cheaper)
	out.count()
	out.Favourite = q.favourite(out.Offers)
	return out
}

// cheaper orders offers by price, unknown prices last, equal ones by address.
func cheaper(a, b Offer) int {
	switch aKnown, bKnown := a.Basis != NoPrice, b.Basis != NoPrice; {
	case aKnown && bKnown:
		return cmp.Or(byPrice(Bid{Price: a.Price}, Bid{Price: b.Price}), cmp.Compare(a.Seller.Addr, b.Seller.Addr))
	case aKnown:
		return -1
	case bKnown:
		return 1
	default:
		return cmp.Compare(a.Seller.Addr, b.Seller.Addr)
	}
}

// ask says whether one candidate that is suited has room for the group; constraint is what it lacks, "" for nothing.
func (q Question) ask(c Candidate) (offer Offer, constraint string) {
	offer.Seller = c.Seller
	if q.bidOf(c.Addr) != nil {
		return offer, "" // it bids: whatever it says of itself, it can
	}
	if screening, asked := q.Screenings[c.Addr]; asked {
		if !screening.Passed {
			return offer, "its gateway would not bid"
		}
		return offer, ""
	}
	if c.Inventory == nil {
		return offer, SilentText
	}
	// A window of 0 says nothing where the version is old; a bid engine that offers none does not bid.
	if q.MinReclamation > 0 && c.Inventory.ReclamationWindow < q.MinReclamation {
		return offer, "no reclamation window of " + WindowText(q.MinReclamation)
	}
	gpus, why := c.Inventory.fits(q.Group)
	if why != "" {
		return offer, why
	}
	if c.Inventory.FreeIPs == nil && ShapeOfGroup(q.Group).IPs > 0 {
		offer.Unsure = "does not tell its free addresses"
	}
	if gpus[anyModel] > 0 && c.Inventory.unnamedGPUs() {
		gpus, offer.Unsure = nil, "does not tell which GPUs are free"
	}
	offer.GPUs = gpus
	return offer, ""
}

// Unsuited says why an Akash provider may not win, or names the first thing the group asks for that it has not declared
// or that no auditor asked for has signed; "" when nothing is missing. It needs the chain alone, so it says whom to ask
// for an inventory.
func (q Question) Unsuited(s Seller) string {
	if refusal := q.Policy.RefuseSeller(s); refusal != "" {
		return refusal
	}
	wanted := q.Group.Requirements.Attributes
	if missing, lacking := lacks(s.Attributes, wanted); lacking {
		return s.lackText(missing)
	}
	if why := s.unsigned(q.Group.Requirements.SignedBy, wanted); why != "" {
		return why
	}
	for _, unit := range q.Group.Resources {
		if why := s.gpuMissing(unit.Resource.GPU); why != "" {
			return why
		}
	}
	for _, unit := range q.Group.Resources {
		if why := s.storageMissing(unit.Resource.Storage); why != "" {
			return why
		}
	}
	return ""
}

// Auditors are whose signatures the question turns on.
func (q Question) Auditors() []string {
	by := q.Group.Requirements.SignedBy
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(by.AllOf, by.AnyOf, q.Policy.Auditors))))
}

func (q Question) bidOf(addr string) *Bid {
	for i, b := range q.Bids {
		if b.ID.ProviderAddr == addr && b.Open {
			return &q.Bids[i]
		}
	}
	return nil
}

// expect is the price of an offer from the best source there is.
func (q Question) expect(addr string, offer Offer, prices *Prices) (coin.PerBlock, Basis) {
	if b := q.bidOf(addr); b != nil {
		return b.Price, FromBid
	}
	if s, asked := q.Screenings[addr]; asked && s.Passed && !s.Price.IsZero() {
		return s.Price, FromScreening
	}
	shape := ShapeOfGroup(q.Group)
	if len(offer.GPUs) > 0 {
		shape.GPUs = offer.GPUs
	}
	return prices.Expect(addr, shape)
}

// sdlPrice names the limit that the SDL sets itself.
const sdlPrice = "the SDL's price"

// nextToNothing in uact a block is more than [Cap] rounds off.
var nextToNothing = math.LegacyNewDecWithPrec(1, 9)

// limit is the tighter of the policy's ceiling and what the group itself allows. A group that was lowered to the
// ceiling allows a hair less than that, which is not what the SDL says.
func (q Question) limit() Ceiling {
	own := Ceiling{Limit: Most([]deploymentv1beta4.GroupSpec{q.Group}, Ceiling{}), Text: sdlPrice}
	if own.Limit.IsZero() {
		return q.Policy.Ceiling
	}
	if q.Policy.Ceiling.None() || own.Limit.Amount.Add(nextToNothing).LT(q.Policy.Ceiling.Limit.Amount) {
		return own
	}
	return q.Policy.Ceiling
}

// tooDear says why an offer's price is refused; "" when it is not, or not known.
func (q Question) tooDear(limit Ceiling, offer Offer) string {
	if offer.Basis == NoPrice || limit.None() || offer.Price.Denom != limit.Limit.Denom ||
		!offer.Price.Amount.GT(limit.Limit.Amount) {
		return ""
	}
	return "over " + limit.String()
}

// count fills low, median and high.
func (o *Outlook) count() {
	var prices []coin.PerBlock
	for _, offer := range o.Offers {
		if offer.Basis != NoPrice {
			prices = append(prices, offer.Price)
		}
	}
	if len(prices) > 0 {
		o.Low, o.Median, o.High = prices[0], prices[(len(prices)-1)/2], prices[len(prices)-1]
	}
}
