// SPDX-License-Identifier: Apache-2.0

package table

import (
	"bytes"

	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Span is a part of one of a table's orders.
type Span[T any] struct {
	// Path is the order.
	Path Path
	// State is the records' with [StateByState].
	State byte
	// Second is the leading part of the second index with [InSecond].
	Second Key
	// Prefix of the primary key.
	Prefix Key
	// Start is the primary key to begin at, inclusive; nil is the end at which the direction begins.
	Start Key
	// Reverse walks from the last to the first.
	Reverse bool
	// Keep tells which records count; nil keeps all.
	Keep func(*T) bool
}

// Room is what a page still passes over and still takes.
type Room struct{ Skip, Limit uint64 }

// Fill takes the records of a span into what room there is, and returns the
// primary key of the first one that was kept and found no room; nil at the end of the span.
func (t Table[T, P]) Fill(ctx sdk.Context, span Span[T], room *Room) (found []T, next Key) {
	var lead []byte
	switch span.Path {
	case StateByState:
		lead = []byte{span.State}
	case InSecond:
		lead = span.Second
	default:
	}
	head := t.path(span.Path.index(), lead)
	begin := append(bytes.Clone(head), span.Prefix...)
	end := storetypes.PrefixEndBytes(begin)
	iterator := ctx.KVStore(t.store).Iterator
	if span.Reverse {
		iterator = ctx.KVStore(t.store).ReverseIterator
	}
	switch {
	case span.Start == nil:
	case span.Reverse:
		end = append(append(bytes.Clone(head), span.Start...), 0)
	default:
		begin = append(bytes.Clone(head), span.Start...)
	}
	if bytes.Compare(begin, end) >= 0 {
		return nil, nil
	}
	it := iterator(begin, end)
	defer it.Close() //nolint:errcheck // the store's iterator has nothing left to fail at
	for ; it.Valid(); it.Next() {
		primary := Key(it.Key()[len(head):])
		rec, ok := t.Get(ctx, primary)
		if !ok || (span.Keep != nil && !span.Keep(&rec)) {
			continue
		}
		switch {
		case room.Skip > 0:
			room.Skip--
		case room.Limit == 0:
			return found, bytes.Clone(primary)
		default:
			room.Limit--
			found = append(found, rec)
		}
	}
	return found, nil
}
