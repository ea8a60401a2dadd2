// SPDX-License-Identifier: Apache-2.0

package table

import (
	"bytes"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// DefaultLimit is the page size when a request names none.
const DefaultLimit = 100

// Path is an order in which a table's records are listed.
type Path byte

// The paths. Within each, records come in the order of their primary keys.
const (
	// StateByState lists the records of one state after those of another.
	StateByState Path = iota
	// InPrimary lists by primary key with the states mixed.
	InPrimary
	// InSecond lists what has the same leading part in the second index, states mixed.
	InSecond
)

func (p Path) index() byte {
	switch p {
	case InPrimary:
		return byPrimary
	case InSecond:
		return bySecond
	default:
		return byState
	}
}

// Selection is the filter of a list query.
type Selection[T any] struct {
	// Path is the order; a page key brings its own.
	Path Path
	// States wanted; empty means all of AllStates.
	States []int32
	// AllStates in ascending order, without the invalid one.
	AllStates []int32
	// Prefix of the primary key.
	Prefix Key
	// Second is the leading part of the second index with [InSecond].
	Second Key
	// Keep tells which records are meant besides; nil keeps all. It holds for a continued list too.
	Keep func(*T) bool
}

// Pages says how a table's lists are continued. The zero value has one path and no marks.
type Pages struct {
	// Marks name the paths in page keys; a path without one has none.
	Marks map[Path]byte
	// Marked refuses page keys without a mark.
	Marked bool
	// MarkReverse marks the keys of reversed lists with 1, and a continued list has its direction from there.
	MarkReverse bool
	// Leads reads the leading parts of [InPrimary] and [InSecond] out of a primary key. Nil: neither path is used.
	Leads func(Key) (prefix, second Key, err error)
}

// List returns one page by the network's rules (protocol/messages.md 0.4): a
// page key has states and path, so the rest of the selection is ignored but for Keep; the total counts the records of
// this page only. Errors are gRPC statuses.
func (t Table[T, P]) List(
	ctx sdk.Context, sel Selection[T], page *query.PageRequest,
) ([]T, *query.PageResponse, error) {
	if page == nil {
		page = &query.PageRequest{}
	}
	l := t.begin(sel, page.Reverse)
	if len(page.Key) > 0 {
		if err := t.resume(&l, page.Key); err != nil {
			return nil, nil, err
		}
	}
	room := Room{Skip: page.Offset, Limit: page.Limit}
	if room.Limit == 0 {
		room.Limit = DefaultLimit
	}
	out, next := t.run(ctx, l, &room)
	return out, &query.PageResponse{NextKey: next, Total: uint64(len(out))}, nil
}

// listing is a list under way.
type listing[T any] struct {
	Span[T]

	states []byte
}

func (t Table[T, P]) begin(sel Selection[T], reverse bool) listing[T] {
	states := sel.States
	if len(states) == 0 {
		states = sel.AllStates
	}
	l := listing[T]{Span: Span[T]{
		Path: sel.Path, Prefix: sel.Prefix, Second: sel.Second, Keep: sel.Keep, Reverse: reverse,
	}}
	for _, s := range states {
		l.states = append(l.states, byte(s)) //nolint:gosec // see Def.State
	}
	if reverse && sel.Path == StateByState {
		slices.Reverse(l.states)
	}
	return l
}

func (t Table[T, P]) resume(l *listing[T], key []byte) error {
	decoded, err := DecodePageKey(key)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	pages := t.def.Pages
	if pages.Marked && len(decoded.Mark) != 1 {
		return status.Error(codes.InvalidArgument, "invalid pagination key")
	}
	l.states, l.Start, l.Path = decoded.States, decoded.Key, StateByState
	l.Prefix, l.Second = nil, nil
	if pages.MarkReverse {
		l.Reverse = len(decoded.Mark) > 0 && decoded.Mark[0] == 1
	}
	if pages.Leads == nil {
		return nil
	}
	prefix, second, err := pages.Leads(l.Start)
	if err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	for path, mark := range pages.Marks {
		if len(decoded.Mark) > 0 && decoded.Mark[0] == mark {
			l.Path = path
		}
	}
	switch l.Path {
	case InPrimary:
		l.Prefix = prefix
	case InSecond:
		l.Second = second
	default:
	}
	return nil
}

func (t Table[T, P]) run(ctx sdk.Context, l listing[T], room *Room) ([]T, []byte) {
	if l.Path != StateByState {
		l.Keep = both(l.Keep, t.oneOf(l.states))
		out, next := t.Fill(ctx, l.Span, room)
		return out, t.pageKey(l, next)
	}
	var out []T
	for len(l.states) > 0 {
		l.State = l.states[0]
		found, next := t.Fill(ctx, l.Span, room)
		out = append(out, found...)
		if next != nil {
			return out, t.pageKey(l, next)
		}
		l.states, l.Start = l.states[1:], nil
	}
	return out, nil
}

func (t Table[T, P]) pageKey(l listing[T], next Key) []byte {
	if next == nil || len(l.states) == 0 {
		return nil
	}
	key := PageKey{States: l.states, Prefix: l.states[:1], Key: next}
	if mark, ok := t.def.Pages.Marks[l.Path]; ok {
		key.Mark = []byte{mark}
	}
	if t.def.Pages.MarkReverse && l.Reverse {
		key.Mark = []byte{1}
	}
	return key.Encode()
}

func (t Table[T, P]) oneOf(states []byte) func(*T) bool {
	if t.def.State == nil {
		return nil
	}
	return func(rec *T) bool {
		return bytes.IndexByte(states, byte(t.def.State(rec))) >= 0 //nolint:gosec // see Def.State
	}
}

func both[T any](a, b func(*T) bool) func(*T) bool {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(rec *T) bool { return a(rec) && b(rec) }
}
