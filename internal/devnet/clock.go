// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtcfg "github.com/cometbft/cometbft/config"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

// clock is what block time follows: the machine's, ahead by an offset. Safe for
// concurrent use.
type clock struct{ aheadNanos atomic.Int64 }

func (c *clock) ahead() time.Duration { return time.Duration(c.aheadNanos.Load()) }

func (c *clock) now() time.Time { return time.Now().UTC().Add(c.ahead()) }

// validator votes for the clock's time. A block's time is the one voted for in
// the block before, so that is all it takes; consensus itself keeps it from going backwards.
type validator struct {
	cmttypes.PrivValidator
	clock *clock
}

// SignVote puts the vote's time forward before it signs. Votes for the least time
// that consensus allows, which lies ahead right after a clock was put forward, stay as they are.
func (v validator) SignVote(chainID string, vote *cmtproto.Vote) error {
	if now := v.clock.now(); v.clock.ahead() > 0 && now.After(vote.Timestamp) {
		vote.Timestamp = now
	}
	return v.PrivValidator.SignVote(chainID, vote)
}

// pace decides how long consensus waits between two blocks.
type pace struct {
	blockTime time.Duration
	// fastUntil is the height up to which it does not wait.
	fastUntil atomic.Int64
	// atRest takes work to be done between two blocks, with the height of the last one.
	atRest chan func(last int64)
}

// hasten asks for quick blocks up to a height, at least.
func (p *pace) hasten(height int64) {
	for {
		until := p.fastUntil.Load()
		if until >= height || p.fastUntil.CompareAndSwap(until, height) {
			return
		}
	}
}

// pacedApp sets consensus' waiting time as each block is applied. That happens in
// the goroutine that reads it right after, and in no other, so the two do not race.
type pacedApp struct {
	abci.Application
	pace      *pace
	consensus *cmtcfg.ConsensusConfig
}

// PrepareProposal comes when the last block is stored and committed and before anything is done for the next one.
func (a pacedApp) PrepareProposal(
	ctx context.Context, req *abci.RequestPrepareProposal,
) (*abci.ResponsePrepareProposal, error) {
	select {
	case work := <-a.pace.atRest:
		work(req.Height - 1)
	default:
	}
	return a.Application.PrepareProposal(ctx, req)
}

// FinalizeBlock applies a block.
func (a pacedApp) FinalizeBlock(
	ctx context.Context, req *abci.RequestFinalizeBlock,
) (*abci.ResponseFinalizeBlock, error) {
	a.consensus.TimeoutCommit = a.pace.blockTime
	if req.Height < a.pace.fastUntil.Load() {
		a.consensus.TimeoutCommit = 0
	}
	return a.Application.FinalizeBlock(ctx, req)
}

// Advance produces a number of blocks without waiting between them, a few
// milliseconds each, and returns once the last is committed; from then on they come at
// [Network.BlockTime] again. The first one comes no sooner than it would have.
// Block time keeps following the clock, so it hardly moves: see [Network.AdvanceClock].
func (n *Network) Advance(ctx context.Context, blocks int64) error {
	if blocks < 0 {
		return errors.New("advance: the number of blocks is negative")
	}
	target := n.Height() + blocks
	n.pace.hasten(target)
	if err := n.heights.wait(ctx, target); err != nil {
		return fmt.Errorf("advance %d blocks: %w", blocks, err)
	}
	return nil
}

// Now is the time by the chain's clock, which block time follows. Deadlines in
// transactions count from here when [Network.AdvanceClock] was used.
func (n *Network) Now() time.Time { return n.clock.now() }

// AdvanceClock puts the chain's clock forward, never back, for deadlines that are
// times, and returns once a block has that time. Heights, tokens and certificates do not
// follow it: the Akash providers' gateways keep the machine's time.
// A network started again on the same directory keeps its offset.
func (n *Network) AdvanceClock(ctx context.Context, by time.Duration) error {
	if by < 0 {
		return errors.New("advance clock: block time cannot go back")
	}
	target := n.Now().Add(by)
	n.clock.aheadNanos.Add(int64(by))
	for {
		height := n.Height()
		last, err := n.latestTime()
		if err != nil || !last.Before(target) {
			return err
		}
		if err := n.heights.wait(ctx, height+1); err != nil {
			return fmt.Errorf("advance clock: %w", err)
		}
	}
}

// resumeClock catches up with a chain whose last block lies ahead of the
// machine's time. Call it before the node runs.
func (n *Network) resumeClock() {
	if last, err := n.latestTime(); err == nil && last.After(time.Now()) {
		n.clock.aheadNanos.Store(int64(time.Until(last)))
	}
}
