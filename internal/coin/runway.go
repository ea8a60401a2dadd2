// SPDX-License-Identifier: Apache-2.0

package coin

import (
	"time"

	"cosmossdk.io/math"
)

// farAway is the longest time that [PerBlock.Lasts] tells, a hundred years: durations end at 292.
const farAway = 100 * 365 * 24 * time.Hour

// BlocksIn is how many blocks of the given time a duration has, a begun one counted whole.
func BlocksIn(d, blockTime time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	blocks := int64(d / blockTime)
	if d%blockTime != 0 {
		blocks++
	}
	return blocks
}

// Cost is what running for a duration costs at this price, in whole micro units of the denom, rounded up: as much is
// never too little.
func (p PerBlock) Cost(d, blockTime time.Duration) math.Int {
	if p.IsZero() {
		return math.ZeroInt()
	}
	return p.Amount.MulInt64(BlocksIn(d, blockTime)).Ceil().TruncateInt()
}

// Lasts is how long an amount pays for this price, in whole blocks; ok is false for a price of nothing. An amount that
// is owed already lasts no time at all, and nothing lasts longer than a hundred years.
func (p PerBlock) Lasts(amount math.LegacyDec, blockTime time.Duration) (d time.Duration, ok bool) {
	switch {
	case p.IsZero():
		return 0, false
	case !amount.IsPositive():
		return 0, true
	}
	blocks := amount.QuoTruncate(p.Amount).TruncateInt()
	if most := math.NewInt(int64(farAway / blockTime)); blocks.GT(most) {
		return farAway, true
	}
	return time.Duration(blocks.Int64()) * blockTime, true
}
