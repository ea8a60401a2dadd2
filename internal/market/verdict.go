// SPDX-License-Identifier: Apache-2.0

package market

// Prospect is an [Outlook] in a word.
type Prospect string

const (
	// Likely: somebody can run the group and is expected to ask no more than the limit.
	Likely Prospect = "likely"
	// PriceUnknown: somebody can run it; what they ask is not known, or known of too few that fit.
	PriceUnknown Prospect = "price_unknown"
	// TooDear: everybody who can run it is expected to ask more than the limit.
	TooDear Prospect = "too_dear"
	// Nobody can run it.
	Nobody Prospect = "nobody"
	// Unreadable: too little could be read of the market to tell.
	Unreadable Prospect = "unreadable"
)

// Prospect sums the outlook up. firm is true when nothing but facts of the Akash providers themselves stand behind it:
// only then may a plan be refused because of it.
func (o Outlook) Prospect() (p Prospect, firm bool) {
	if o.Registered == 0 {
		return Unreadable, false
	}
	if len(o.Offers) == 0 {
		if o.Silent > o.Asked-o.Silent { // most of those who could have told did not
			return Unreadable, false
		}
		return Nobody, true
	}
	unknown := 0
	firm = true
	for _, offer := range o.Offers {
		switch {
		case offer.Refusal == "" && offer.Basis != NoPrice:
			return Likely, true
		case offer.Basis == NoPrice:
			unknown++
		default:
			firm = firm && offer.Basis.firm()
		}
	}
	if unknown > 0 {
		return PriceUnknown, false
	}
	return TooDear, firm
}
