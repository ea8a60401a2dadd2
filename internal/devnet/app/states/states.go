// SPDX-License-Identifier: Apache-2.0

// Package states keeps the simulated chain's stores: in memory, where a copy of
// every recent height stays readable, and on request in a database as well.
//
// The SDK's own stores are Merkle trees made for proofs and for states that do
// not fit into memory. Nothing asks a devnet for a proof, and building the trees
// took longer than all else that a start with thousands of deployments does. The
// application's hash is one over all changes instead, so that two different
// histories have different hashes. Used by internal/devnet/app alone.
package states

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"cosmossdk.io/store/cachemulti"
	storetypes "cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
)

// ErrNoVersion is the cause when a height is asked for that is not kept, in the words of the SDK's stores.
var ErrNoVersion = errors.New("version does not exist")

// Stores are the application's [storetypes.CommitMultiStore]. The methods that change or read the state under way
// are for one goroutine at a time; what [Stores.CacheMultiStoreWithVersion] returns is free of the rest, so that
// committed heights may be read at any time.
type Stores struct {
	db   dbm.DB // nil: in memory only
	keep int64

	keys    map[string]storetypes.StoreKey
	working map[storetypes.StoreKey]*store
	initial int64
	at      time.Time

	mu       sync.RWMutex // guards what follows
	last     storetypes.CommitID
	versions map[int64]version
}

// version is the state after one block.
type version struct {
	at    time.Time
	trees map[storetypes.StoreKey]tree
}

var (
	_ storetypes.CommitMultiStore = (*Stores)(nil)
	_ storetypes.Queryable        = (*Stores)(nil)
)

// New makes stores that keep so many heights readable. A database gets every commit, and has the last height for the
// next process; nil is none. Mount the stores, then load.
func New(db dbm.DB, keep int64) *Stores {
	nothing := sha256.Sum256(nil)
	return &Stores{
		db: db, keep: keep, last: storetypes.CommitID{Hash: nothing[:]},
		keys: map[string]storetypes.StoreKey{}, working: map[storetypes.StoreKey]*store{}, versions: map[int64]version{},
	}
}

// MountStoreWithDB adds a store; type and database are the same for all.
func (s *Stores) MountStoreWithDB(key storetypes.StoreKey, _ storetypes.StoreType, _ dbm.DB) {
	s.keys[key.Name()] = key
	s.working[key] = newStore(key.Name(), s.db != nil)
}

// LoadLatestVersion reads what the database has.
func (s *Stores) LoadLatestVersion() error {
	if s.db == nil {
		return nil
	}
	last, found, err := s.load()
	if err != nil || !found {
		return err
	}
	s.last = last
	s.keepVersion(last.Version)
	return nil
}

// SetBlockTime says what time the block under way has, for whoever reads it later.
func (s *Stores) SetBlockTime(at time.Time) { s.at = at }

// SetInitialVersion says which height is the first.
func (s *Stores) SetInitialVersion(height int64) error {
	s.initial = height
	return nil
}

// WorkingHash is what [Stores.Commit] will have as hash.
func (s *Stores) WorkingHash() []byte {
	hash, changed := sha256.New(), false
	_, _ = hash.Write(s.last.Hash) // a hash does not fail
	for _, name := range s.names() {
		if sum, dirty := s.working[s.keys[name]].sum(); dirty {
			changed = true
			_, _ = hash.Write(append([]byte(name), 0))
			_, _ = hash.Write(sum)
		}
	}
	if !changed {
		return s.last.Hash
	}
	return hash.Sum(nil)
}

// Commit makes the changes one version. A database that does not take them is the end: CometBFT would go on alone.
func (s *Stores) Commit() storetypes.CommitID {
	next := storetypes.CommitID{Version: max(s.last.Version+1, s.initial), Hash: s.WorkingHash()}
	if s.db != nil {
		if err := s.save(next); err != nil {
			panic(fmt.Sprintf("commit height %d: %v", next.Version, err))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = next
	s.keepVersion(next.Version)
	delete(s.versions, next.Version-s.keep)
	for _, st := range s.working {
		st.committed()
	}
	return next
}

// keepVersion keeps the working state as it is now; stores that have not changed share it with the height before.
func (s *Stores) keepVersion(height int64) {
	before := s.versions[height-1].trees
	trees := make(map[storetypes.StoreKey]tree, len(s.working))
	for key, st := range s.working {
		known, ok := before[key]
		if !ok || st.dirty {
			known = st.copy()
		}
		trees[key] = known
	}
	s.versions[height] = version{at: s.at, trees: trees}
}

// LastCommitID is the last height and its hash.
func (s *Stores) LastCommitID() storetypes.CommitID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.last
}

// LatestVersion is the last height.
func (s *Stores) LatestVersion() int64 { return s.LastCommitID().Version }

// names lists the stores in a fixed order.
func (s *Stores) names() []string { return slices.Sorted(maps.Keys(s.keys)) }

// CacheMultiStore branches the state under way.
func (s *Stores) CacheMultiStore() storetypes.CacheMultiStore {
	stores := make(map[storetypes.StoreKey]storetypes.CacheWrapper, len(s.working))
	for key, st := range s.working {
		stores[key] = st
	}
	return s.branch(stores)
}

// CacheMultiStoreWithVersion branches the state after a block, or fails with [ErrNoVersion]. What it returns is [Past].
func (s *Stores) CacheMultiStoreWithVersion(height int64) (storetypes.CacheMultiStore, error) {
	v, ok := s.version(height)
	if !ok {
		return nil, ErrNoVersion
	}
	stores := make(map[storetypes.StoreKey]storetypes.CacheWrapper, len(v.trees))
	for key, t := range v.trees {
		stores[key] = t
	}
	return Past{Store: s.branch(stores), At: v.at}, nil
}

func (s *Stores) version(height int64) (version, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.versions[height]
	return v, ok
}

func (s *Stores) branch(stores map[storetypes.StoreKey]storetypes.CacheWrapper) cachemulti.Store {
	// The first argument is for stores without a key of their own, of which there are none.
	return cachemulti.NewFromKVStore(tree{}, stores, s.keys, nil, nil)
}

// Past is the state after a block.
type Past struct {
	cachemulti.Store

	// At is the block's time; zero for the block that a process found in its database.
	At time.Time
}

// GetKVStore is a store under way, for writing too.
func (s *Stores) GetKVStore(key storetypes.StoreKey) storetypes.KVStore { return s.mounted(key) }

// GetStore is [Stores.GetKVStore].
func (s *Stores) GetStore(key storetypes.StoreKey) storetypes.Store { return s.mounted(key) }

func (s *Stores) mounted(key storetypes.StoreKey) *store {
	st, ok := s.working[key]
	if !ok {
		panic(fmt.Sprintf("store %v is not mounted", key))
	}
	return st
}
