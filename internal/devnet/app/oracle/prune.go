// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"time"

	"cosmossdk.io/store/prefix"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// epochs are how long the chain's epochs last, by the names that the parameter prune_epoch may have.
var epochs = map[string]time.Duration{
	"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
}

// BeginBlock forgets old prices when an epoch ends: at most max_prune_per_epoch of those at least price_retention old,
// the oldest first. Epochs are counted from the first block; after a long pause one ends with each block.
func (k *Keeper) BeginBlock(ctx sdk.Context) error {
	params, err := k.Params(ctx)
	if err != nil {
		return err
	}
	length, known := epochs[params.PruneEpoch]
	if !known {
		return nil
	}
	store, now := ctx.KVStore(k.store), ctx.BlockTime()
	began := store.Get(epochKey)
	if began == nil {
		store.Set(epochKey, sdk.FormatTimeBytes(now))
		return nil
	}
	start, err := sdk.ParseTimeBytes(began)
	if err != nil {
		return err
	}
	end := start.Add(length)
	if !now.After(end) {
		return nil
	}
	store.Set(epochKey, sdk.FormatTimeBytes(end))
	left := params.MaxPrunePerEpoch
	for i := range params.Sources {
		left -= k.prune(ctx, uint32(i+1), now.Add(-params.PriceRetention), left)
	}
	return nil
}

// prune forgets a source's prices up to a time, the oldest first, and returns how many.
func (k *Keeper) prune(ctx sdk.Context, source uint32, until time.Time, most int64) int64 {
	head := sourceKey(source)
	prices := k.prices(ctx)
	var old [][]byte
	it := prices.Iterator(head, storetypes.PrefixEndBytes(append(head, timeKey(until)...)))
	for ; it.Valid() && int64(len(old)) < most; it.Next() {
		old = append(old, it.Key())
	}
	_ = it.Close() // the store's iterator has nothing left to fail at
	remove(prices, old)
	return int64(len(old))
}

func remove(store prefix.Store, keys [][]byte) {
	for _, key := range keys {
		store.Delete(key)
	}
}
