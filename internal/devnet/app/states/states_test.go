// SPDX-License-Identifier: Apache-2.0

package states_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	storetypes "cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/states"
)

var one, two = storetypes.NewKVStoreKey("one"), storetypes.NewKVStoreKey("two")

const keep = 20

func open(t testing.TB, db dbm.DB) *states.Stores {
	t.Helper()
	s := states.New(db, keep)
	s.MountStoreWithDB(one, storetypes.StoreTypeIAVL, nil)
	s.MountStoreWithDB(two, storetypes.StoreTypeIAVL, nil)
	require.NoError(t, s.LoadLatestVersion())
	return s
}

// model is what a store should hold.
type model map[string]string

func (m model) list(start, end string) (out []string) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if key >= start && (end == "" || key < end) {
			out = append(out, key+"="+m[key])
		}
	}
	return out
}

func list(t *testing.T, it storetypes.Iterator) (out []string) {
	t.Helper()
	for ; it.Valid(); it.Next() {
		out = append(out, string(it.Key())+"="+string(it.Value()))
	}
	require.NoError(t, it.Close())
	return out
}

func bound(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

func requireSame(t *testing.T, want model, got storetypes.KVStore) {
	t.Helper()
	for _, b := range [][2]string{{"", ""}, {"k3", ""}, {"", "k6"}, {"k2", "k7"}, {"a", "b"}, {"k99", "l"}, {"x", ""}} {
		up := want.list(b[0], b[1])
		require.Equal(t, up, list(t, got.Iterator(bound(b[0]), bound(b[1]))), "%q", b)
		slices.Reverse(up)
		require.Equal(t, up, list(t, got.ReverseIterator(bound(b[0]), bound(b[1]))), "%q reversed", b)
	}
	for i := range 100 {
		key := fmt.Sprintf("k%d", i)
		value, ok := want[key]
		require.Equal(t, ok, got.Has([]byte(key)), key)
		if ok {
			require.Equal(t, value, string(got.Get([]byte(key))), key)
		} else {
			require.Nil(t, got.Get([]byte(key)), key)
		}
	}
}

// Blocks of random changes, as the SDK makes them, leave every kept height as it was, in memory, in the database of the
// next process, and in a copy.
func TestStores_areAModel(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	db := dbm.NewMemDB()
	s, alone := open(t, db), open(t, nil)
	now := model{}
	heights := map[int64]model{}
	const blocks = 50
	for height := int64(1); height <= blocks; height++ {
		branch, branchAlone := s.CacheMultiStore(), alone.CacheMultiStore()
		for range random.IntN(8) {
			key, value := fmt.Sprintf("k%d", random.IntN(100)), fmt.Sprintf("v%d", random.IntN(1000))
			for _, b := range []storetypes.CacheMultiStore{branch, branchAlone} {
				if len(value)%3 == 0 {
					b.GetKVStore(one).Delete([]byte(key))
				} else {
					b.GetKVStore(one).Set([]byte(key), []byte(value))
				}
			}
			if len(value)%3 == 0 {
				delete(now, key)
			} else {
				now[key] = value
			}
		}
		branch.Write()
		branchAlone.Write()
		hash := s.WorkingHash()
		require.Equal(t, hash, s.WorkingHash(), "asking changes nothing")
		require.Equal(t, storetypes.CommitID{Version: height, Hash: hash}, s.Commit())
		require.Equal(t, hash, alone.Commit().Hash, "the same with and without a database")
		heights[height] = maps.Clone(now)
	}
	for height := int64(blocks - keep + 1); height <= blocks; height++ {
		past, err := s.CacheMultiStoreWithVersion(height)
		require.NoError(t, err)
		requireSame(t, heights[height], past.GetKVStore(one))
		requireSame(t, model{}, past.GetKVStore(two))
	}
	for _, height := range []int64{0, 1, blocks - keep, blocks + 1} {
		_, err := s.CacheMultiStoreWithVersion(height)
		require.ErrorIs(t, err, states.ErrNoVersion, height)
	}
	copied := dbm.NewMemDB()
	require.NoError(t, alone.Write(t.Context(), copied))
	for name, from := range map[string]dbm.DB{"database": db, "copy": copied} {
		again := open(t, from)
		require.Equal(t, s.LastCommitID(), again.LastCommitID(), name)
		requireSame(t, heights[blocks], again.GetKVStore(one))
		past, err := again.CacheMultiStoreWithVersion(blocks)
		require.NoError(t, err, name)
		requireSame(t, heights[blocks], past.GetKVStore(one))
		again.GetKVStore(two).Set([]byte("k1"), []byte("v"))
		require.EqualValues(t, blocks+1, again.Commit().Version)
		requireSame(t, model{"k1": "v"}, open(t, from).GetKVStore(two))
	}
}

func TestHashTellsHistoriesApart(t *testing.T) {
	t.Parallel()
	history := func(change func(a, b storetypes.KVStore)) []byte {
		s := open(t, nil)
		s.GetKVStore(one).Set([]byte("k"), []byte("v"))
		before := s.Commit().Hash
		require.Equal(t, before, s.Commit().Hash, "an empty block changes nothing")
		change(s.GetKVStore(one), s.GetKVStore(two))
		return s.Commit().Hash
	}
	seen := map[string]string{}
	for name, change := range map[string]func(a, b storetypes.KVStore){
		"nothing":       func(storetypes.KVStore, storetypes.KVStore) {},
		"a value":       func(a, _ storetypes.KVStore) { a.Set([]byte("x"), []byte("yz")) },
		"moved a byte":  func(a, _ storetypes.KVStore) { a.Set([]byte("xy"), []byte("z")) },
		"other store":   func(_, b storetypes.KVStore) { b.Set([]byte("x"), []byte("yz")) },
		"empty value":   func(a, _ storetypes.KVStore) { a.Set([]byte("k"), []byte{}) },
		"deleted":       func(a, _ storetypes.KVStore) { a.Delete([]byte("k")) },
		"deleted there": func(_, b storetypes.KVStore) { b.Delete([]byte("k")) },
	} {
		hash := history(change)
		require.Equal(t, hash, history(change), name)
		require.Len(t, hash, 32)
		require.Empty(t, seen[string(hash)], name)
		seen[string(hash)] = name
	}
}

func TestPast_hasItsBlocksTime(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	for height := range 3 {
		s.SetBlockTime(time.Unix(int64(height), 0))
		s.Commit()
	}
	past, err := s.CacheMultiStoreWithVersion(2)
	require.NoError(t, err)
	require.Equal(t, time.Unix(1, 0), past.(states.Past).At)
}

func TestInitialVersion(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	require.NoError(t, s.SetInitialVersion(7))
	require.EqualValues(t, 7, s.Commit().Version)
	require.EqualValues(t, 8, s.Commit().Version)
}

// A directory of an earlier version, or of somebody else, is not taken for an empty chain.
func TestLoad_foreignDatabase(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"s/latest", "\x00height", "three\x00k"} {
		db := dbm.NewMemDB()
		if key == "three\x00k" {
			s := open(t, nil)
			s.Commit()
			require.NoError(t, s.Write(t.Context(), db))
		}
		require.NoError(t, db.Set([]byte(key), []byte("x")))
		s := states.New(db, keep)
		s.MountStoreWithDB(one, storetypes.StoreTypeIAVL, nil)
		require.ErrorContains(t, s.LoadLatestVersion(), "written by another version", "%q", key)
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	for _, key := range []string{"a", "b1", "b2", "c"} {
		s.GetKVStore(one).Set([]byte(key), []byte("v"+key))
	}
	s.Commit()
	s.GetKVStore(one).Set([]byte("a"), []byte("later"))
	s.Commit()
	ask := func(path, data string, height int64, prove bool) (*storetypes.ResponseQuery, error) {
		return s.Query(&storetypes.RequestQuery{Path: path, Data: []byte(data), Height: height, Prove: prove})
	}
	res, err := ask("/one/key", "a", 1, false)
	require.NoError(t, err)
	require.Equal(t, "va", string(res.Value))
	res, err = ask("/one/key", "a", 0, false)
	require.NoError(t, err)
	require.Equal(t, "later", string(res.Value))
	require.EqualValues(t, 2, res.Height)
	res, err = ask("/one/key", "none", 0, false)
	require.NoError(t, err)
	require.Nil(t, res.Value)
	res, err = ask("/one/subspace", "b", 0, false)
	require.NoError(t, err)
	require.Equal(t, "\n\x09\n\x02b1\x12\x03vb1\n\x09\n\x02b2\x12\x03vb2", string(res.Value))
	res, err = ask("/one/key", "a", 9, false)
	require.NoError(t, err)
	require.Equal(t, "version does not exist", res.Log)
	for path, text := range map[string]string{
		"/three/key": "no such store: three", "/one": "invalid path: /one", "/one/tree": "unexpected query path: /tree",
	} {
		_, err = ask(path, "a", 0, false)
		require.ErrorContains(t, err, text)
	}
	_, err = ask("/one/key", "", 0, false)
	require.ErrorContains(t, err, "query cannot be zero length")
	_, err = ask("/one/key", "a", 2, true)
	require.ErrorContains(t, err, "no proofs")
}

// Queries read past heights while the next block is written; run it with -race.
func TestPast_isFreeOfTheWriter(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	store := s.GetKVStore(one)
	for i := range 1000 {
		store.Set(fmt.Appendf(nil, "k%03d", i), []byte("0"))
	}
	s.Commit()
	done := make(chan []byte)
	for range 4 {
		past, err := s.CacheMultiStoreWithVersion(1)
		require.NoError(t, err)
		go func() {
			var all []byte
			for range 10 {
				it := past.GetKVStore(one).Iterator(nil, nil)
				for ; it.Valid(); it.Next() {
					all = append(all, it.Value()...)
				}
				_ = it.Close()
			}
			done <- all
		}()
	}
	for range 5 {
		for i := range 1000 {
			store.Set(fmt.Appendf(nil, "k%03d", i), []byte("1"))
			store.Delete(fmt.Appendf(nil, "k%03d", i/2))
		}
		s.Commit()
	}
	for range 4 {
		require.Equal(t, bytes.Repeat([]byte("0"), 10_000), <-done)
	}
}
