// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"errors"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

// endpointFaults are faults of the public endpoints together with the words they came from, if any did.
type endpointFaults struct {
	Faults
	seed  uint64
	words []placedWord
	// ordered tells whether a transaction has a sequence.
	ordered func(tx []byte) bool
}

// placedWord is a setting in force. dice are nil where chance has no part in it.
type placedWord struct {
	setting FaultSetting
	dice    *odds.Dice
}

// endpointFaults makes the faults of the public endpoints from a plan that is in order.
func (n *Network) endpointFaults(plan FaultPlan) *endpointFaults {
	decode := n.app.TxConfig().TxDecoder()
	out := &endpointFaults{seed: plan.Seed, ordered: func(tx []byte) bool {
		_, ordered := sequenceOf(decode, tx)
		return ordered
	}}
	for _, s := range plan.Settings {
		w, err := findFault(s.On, s.Fault)
		if err != nil || w.endpoint == nil {
			continue // of an Akash provider
		}
		dice := diceFor(w, s, n.faultSeed(plan), "")
		w.endpoint(out, s.Value, dice)
		out.words = append(out.words, placedWord{s, dice})
	}
	return out
}

// refuse adds a reason for which broadcasts are refused. Dice are thrown only for what they can hit.
func (f *endpointFaults) refuse(why error, dice *odds.Dice) {
	before := f.RefuseBroadcast
	f.RefuseBroadcast = func(tx []byte) error {
		if before != nil {
			if err := before(tx); err != nil {
				return err
			}
		}
		if errors.Is(why, ErrSequenceMismatch) && !f.ordered(tx) {
			return nil
		}
		if dice.Next() {
			return why
		}
		return nil
	}
}

// reset adds dice that are thrown for requests to some of the endpoints.
func (f *endpointFaults) reset(dice *odds.Dice, at ...Endpoint) {
	before := f.Reset
	f.Reset = func(e Endpoint) bool {
		return (before != nil && before(e)) || (slices.Contains(at, e) && dice.Next())
	}
}

// plan is what is in force and came from a plan, of counted faults what is left.
func (b *faultBox) plan() FaultPlan {
	f := b.current.Load()
	if f == nil {
		return FaultPlan{}
	}
	out := FaultPlan{Seed: f.seed}
	for _, w := range f.words {
		if w.dice != nil {
			left := w.dice.Left()
			if left == (odds.Odds{}) {
				continue
			}
			w.setting.Value = left.String()
		}
		out.Settings = append(out.Settings, w.setting)
	}
	return out
}

// reset tells whether a request is to find its connection reset.
func (b *faultBox) reset(at Endpoint) bool {
	reset := b.get().Reset
	return reset != nil && reset(at)
}
