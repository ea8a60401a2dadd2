// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
)

const (
	// storeVersion is of the files' form; files of another are passed over.
	storeVersion = 1
	// maxFile bounds what is read back, far above any market.
	maxFile = 64 << 20
	// keepFor is how long silence is remembered to ask the others first, though it holds for a minute only.
	keepFor = 24 * time.Hour
	// leftoverAge is when an unfinished file is nobody's any more.
	leftoverAge = time.Hour
)

// store is a folder of what was read of one market. Files appear whole or not at all; of two processes that write at
// once one wins, and what the other read is read again later. Whatever is wrong with a file, it is as if it were not
// there.
type store struct {
	dir   string // "" for none
	clock func() time.Time
	log   hclog.Logger
}

func newStore(dir string, source []string, clock func() time.Time, log hclog.Logger) *store {
	if dir == "" {
		return &store{}
	}
	sum := sha256.Sum256([]byte(strings.Join(source, "\x00")))
	return &store{dir: filepath.Join(dir, hex.EncodeToString(sum[:8])), clock: clock, log: log}
}

// file is the form of a file.
type file[T any] struct {
	Version int                  `json:"version"`
	Entries map[string]record[T] `json:"entries"`
}

type record[T any] struct {
	Value  T         `json:"value"`
	ReadAt time.Time `json:"read_at"`
	Until  time.Time `json:"until"`
}

// load brings in what earlier runs read.
func (r *Reader) load() {
	r.store.sweep()
	loadInto(r.store, "sellers.json", r.sellers, nil)
	loadInto(r.store, "audits.json", r.audits, nil)
	loadInto(r.store, "bids.json", r.prices, soundPrices)
	loadInto(r.store, "gateways.json", r.statuses, soundAnswer)
}

// save leaves what was read for later runs. Not being able to is no reason to fail, or to tell anybody but the log.
func (r *Reader) save() {
	for _, err := range []error{
		saveFrom(r.store, "sellers.json", r.sellers, nil),
		saveFrom(r.store, "audits.json", r.audits, nil),
		saveFrom(r.store, "bids.json", r.prices, soundPrices),
		saveFrom(r.store, "gateways.json", r.statuses, soundAnswer),
	} {
		if err != nil {
			r.log.Debug("what was read of the market is not kept", "error", err)
		}
	}
}

// sweep removes what processes that were killed left unfinished.
func (s *store) sweep() {
	if s.dir == "" {
		return
	}
	parts, _ := filepath.Glob(filepath.Join(s.dir, "*.part")) // its only error is of the pattern
	for _, path := range parts {
		if info, err := os.Stat(path); err == nil && s.clock().Sub(info.ModTime()) > leftoverAge {
			_ = os.Remove(path) // the next run tries again
		}
	}
}

func soundAnswer(a answer) bool { return (a.Inventory == nil) != (a.Silent == "") }

func soundPrices(list priceList) bool {
	for _, seen := range list.Observations {
		if seen.Price.IsZero() || seen.Price.Amount.IsNegative() {
			return false
		}
	}
	return true
}

// loadInto adds what a file holds and is sound, where nothing newer is known.
func loadInto[T any](s *store, name string, c *crowd[T], sound func(T) bool) {
	entries, err := readFile(s, name, sound)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.Debug("what an earlier run read of the market is passed over", "file", name, "error", err)
		}
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range entries {
		if c.members[key] == nil {
			c.members[key] = &member[T]{found: found[T]{value: e.Value, readAt: e.ReadAt}, until: e.Until}
		}
	}
}

// readFile returns the entries of a file that can be true.
func readFile[T any](s *store, name string, sound func(T) bool) (map[string]record[T], error) {
	if s.dir == "" {
		return nil, fs.ErrNotExist
	}
	path := filepath.Join(s.dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is no file of ours", name)
	}
	text, err := os.ReadFile(path) //nolint:gosec // in the folder of the configuration, names are ours
	if err != nil {
		return nil, err
	}
	return decodeFile(text, s.clock(), sound)
}

func decodeFile[T any](text []byte, now time.Time, sound func(T) bool) (map[string]record[T], error) {
	var told file[T]
	if err := json.Unmarshal(text, &told); err != nil {
		return nil, err
	}
	if told.Version != storeVersion {
		return nil, fmt.Errorf("version %d", told.Version)
	}
	for key, e := range told.Entries {
		age := now.Sub(e.ReadAt)
		// A clock that was set back would make what was read hold for too long.
		if age < 0 || age > keepFor || e.Until.Sub(e.ReadAt) > listsHold || sound != nil && !sound(e.Value) {
			delete(told.Entries, key)
		}
	}
	return told.Entries, nil
}

// saveFrom writes what c knows, beside what other processes wrote meanwhile.
func saveFrom[T any](s *store, name string, c *crowd[T], sound func(T) bool) error {
	if s.dir == "" {
		return nil
	}
	c.mu.Lock()
	changed := c.changed
	c.changed = false
	mine := map[string]record[T]{}
	if changed {
		for key, m := range c.members {
			if m.err == nil && !m.readAt.IsZero() {
				mine[key] = record[T]{Value: m.value, ReadAt: m.readAt, Until: m.until}
			}
		}
	}
	c.mu.Unlock()
	if !changed {
		return nil
	}
	if others, err := readFile(s, name, sound); err == nil {
		for key, e := range others {
			if known, ok := mine[key]; !ok || known.ReadAt.Before(e.ReadAt) {
				mine[key] = e
			}
		}
	}
	text, err := json.Marshal(file[T]{Version: storeVersion, Entries: mine})
	if err != nil {
		return err
	}
	return writeWhole(s.dir, name, text)
}

// writeWhole replaces a file at once, readable by its owner alone.
func writeWhole(dir, name string, text []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(dir, name+".*.part") // 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
