// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"errors"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// land brings what became of a transaction to those who were aboard, and returns those that go on in another one.
func (e *Engine) land(aboard []*member, result Result, err error) [][]*member {
	shares := shareOut(result, aboard)
	if err == nil {
		for i, m := range aboard {
			m.answer(shares[i], nil)
		}
		return nil
	}
	if why := reasonOf(err); why != noReason && e.learn(why, err) {
		e.log.Debug("signing the transaction anew", "reason", err)
		return goOn(aboard, shares, err, why)
	}
	var rejected *chain.RejectedError
	if len(aboard) > 1 && errors.As(err, &rejected) {
		return e.separate(aboard, shares, rejected)
	}
	for i, m := range aboard {
		m.answer(shares[i], err)
	}
	return nil
}

// goOn lets those try again, together, who have not done so too often for this reason.
func goOn(aboard []*member, shares []Result, err error, why reason) [][]*member {
	var again []*member
	for i, m := range aboard {
		if !m.left.spend(why) || !m.recall(shares[i].FeeUAKT) {
			m.answer(shares[i], err)
			continue
		}
		switch {
		case why == outOfGas:
			m.gasFactor = m.gasFactor.Mul(moreGas)
		case errors.Is(err, ErrNeverLanded):
			m.feeFactor = m.feeFactor.Mul(higherFee)
		}
		again = append(again, m)
	}
	if len(again) == 0 {
		return nil
	}
	return [][]*member{again}
}

// separate takes apart a transaction that was refused as a whole, so that nothing of it had an effect: the request
// that the chain names is answered, the others go on without it; where none is named, the halves go on apart, down to
// the one that is refused by itself.
func (e *Engine) separate(aboard []*member, shares []Result, rejected *chain.RejectedError) [][]*member {
	at, first := ownerOf(aboard, rejected.MessageIndex)
	var again []*member
	for i, m := range aboard {
		switch {
		case i == at:
			m.answer(shares[i], rejected.Counted(first))
		case m.recall(shares[i].FeeUAKT):
			again = append(again, m)
		default:
			m.answer(Result{FeeUAKT: shares[i].FeeUAKT}, m.ctx.Err())
		}
	}
	e.log.Debug("the chain refused a shared transaction", "error", rejected, "named", at >= 0, "others", len(again))
	if at < 0 {
		return halves(again)
	}
	// What simulations do not see can happen over and over in a crowd.
	var groups [][]*member
	var crowd []*member
	for _, m := range again {
		if m.left.spend(inACrowd) {
			crowd = append(crowd, m)
		} else {
			groups = append(groups, []*member{m})
		}
	}
	if len(crowd) > 0 {
		groups = append(groups, crowd)
	}
	return groups
}
