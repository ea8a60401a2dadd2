// SPDX-License-Identifier: Apache-2.0

package states

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"

	"cosmossdk.io/store/cachekv"
	storetypes "cosmossdk.io/store/types"
)

// store is one store under way: its entries, a hash over what has changed since the last commit, in the order of the
// changes, and the changes themselves when somebody has to save them.
type store struct {
	tree

	name  string
	dirty bool
	hash  hash.Hash
	frame []byte
	save  bool
	// changed are entries to save; a nil value is one that was deleted.
	changed []entry
}

var _ storetypes.KVStore = (*store)(nil)

func newStore(name string, save bool) *store {
	return &store{tree: newTree(), name: name, hash: sha256.New(), save: save}
}

// Set adds or replaces an entry.
func (s *store) Set(key, value []byte) {
	s.tree.Set(key, value)
	s.note(key, value, int64(len(value)))
}

// deleted stands where a value's length does.
const deleted = -1

// Delete removes an entry; none is no error.
func (s *store) Delete(key []byte) {
	storetypes.AssertValidKey(key)
	s.tree.Delete(key)
	s.note(key, nil, deleted)
}

func (s *store) note(key, value []byte, length int64) {
	s.dirty = true
	s.frame = binary.AppendVarint(binary.AppendVarint(s.frame[:0], int64(len(key))), length)
	s.frame = append(append(s.frame, key...), value...)
	_, _ = s.hash.Write(s.frame) // a hash does not fail
	if s.save {
		s.changed = append(s.changed, entry{key, value})
	}
}

// sum is the hash over the changes, false without any.
func (s *store) sum() ([]byte, bool) { return s.hash.Sum(nil), s.dirty }

// committed begins a new set of changes.
func (s *store) committed() {
	if !s.dirty {
		return
	}
	s.dirty, s.changed = false, nil
	s.hash.Reset()
}

// CacheWrap branches the store.
func (s *store) CacheWrap() storetypes.CacheWrap { return cachekv.NewStore(s) }

// CacheWrapWithTrace is [store.CacheWrap].
func (s *store) CacheWrapWithTrace(io.Writer, storetypes.TraceContext) storetypes.CacheWrap {
	return s.CacheWrap()
}
