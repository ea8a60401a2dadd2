// SPDX-License-Identifier: Apache-2.0

// Package table keeps protobuf records in a KV store under an ordered primary
// key with an index by state and one optional second index, and lists them page
// by page with the network's rules for filters and page keys.
//
// It knows nothing of Akash. Used by the keepers below internal/devnet/app.
package table

import (
	"fmt"

	"cosmossdk.io/store/prefix"
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	byPrimary byte = iota
	byState
	bySecond
)

// Record is what generated messages offer.
type Record[T any] interface {
	*T
	Marshal() ([]byte, error)
	Unmarshal([]byte) error
}

// Table stores values of T. Its methods are as safe for concurrent use as the
// store of the context handed in, which is: one goroutine a context.
type Table[T any, P Record[T]] struct {
	store  storetypes.StoreKey
	number byte
	def    Def[T]
}

// Def says where a record's keys come from.
type Def[T any] struct {
	// Primary is the record's key; it must not change during its life.
	Primary func(*T) Key
	// State is the record's state number, 0 to 255. Nil: every record has state 0.
	State func(*T) int32
	// Second is the leading part of the second index, for example the Akash
	// provider of a bid. Nil: no second index. It must not change either.
	Second func(*T) Key
	// Pages says how lists are continued.
	Pages Pages
}

// New makes a table in a store under a prefix byte that no other table of the
// store uses.
func New[T any, P Record[T]](store storetypes.StoreKey, number byte, def Def[T]) Table[T, P] {
	return Table[T, P]{store: store, number: number, def: def}
}

// Get returns the record under key, or false.
func (t Table[T, P]) Get(ctx sdk.Context, key Key) (T, bool) {
	var rec T
	bz := ctx.KVStore(t.store).Get(t.path(byPrimary, key))
	if bz == nil {
		return rec, false
	}
	t.decode(bz, &rec)
	return rec, true
}

// Has tells whether a record exists.
func (t Table[T, P]) Has(ctx sdk.Context, key Key) bool {
	return ctx.KVStore(t.store).Has(t.path(byPrimary, key))
}

// Set stores a record, new or changed, and moves its index entries.
func (t Table[T, P]) Set(ctx sdk.Context, rec T) {
	store, key := ctx.KVStore(t.store), t.def.Primary(&rec)
	old, existed := t.Get(ctx, key)
	bz, err := P(&rec).Marshal()
	if err != nil {
		// A record that cannot be encoded is a defect of the caller; going on would fork the state.
		panic(fmt.Sprintf("table %d: encode: %v", t.number, err))
	}
	store.Set(t.path(byPrimary, key), bz)
	if t.def.State != nil {
		state := t.def.State(&rec)
		if existed && t.def.State(&old) != state {
			store.Delete(t.statePath(t.def.State(&old), key))
		}
		store.Set(t.statePath(state, key), []byte{1})
	}
	if t.def.Second != nil {
		store.Set(t.path(bySecond, append(t.def.Second(&rec), key...)), []byte{1})
	}
}

// Delete removes a record and its index entries; a missing one is no error.
func (t Table[T, P]) Delete(ctx sdk.Context, key Key) {
	rec, ok := t.Get(ctx, key)
	if !ok {
		return
	}
	store := ctx.KVStore(t.store)
	store.Delete(t.path(byPrimary, key))
	if t.def.State != nil {
		store.Delete(t.statePath(t.def.State(&rec), key))
	}
	if t.def.Second != nil {
		store.Delete(t.path(bySecond, append(t.def.Second(&rec), key...)))
	}
}

// Records is the store of the records under their primary keys, for reading.
func (t Table[T, P]) Records(ctx sdk.Context) storetypes.KVStore {
	return prefix.NewStore(ctx.KVStore(t.store), t.path(byPrimary, nil))
}

// Scan returns every record whose primary key begins with prefix, in key order.
// The slice is complete before it returns, so callers may write while walking it.
func (t Table[T, P]) Scan(ctx sdk.Context, prefix Key) []T {
	var out []T
	it := storetypes.KVStorePrefixIterator(ctx.KVStore(t.store), t.path(byPrimary, prefix))
	defer it.Close() //nolint:errcheck // the store's iterator has nothing left to fail at
	for ; it.Valid(); it.Next() {
		var rec T
		t.decode(it.Value(), &rec)
		out = append(out, rec)
	}
	return out
}

func (t Table[T, P]) decode(bz []byte, rec *T) {
	if err := P(rec).Unmarshal(bz); err != nil {
		// Only Set writes here, so the store itself is broken.
		panic(fmt.Sprintf("table %d: decode: %v", t.number, err))
	}
}

func (t Table[T, P]) path(index byte, key []byte) []byte {
	return append([]byte{t.number, index}, key...)
}

func (t Table[T, P]) statePath(state int32, key []byte) []byte {
	return append([]byte{t.number, byState, byte(state)}, key...) //nolint:gosec // see Def.State
}
