// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// sift simulates until what is left passes, and returns the gas that it uses. A request that the simulation names is
// answered with its own error; where none is named, the halves are tried apart. Simulations cost nothing.
func (e *Engine) sift(ctx context.Context, d *draft, f *flight, height int64) (gasUsed uint64) {
	members := f.aboard
	for len(members) > 0 {
		d.msgs = messagesOf(members)
		raw, err := d.unsigned(e.key.PubKey())
		if err == nil {
			gasUsed, err = e.api.Simulate(ctx, raw)
		}
		var rejected *chain.RejectedError
		switch {
		case err == nil:
			f.aboard = members
			return gasUsed
		case ctx.Err() != nil || !errors.As(err, &rejected) || aboutAll(err):
			f.aboard, f.err = members, err
			return 0
		}
		at, first := ownerOf(members, rejected.MessageIndex)
		switch {
		case at >= 0:
			e.setAside(members[at], f, height, rejected.Counted(first))
			members = without(members, at)
		case len(members) == 1:
			e.setAside(members[0], f, height, err)
			members = nil
		default:
			if members = e.siftHalves(ctx, d, f, height, members); f.err != nil {
				f.aboard = members
				return 0
			}
		}
	}
	f.aboard = nil
	return 0
}

// aboutAll reports whether a refusal is about the transaction and not about one of its messages.
func aboutAll(err error) bool {
	why := reasonOf(err)
	return why != noReason && why != outOfGas
}

// siftHalves finds out which half fails when the simulation of all does not say. When both pass, they are only too
// much together, and travel apart.
func (e *Engine) siftHalves(ctx context.Context, d *draft, f *flight, height int64, members []*member) []*member {
	var passed []*member
	for _, half := range halves(members) {
		if f.err != nil {
			passed = append(passed, half...) // an error about all of them
			continue
		}
		part := flight{aboard: half}
		e.sift(ctx, d, &part, height)
		f.apart = append(f.apart, part.apart...)
		f.err = part.err
		passed = append(passed, part.aboard...)
	}
	if f.err != nil || len(passed) < len(members) {
		return passed
	}
	f.apart = append(f.apart, halves(passed)...)
	return nil
}

// setAside takes a request out of a transaction in which it would fail. A "not found" is believed the second time, a
// block later: the state that simulations run on is rebuilt while blocks are committed, is another one on each
// endpoint behind a load balancer, and can lack what a query has shown already.
func (e *Engine) setAside(m *member, f *flight, height int64, err error) {
	if errors.Is(err, chain.ErrNotFound) && m.missed == 0 {
		e.log.Debug("simulation misses something, trying again a block later", "error", err)
		m.missed = max(height, 1)
		f.apart = append(f.apart, []*member{m})
		return
	}
	m.answer(Result{}, err)
}

// waitForState lets a block go by for a member whose simulation missed something; such a member travels alone. It
// reports whether the member goes on.
func (e *Engine) waitForState(members []*member) bool {
	m := members[0]
	if m.missed <= 0 {
		return true
	}
	for {
		block, err := e.api.LatestBlock(m.ctx)
		if err == nil && block.Height > m.missed {
			m.missed = -1 // once is enough
			return true
		}
		if err == nil {
			err = pause(m.ctx, e.pollInterval())
		}
		switch {
		case m.gone():
			return false
		case err != nil:
			m.answer(Result{}, err)
			return false
		}
	}
}
