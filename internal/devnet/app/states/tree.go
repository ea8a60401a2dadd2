// SPDX-License-Identifier: Apache-2.0

package states

import (
	"bytes"
	"io"

	"cosmossdk.io/store/cachekv"
	storetypes "cosmossdk.io/store/types"
	"github.com/tidwall/btree"
)

// degree makes nodes small enough that a height costs little when it copies those it changes.
const degree = 16

type entry struct{ key, value []byte }

// tree is one store's entries in the order of their keys. Copies share what neither has changed, and may be read while
// the original is written to. Keys and values belong to the tree from then on; nobody writes into them.
type tree struct{ entries *btree.BTreeG[entry] }

var _ storetypes.KVStore = tree{}

func newTree() tree {
	less := func(a, b entry) bool { return bytes.Compare(a.key, b.key) < 0 }
	return tree{btree.NewBTreeGOptions(less, btree.Options{Degree: degree, NoLocks: true})}
}

func (t tree) copy() tree { return tree{t.entries.Copy()} }

// Get returns nil when there is no such key.
func (t tree) Get(key []byte) []byte {
	found, ok := t.entries.Get(entry{key: key})
	if !ok {
		return nil
	}
	return found.value
}

// Has tells whether a key exists.
func (t tree) Has(key []byte) bool {
	_, ok := t.entries.Get(entry{key: key})
	return ok
}

// Set adds or replaces an entry.
func (t tree) Set(key, value []byte) {
	storetypes.AssertValidKey(key)
	storetypes.AssertValidValue(value)
	t.entries.Set(entry{key, value})
}

// Delete removes an entry; none is no error.
func (t tree) Delete(key []byte) { t.entries.Delete(entry{key: key}) }

// GetStoreType says what the SDK takes this for.
func (t tree) GetStoreType() storetypes.StoreType { return storetypes.StoreTypeIAVL }

// CacheWrap branches the store.
func (t tree) CacheWrap() storetypes.CacheWrap { return cachekv.NewStore(t) }

// CacheWrapWithTrace is [tree.CacheWrap]: nothing traces here.
func (t tree) CacheWrapWithTrace(io.Writer, storetypes.TraceContext) storetypes.CacheWrap {
	return t.CacheWrap()
}

// Iterator goes through [start, end) upwards; nil is open. Nothing may be written meanwhile.
func (t tree) Iterator(start, end []byte) storetypes.Iterator {
	it := t.iterator(start, end)
	if start == nil {
		it.valid = it.at.First()
	} else {
		it.valid = it.at.Seek(entry{key: start})
	}
	it.step = it.at.Next
	it.check()
	return it
}

// ReverseIterator goes through [start, end) downwards.
func (t tree) ReverseIterator(start, end []byte) storetypes.Iterator {
	it := t.iterator(start, end)
	switch {
	case end == nil || !it.at.Seek(entry{key: end}):
		it.valid = it.at.Last()
	default:
		it.valid = it.at.Prev()
	}
	it.step = it.at.Prev
	it.check()
	return it
}

func (t tree) iterator(start, end []byte) *iterator {
	return &iterator{at: t.entries.Iter(), start: start, end: end}
}

// iterator is the place of one walk through a tree.
type iterator struct {
	at         btree.IterG[entry]
	step       func() bool
	start, end []byte
	valid      bool
}

func (it *iterator) check() {
	if !it.valid {
		return
	}
	key := it.at.Item().key
	it.valid = (it.start == nil || bytes.Compare(key, it.start) >= 0) &&
		(it.end == nil || bytes.Compare(key, it.end) < 0)
}

// Domain is what the walk goes through.
func (it *iterator) Domain() (start, end []byte) { return it.start, it.end }

// Valid tells whether there is an entry here.
func (it *iterator) Valid() bool { return it.valid }

// Next goes on.
func (it *iterator) Next() {
	it.mustBeValid()
	it.valid = it.step()
	it.check()
}

// Key is the entry's, for reading.
func (it *iterator) Key() []byte {
	it.mustBeValid()
	return it.at.Item().key
}

// Value is the entry's, for reading.
func (it *iterator) Value() []byte {
	it.mustBeValid()
	return it.at.Item().value
}

// mustBeValid panics as every iterator of the SDK does.
func (it *iterator) mustBeValid() {
	if !it.valid {
		panic("iterator is invalid")
	}
}

// Error is nil: memory does not fail.
func (it *iterator) Error() error { return nil }

// Close ends the walk.
func (it *iterator) Close() error {
	it.valid = false
	return nil
}
