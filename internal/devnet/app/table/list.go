// SPDX-License-Identifier: Apache-2.0

package table

import (
	"bytes"
	"encoding/binary"
	"errors"

	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// DefaultLimit is the page size when a request names none.
const DefaultLimit = 100

// Selection is the filter of a list query.
type Selection struct {
	// States wanted; empty means all of AllStates.
	States []int32
	// AllStates in ascending order, without the invalid one.
	AllStates []int32
	// Prefix of the primary key; when set, records come in primary order with
	// their states mixed.
	Prefix Key
	// Second is the second index's leading part; when set, its records come in
	// primary order, those under Prefix only, states mixed too.
	Second Key
}

// List returns one page. Without Prefix and Second, records come state by state.
//
// A page key holds states and prefix, so it continues a list alone and the rest
// of the selection is ignored. The total of the answer counts the records of this page only, and an
// offset needs a state filter: the network's rules (protocol/messages.md 0.4).
// Errors are gRPC InvalidArgument.
func (t Table[T, P]) List(ctx sdk.Context, sel Selection, page *query.PageRequest) ([]T, *query.PageResponse, error) {
	if page == nil {
		page = &query.PageRequest{}
	}
	if page.Offset > 0 && len(sel.States) == 0 && len(page.Key) == 0 {
		return nil, nil, status.Error(codes.InvalidArgument,
			"invalid request parameters. if offset is set, filter.state must be provided")
	}
	cur := newCursor(sel)
	skip := page.Offset
	if len(page.Key) > 0 {
		var err error
		if cur, err = decodeCursor(page.Key); err != nil {
			return nil, nil, status.Errorf(codes.InvalidArgument, "pagination: invalid key: %v", err)
		}
		skip = 0
	}
	limit := page.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	out, next := t.collect(ctx, cur, skip, limit)
	return out, &query.PageResponse{NextKey: next, Total: uint64(len(out))}, nil
}

// collect walks the cursor's index from its start and returns up to limit
// records and the key of the page after, nil at the end.
func (t Table[T, P]) collect(ctx sdk.Context, cur cursor, skip, limit uint64) ([]T, []byte) {
	var out []T
	var next []byte
	visit := func(at cursor, rec T) bool {
		if skip > 0 {
			skip--
			return true
		}
		if uint64(len(out)) == limit {
			next = at.encode()
			return false
		}
		out = append(out, rec)
		return true
	}
	if cur.index != byState {
		t.walk(ctx, cur, cur.second, visit)
		return out, next
	}
	for len(cur.states) > 0 && next == nil {
		t.walk(ctx, cur, []byte{cur.states[0]}, visit)
		cur.states, cur.start = cur.states[1:], nil
	}
	return out, next
}

// walk visits an index from the cursor's start. Its keys are lead, then the
// primary key.
func (t Table[T, P]) walk(ctx sdk.Context, cur cursor, lead []byte, visit func(cursor, T) bool) {
	head := t.path(cur.index, lead)
	base := append(bytes.Clone(head), cur.prefix...)
	start := base
	if cur.start != nil {
		start = append(bytes.Clone(head), cur.start...)
	}
	it := ctx.KVStore(t.store).Iterator(start, storetypes.PrefixEndBytes(base))
	defer it.Close() //nolint:errcheck // the store's iterator has nothing left to fail at
	for ; it.Valid(); it.Next() {
		primary := Key(it.Key()[len(head):])
		rec, ok := t.Get(ctx, primary)
		if !ok || (cur.index != byState && !cur.wants(t.stateOf(&rec))) {
			continue
		}
		at := cur
		at.start = primary
		if !visit(at, rec) {
			return
		}
	}
}

func (t Table[T, P]) stateOf(rec *T) int32 {
	if t.def.State == nil {
		return 0
	}
	return t.def.State(rec)
}

// cursor is where a list stands: which index, which part of it, which states.
type cursor struct {
	index  byte
	states []byte
	second []byte
	prefix []byte
	start  []byte
}

func newCursor(sel Selection) cursor {
	states := sel.States
	if len(states) == 0 {
		states = sel.AllStates
	}
	cur := cursor{index: byState, states: make([]byte, 0, len(states)), prefix: sel.Prefix, second: sel.Second}
	for _, s := range states {
		cur.states = append(cur.states, byte(s)) //nolint:gosec // see Def.State
	}
	switch {
	case len(sel.Second) > 0:
		cur.index = bySecond
	case len(sel.Prefix) > 0 || len(states) == 0:
		cur.index = byPrimary
	}
	return cur
}

func (c cursor) wants(state int32) bool {
	return len(c.states) == 0 || bytes.IndexByte(c.states, byte(state)) >= 0 //nolint:gosec // see Def.State
}

// pageMagic marks our page keys; four bytes, so that shorter input is refused
// with the network's text.
var pageMagic = []byte{0x99, 0xd2, 0xee, 0x65}

var errKeyLength = errors.New("invalid key length")

// encode writes the magic, the index, then states, second and prefix with their
// lengths, then the key to start at.
func (c cursor) encode() []byte {
	out := append(bytes.Clone(pageMagic), c.index)
	for _, part := range [][]byte{c.states, c.second, c.prefix} {
		out = binary.BigEndian.AppendUint16(out, uint16(len(part))) //nolint:gosec // keys are far below 64 KiB
		out = append(out, part...)
	}
	return append(out, c.start...)
}

func decodeCursor(bz []byte) (cursor, error) {
	if len(bz) < len(pageMagic)+1 {
		return cursor{}, errKeyLength
	}
	rest, ok := bytes.CutPrefix(bz, pageMagic)
	if !ok || rest[0] > bySecond {
		return cursor{}, errors.New("invalid magic")
	}
	cur := cursor{index: rest[0]}
	rest = rest[1:]
	for _, part := range []*[]byte{&cur.states, &cur.second, &cur.prefix} {
		if len(rest) < 2 {
			return cursor{}, errKeyLength
		}
		size := int(binary.BigEndian.Uint16(rest))
		if rest = rest[2:]; len(rest) < size {
			return cursor{}, errKeyLength
		}
		*part, rest = rest[:size], rest[size:]
	}
	cur.start = rest
	if len(cur.start) == 0 || !bytes.HasPrefix(cur.start, cur.prefix) {
		return cursor{}, errKeyLength
	}
	return cur, nil
}
