// SPDX-License-Identifier: Apache-2.0

package states

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	storetypes "cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
)

// In a database an entry's key is its store's name, a zero byte and the key; the height and hash of all are under a
// key that no store has. Only the last height is there.
var heightKey = []byte("\x00height")

// batchEntries is after how many entries [Stores.Write] begins a new batch.
const batchEntries = 10_000

var errForeign = errors.New("the database holds no state of this kind: it was written by another version")

func diskKey(name string, key []byte) []byte { return append(append([]byte(name), 0), key...) }

func encodeHeight(id storetypes.CommitID) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(id.Version)), id.Hash...) //nolint:gosec // never negative
}

// save writes the changes of one block, all or none of them.
func (s *Stores) save(next storetypes.CommitID) (err error) {
	batch := s.db.NewBatch()
	defer func() { err = errors.Join(err, batch.Close()) }()
	for _, st := range s.working {
		for _, e := range st.changed {
			if e.value == nil {
				err = batch.Delete(diskKey(st.name, e.key))
			} else {
				err = batch.Set(diskKey(st.name, e.key), e.value)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := batch.Set(heightKey, encodeHeight(next)); err != nil {
		return err
	}
	return batch.WriteSync()
}

// load reads all entries into the stores; false without any.
func (s *Stores) load() (last storetypes.CommitID, found bool, err error) {
	all, err := s.db.Iterator(nil, nil)
	if err != nil {
		return last, false, err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	for first := true; all.Valid(); all.Next() {
		// An iterator may use its memory again.
		key, value := bytes.Clone(all.Key()), append([]byte{}, all.Value()...)
		if first {
			if !bytes.Equal(key, heightKey) || len(value) < 8 {
				return last, false, errForeign
			}
			last = storetypes.CommitID{Version: int64(binary.BigEndian.Uint64(value)), Hash: value[8:]} //nolint:gosec // ours
			first, found = false, true
			continue
		}
		name, rest, _ := bytes.Cut(key, []byte{0})
		mounted, ok := s.keys[string(name)]
		if !ok {
			return last, false, errForeign
		}
		s.working[mounted].tree.Set(rest, value)
	}
	return last, found, all.Error()
}

// Write writes the last height into an empty database, which a later process begins with. The height stays readable
// meanwhile, whatever is committed.
func (s *Stores) Write(ctx context.Context, db dbm.DB) (err error) {
	last := s.LastCommitID()
	state, ok := s.version(last.Version)
	if !ok {
		return fmt.Errorf("write height %d: %w", last.Version, ErrNoVersion)
	}
	batch := db.NewBatch()
	defer func() { err = errors.Join(err, batch.Close()) }()
	count := 0
	for _, name := range s.names() {
		it := state.trees[s.keys[name]].Iterator(nil, nil)
		for ; it.Valid(); it.Next() {
			if err := batch.Set(diskKey(name, it.Key()), it.Value()); err != nil {
				return err
			}
			if count++; count%batchEntries != 0 {
				continue
			}
			if err := errors.Join(ctx.Err(), batch.Write(), batch.Close()); err != nil {
				return err
			}
			batch = db.NewBatch()
		}
	}
	if err := batch.Set(heightKey, encodeHeight(last)); err != nil {
		return err
	}
	return batch.WriteSync()
}
