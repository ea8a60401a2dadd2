// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"regexp"

	"cosmossdk.io/math"
	"gopkg.in/yaml.v3"
)

// price is the most that one replica may cost per block.
type price struct {
	at       *site
	present  bool // false for an empty entry, which crashes the official parser
	amountAt *site
	amount   math.LegacyDec
	denomAt  *site
	denom    string
	bad      bool
}

// denomination is what the chain's coins may be named; others crash the official parser.
var denomination = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$`)

const remedyAmount = "write a positive decimal such as 1000 or 12.5, in uact per block"

func (r *reader) price(n *yaml.Node, at *site) (*price, bool) {
	p := &price{at: at, amountAt: at.missing("amount"), denomAt: at.missing("denom")}
	if isNull(n) {
		return p, false
	}
	var amount string
	good := r.fields(n, at, []string{"denom", "amount"}, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "amount":
			t, ok := r.text(v, at)
			amount, p.amountAt = t.value, at
			p.bad = p.bad || !ok && !isNull(v)
		case "denom":
			t, ok := r.text(v, at)
			p.denom, p.denomAt = t.value, at
			p.bad = p.bad || !ok && !isNull(v)
		default:
			return false
		}
		return true
	})
	if !good || p.bad {
		p.bad = true
		return p, true
	}
	p.present = true
	var err error
	p.amount, err = math.LegacyNewDecFromStr(amount)
	switch {
	case err != nil && amount == "":
		r.fail(p.amountAt, remedyAmount, "the price has no amount")
	case err != nil:
		r.fail(p.amountAt, remedyAmount+", with at most 18 digits after the point", "%q is not a price", clip(amount))
	case !p.amount.IsPositive():
		r.fail(p.amountAt, remedyAmount, "the price must be more than zero, not %s", clip(amount))
	}
	if !denomination.MatchString(p.denom) {
		r.fail(p.denomAt, "write denom: uact", "%q is not a denomination", clip(p.denom))
		p.bad = true
	}
	p.bad = p.bad || err != nil || !p.amount.IsPositive()
	return p, true
}
