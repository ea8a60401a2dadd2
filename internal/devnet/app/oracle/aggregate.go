// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
)

// bpsWhole is one, in basis points.
const bpsWhole = 10_000

// EndBlock aggregates the sources' fresh prices and tells the result; the last
// healthy one stays when there is none. Before the first price it does nothing.
func (k *Keeper) EndBlock(ctx sdk.Context) error {
	params, err := k.Params(ctx)
	if err != nil {
		return err
	}
	view, err := k.look(ctx, params)
	if err != nil || view.known == 0 {
		return err
	}
	_, before, err := k.aggregate(ctx)
	if err != nil {
		return err
	}
	price := view.aggregate(ctx.BlockTime())
	health := view.health(params, price)
	if err := k.save(ctx, healthKey, &health); err != nil {
		return err
	}
	var events []sdk.Msg
	switch {
	case health.IsHealthy && !before.IsHealthy:
		events = append(events, &oraclev2.EventPriceRecovered{ID: pair, Height: ctx.BlockHeight()})
	case !health.IsHealthy && before.IsHealthy:
		events = append(events, &oraclev2.EventPriceStaled{ID: pair, LastHeight: ctx.BlockHeight() - 1})
	}
	if health.IsHealthy {
		if err := k.save(ctx, aggregateKey, &price); err != nil {
			return err
		}
		events = append(events, &oraclev2.EventAggregatedPrice{Price: price})
	}
	return ctx.EventManager().EmitTypedEvents(events...)
}

func (k *Keeper) save(ctx sdk.Context, key []byte, value interface{ Marshal() ([]byte, error) }) error {
	bz, err := value.Marshal()
	if err != nil {
		return err
	}
	ctx.KVStore(k.store).Set(key, bz)
	return nil
}

// view is what one block sees of the sources.
type view struct {
	known  uint32           // sources that ever gave a price
	spots  []math.LegacyDec // the latest prices that are fresh
	twaps  []math.LegacyDec // their time-weighted averages
	failed []string         // why sources are left out
}

func (k *Keeper) look(ctx sdk.Context, params oraclev2.Params) (view, error) {
	var v view
	now := ctx.BlockTime()
	start := now.Add(-params.TwapWindow)
	for i := range params.Sources {
		number := uint32(i + 1)
		latest, known, err := k.latest(ctx, number)
		if err != nil {
			return v, err
		}
		if !known {
			continue
		}
		v.known++
		if latest.ID.Timestamp.Before(now.Add(-params.MaxPriceStalenessPeriod)) {
			v.failed = append(v.failed, fmt.Sprintf("price of source %d is stale", number))
			continue
		}
		v.spots = append(v.spots, latest.State.Price)
		twap, err := k.twap(ctx, number, start, now)
		if err != nil {
			v.failed = append(v.failed, err.Error())
			continue
		}
		v.twaps = append(v.twaps, twap)
	}
	return v, nil
}

// twap weighs each price by how long it held between start and now. The one that
// held at start counts from there.
func (k *Keeper) twap(ctx sdk.Context, source uint32, start, now time.Time) (math.LegacyDec, error) {
	sum, until := math.LegacyZeroDec(), now
	var total int64
	err := k.newestFirst(ctx, source, func(p oraclev2.PriceData) bool {
		from := p.ID.Timestamp
		if from.After(now) {
			return true
		}
		if from.Before(start) {
			from = start
		}
		held := until.Sub(from).Nanoseconds()
		sum, total, until = sum.Add(p.State.Price.MulInt64(held)), total+held, from
		return from.After(start)
	})
	if err != nil {
		return sum, err
	}
	if total == 0 {
		return sum, errZeroWeight
	}
	return sum.QuoInt64(total), nil
}

func (v view) aggregate(now time.Time) oraclev2.AggregatedPrice {
	zero := math.LegacyZeroDec()
	price := oraclev2.AggregatedPrice{
		Denom: pair.Denom, Twap: zero, MedianPrice: zero, MinPrice: zero, MaxPrice: zero, Timestamp: now,
	}
	if len(v.twaps) == 0 {
		return price
	}
	for _, twap := range v.twaps {
		price.Twap = price.Twap.Add(twap)
	}
	price.Twap = price.Twap.QuoInt64(int64(len(v.twaps)))
	spots := slices.Clone(v.spots)
	slices.SortFunc(spots, func(a, b math.LegacyDec) int { return a.BigInt().Cmp(b.BigInt()) })
	middle := len(spots) / 2
	price.MedianPrice = spots[middle]
	if len(spots)%2 == 0 {
		price.MedianPrice = spots[middle-1].Add(spots[middle]).QuoInt64(2)
	}
	price.MinPrice, price.MaxPrice = spots[0], spots[len(spots)-1]
	price.NumSources = uint32(len(spots)) //nolint:gosec // a handful of sources
	apart := price.MaxPrice.Sub(price.MinPrice).MulInt64(bpsWhole).Quo(price.MinPrice)
	price.DeviationBps = apart.TruncateInt().Uint64()
	return price
}

func (v view) health(params oraclev2.Params, price oraclev2.AggregatedPrice) oraclev2.PriceHealth {
	health := oraclev2.PriceHealth{
		Denom: pair.Denom, TotalSources: v.known, TotalHealthySources: price.NumSources, FailureReason: v.failed,
		HasMinSources: price.NumSources >= params.MinPriceSources,
		DeviationOk:   price.DeviationBps <= params.MaxPriceDeviationBps,
	}
	if !health.HasMinSources {
		health.FailureReason = append(health.FailureReason, "not enough price sources")
	}
	if !health.DeviationOk {
		health.FailureReason = append(health.FailureReason, "price deviation is too high")
	}
	health.IsHealthy = health.HasMinSources && health.DeviationOk
	return health
}
