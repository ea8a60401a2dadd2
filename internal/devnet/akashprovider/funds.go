// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	sdkmath "cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	// fundsInterval is how often a lease's funds are looked at, at least.
	fundsInterval = 10 * time.Minute
	// withdrawInterval is how often earnings are taken out although nothing is wrong.
	withdrawInterval = 24 * time.Hour
)

// supervision is when a lease's money is looked at next. The chain notices that a deployment has run dry only
// when somebody settles it, and that somebody is the Akash provider.
type supervision struct {
	block    int64     // look again at this block: the funds end there; 0 means never by block
	at       time.Time // or at this time, whichever comes first
	paidAt   time.Time // last withdrawal
	withdraw bool      // one is due
	attempts int       // how often it failed
}

func (s *supervision) due(height int64, now time.Time) bool {
	return (s.block != 0 && height >= s.block) || !now.Before(s.at)
}

// looksPerBlock bounds how many leases are looked at in one block: hundreds are found at once after a restart.
const looksPerBlock = 1

// leasesToSupervise lists leases whose funds are to be looked at, those waiting for longest first; the caller holds
// the lock.
func (p *AkashProvider) leasesToSupervise() []ids.LeaseID {
	var due []*lease
	now := p.now()
	for _, l := range p.leases {
		if !l.closing && l.funds.due(p.height, now) {
			due = append(due, l)
		}
	}
	slices.SortFunc(due, func(a, b *lease) int {
		return cmp.Or(a.funds.at.Compare(b.funds.at), strings.Compare(a.text, b.text))
	})
	var out []ids.LeaseID
	for _, l := range due[:min(len(due), looksPerBlock)] {
		out = append(out, l.id)
	}
	return out
}

// checkFunds looks at the escrow accounts of leases and marks those to withdraw from. Without an answer it looks
// again at the next block.
func (p *AkashProvider) checkFunds(ctx context.Context, due []ids.LeaseID, height int64) {
	now := p.now()
	for _, id := range due {
		left, err := p.runwayBlocks(ctx, id.Deployment())
		if err != nil {
			p.log.Warn("funds not checked", "lease", id, "error", err)
			continue
		}
		p.mu.Lock()
		if l, ok := p.leases[id]; ok {
			l.supervise(left, height, now)
		}
		p.mu.Unlock()
	}
}

// supervise notes what a look at the funds calls for.
func (l *lease) supervise(blocksLeft, height int64, now time.Time) {
	if l.funds.paidAt.IsZero() {
		l.funds.paidAt = now
	}
	l.funds.at = now.Add(fundsInterval)
	l.funds.block = height + blocksLeft
	if blocksLeft <= 0 {
		// Withdrawing lets the chain find the account overdrawn. A next look by block would come at once.
		l.funds.block = 0
	}
	l.funds.withdraw = blocksLeft <= 0 || now.Sub(l.funds.paidAt) >= withdrawInterval
}

// runwayBlocks is for how many blocks from now the funds of a deployment last; 0 or less when they have ended.
func (p *AkashProvider) runwayBlocks(ctx context.Context, id ids.DeploymentID) (int64, error) {
	found, err := p.chain.deployment(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("read deployment: %w", err)
	}
	leases, height, err := p.chain.leases(ctx, marketv1.LeaseFilters{Owner: id.Owner, DSeq: id.DSeq, State: "active"})
	if err != nil {
		return 0, err
	}
	rate := sdkmath.LegacyZeroDec()
	for _, l := range leases {
		if l.Price.Denom == coin.UACT {
			rate = rate.Add(l.Price.Amount)
		}
	}
	return runway(found.EscrowAccount.State, rate, height), nil
}

// farAway stands for funds that last longer than anybody looks ahead.
const farAway = 1 << 40

// runway counts only uact, as a daemon does, and takes off what was used since the last settlement.
func runway(account escrowtypes.AccountState, rate sdkmath.LegacyDec, height int64) int64 {
	if !rate.IsPositive() {
		return farAway
	}
	funds := sdkmath.LegacyZeroDec()
	for _, balance := range account.Funds {
		if balance.Denom == coin.UACT {
			funds = funds.Add(balance.Amount)
		}
	}
	funds = funds.Sub(rate.MulInt64(height - account.SettledAt))
	blocks := funds.Quo(rate).TruncateInt()
	if !blocks.IsInt64() || blocks.Int64() > farAway {
		return farAway
	}
	return blocks.Int64()
}

// nextWithdrawal picks a lease to withdraw from; the caller holds the lock.
func (p *AkashProvider) nextWithdrawal() *action {
	l := p.firstLease(func(l *lease) bool { return l.funds.withdraw && !l.closing })
	if l == nil {
		return nil
	}
	return &action{
		what: "withdraw from lease " + l.id.String(),
		msg:  &marketv1beta5.MsgWithdrawLease{ID: marketv1.LeaseID(bidID(l.id.Order(), p.identity.Address))},
		sent: func() { l.funds.withdraw, l.funds.attempts, l.funds.paidAt = false, 0, p.now() },
		failed: func(error) {
			// Gas is estimated on the last block, where the account may still have been solvent; closing it in the
			// next one costs far more. So the same transaction can do a block later.
			if l.funds.attempts++; l.funds.attempts >= maxAttempts {
				l.funds.withdraw, l.funds.attempts = false, 0
			}
		},
	}
}
