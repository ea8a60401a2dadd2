// SPDX-License-Identifier: Apache-2.0

package states

import (
	"errors"
	"io"

	"cosmossdk.io/store/metrics"
	pruningtypes "cosmossdk.io/store/pruning/types"
	snapshottypes "cosmossdk.io/store/snapshots/types"
	storetypes "cosmossdk.io/store/types"
	protoio "github.com/cosmos/gogoproto/io"
)

// What follows is of the interface and not of use here: upgrades, rolling back, state sync, tracing, listeners, and
// settings of other stores.

var errUnsupported = errors.New("a devnet's stores do not do this")

// GetStoreType says that there are many.
func (s *Stores) GetStoreType() storetypes.StoreType { return storetypes.StoreTypeMulti }

// CacheWrap is [Stores.CacheMultiStore].
func (s *Stores) CacheWrap() storetypes.CacheWrap { return s.CacheMultiStore() }

// CacheWrapWithTrace is [Stores.CacheMultiStore].
func (s *Stores) CacheWrapWithTrace(io.Writer, storetypes.TraceContext) storetypes.CacheWrap {
	return s.CacheMultiStore()
}

// GetCommitStore panics: no store commits by itself.
func (s *Stores) GetCommitStore(storetypes.StoreKey) storetypes.CommitStore { panic(errUnsupported) }

// GetCommitKVStore panics likewise.
func (s *Stores) GetCommitKVStore(storetypes.StoreKey) storetypes.CommitKVStore {
	panic(errUnsupported)
}

// GetPruning is that nothing is left to prune.
func (s *Stores) GetPruning() pruningtypes.PruningOptions {
	return pruningtypes.NewPruningOptions(pruningtypes.PruningNothing)
}

// SetPruning does nothing; see [New].
func (s *Stores) SetPruning(pruningtypes.PruningOptions) {}

// LoadLatestVersionAndUpgrade is refused.
func (s *Stores) LoadLatestVersionAndUpgrade(*storetypes.StoreUpgrades) error { return errUnsupported }

// LoadVersionAndUpgrade is refused.
func (s *Stores) LoadVersionAndUpgrade(int64, *storetypes.StoreUpgrades) error { return errUnsupported }

// LoadVersion is refused.
func (s *Stores) LoadVersion(int64) error { return errUnsupported }

// RollbackToVersion is refused.
func (s *Stores) RollbackToVersion(int64) error { return errUnsupported }

// Snapshot is refused.
func (s *Stores) Snapshot(uint64, protoio.Writer) error { return errUnsupported }

// Restore is refused.
func (s *Stores) Restore(uint64, uint32, protoio.Reader) (snapshottypes.SnapshotItem, error) {
	return snapshottypes.SnapshotItem{}, errUnsupported
}

// PruneSnapshotHeight does nothing.
func (s *Stores) PruneSnapshotHeight(int64) {}

// SetSnapshotInterval does nothing.
func (s *Stores) SetSnapshotInterval(uint64) {}

// SetInterBlockCache does nothing.
func (s *Stores) SetInterBlockCache(storetypes.MultiStorePersistentCache) {}

// SetIAVLCacheSize does nothing.
func (s *Stores) SetIAVLCacheSize(int) {}

// SetIAVLDisableFastNode does nothing.
func (s *Stores) SetIAVLDisableFastNode(bool) {}

// SetIAVLSyncPruning does nothing.
func (s *Stores) SetIAVLSyncPruning(bool) {}

// TracingEnabled is false.
func (s *Stores) TracingEnabled() bool { return false }

// SetTracer does nothing.
func (s *Stores) SetTracer(io.Writer) storetypes.MultiStore { return s }

// SetTracingContext does nothing.
func (s *Stores) SetTracingContext(storetypes.TraceContext) storetypes.MultiStore { return s }

// ListeningEnabled is false.
func (s *Stores) ListeningEnabled(storetypes.StoreKey) bool { return false }

// AddListeners does nothing.
func (s *Stores) AddListeners([]storetypes.StoreKey) {}

// PopStateCache is empty.
func (s *Stores) PopStateCache() []*storetypes.StoreKVPair { return nil }

// SetMetrics does nothing.
func (s *Stores) SetMetrics(metrics.StoreMetrics) {}
