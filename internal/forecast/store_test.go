// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
)

// files are the cache's files below dir by name, all in one folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[entry.Name()] = path
		}
		return err
	}))
	return found
}

func TestRead_fromDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "market")
	now := new(clock)
	w := &world{sellers: 3, bids: map[string][]bidResponse{"open": {bid(1, addrOf(1), 5, "1.25")}}}
	run := func(source ...string) *forecast.Reader {
		return forecast.New(forecast.Config{
			Chain: w, Gateways: w.open, Dir: dir, Source: source, Clock: now.Now,
		})
	}
	first, err := run("akashnet-2", "https://a").Read(t.Context(), nil, "akash1auditor")
	require.NoError(t, err)
	asked := func() [4]int64 { return [4]int64{w.lists.Load(), w.pages.Load(), w.asked.Load(), w.audits.Load()} }
	require.Equal(t, [4]int64{1, 2, 3, 3}, asked())
	again, err := run("akashnet-2", "https://a").Read(t.Context(), nil, "akash1auditor")
	require.NoError(t, err)
	require.Equal(t, [4]int64{1, 2, 3, 3}, asked(), "another process asks nothing")
	require.Equal(t, first, again)

	for name, path := range files(t, dir) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), name)
	}
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())

	// Another endpoint or chain is another market.
	_, err = run("akashnet-2", "https://b").Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, [4]int64{2, 4, 6, 3}, asked())

	// What is too old, or from the future, is read again.
	now.advance(6 * time.Minute)
	_, err = run("akashnet-2", "https://a").Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, [4]int64{3, 6, 9, 3}, asked())
	now.advance(-time.Hour)
	_, err = run("akashnet-2", "https://a").Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, [4]int64{4, 8, 12, 3}, asked())
}

func TestRead_brokenFiles(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, path string){
		"empty":   func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, nil, 0o600)) },
		"garbage": func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, []byte("{\"vers"), 0o600)) },
		"cut": func(t *testing.T, path string) {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(path, info.Size()/2))
		},
		"another version": func(t *testing.T, path string) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Contains(t, string(text), `"version":1`)
			changed := strings.Replace(string(text), `"version":1`, `"version":2`, 1)
			require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
		},
		"a folder": func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			w := &world{sellers: 2, bids: map[string][]bidResponse{"open": {bid(1, addrOf(1), 5, "1")}}}
			read := func() {
				got, err := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Dir: dir}).Read(t.Context(), nil)
				require.NoError(t, err)
				require.Len(t, got.Candidates, 2)
				require.NotNil(t, got.Candidates[1].Inventory)
				require.Len(t, got.Observations, 1)
			}
			read()
			for _, path := range files(t, dir) {
				spoil(t, path)
			}
			read()
			require.Equal(t, []int64{2, 4, 4}, []int64{w.lists.Load(), w.pages.Load(), w.asked.Load()})
		})
	}
}

func TestRead_noDisk(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	w := &world{sellers: 2}
	got, err := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Dir: blocked}).Read(t.Context(), nil)
	require.NoError(t, err)
	require.NotNil(t, got.Candidates[0].Inventory)
}

func TestRead_manyProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := &world{sellers: 30}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 5 {
				got, err := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Dir: dir}).Read(t.Context(), nil)
				if err != nil || len(got.Candidates) != 30 || got.Candidates[29].Inventory == nil {
					t.Errorf("%d candidates: %v", len(got.Candidates), err)
				}
			}
		})
	}
	all.Wait()
	for name := range files(t, dir) {
		require.False(t, strings.HasSuffix(name, ".part"), name)
	}
	before := w.asked.Load()
	_, err := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Dir: dir}).Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, before, w.asked.Load())
}

func TestRead_leftovers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := &world{sellers: 1}
	read := func() {
		_, err := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Dir: dir}).Read(t.Context(), nil)
		require.NoError(t, err)
	}
	read()
	folder := filepath.Dir(files(t, dir)["sellers.json"])
	for name, age := range map[string]time.Duration{"sellers.json.1.part": 2 * time.Hour, "sellers.json.2.part": 0} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		at := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	read()
	left := files(t, dir)
	require.NotContains(t, left, "sellers.json.1.part", "of a process that was killed")
	require.Contains(t, left, "sellers.json.2.part", "of one that may be writing")
}

func FuzzCacheFile(f *testing.F) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f.Add([]byte(`{"version":1,"entries":{"a b":{"value":{"inventory":{"nodes":[{"name":"n","cpu":1}]}},` +
		`"read_at":"2026-11-22T11:59:00Z","until":"2026-11-22T12:02:00Z"}}}`))
	f.Add([]byte(`{"version":1,"entries":{"market":{"value":{"observations":[{"price":{"Denom":"uact","Amount":"1.0"}}` +
		`]},"read_at":"2026-11-22T11:59:00Z","until":"2026-11-22T12:02:00Z"}}}`))
	f.Add([]byte(`{"version":1,"entries":{"market":{"value":{"observations":[{}]},"read_at":"2026-11-22T11:59:00Z"}}}`))
	f.Add([]byte(`{"version":1,"entries":{"":{}}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if inventories, err := forecast.ReadGateways(text, now); err == nil {
			for _, inventory := range inventories {
				if inventory != nil {
					_ = len(inventory.Nodes)
				}
			}
		}
		seen, err := forecast.ReadPrices(text, now)
		if err != nil {
			return
		}
		for _, o := range seen { // what got through can be counted with
			_, _ = o.Price.Compare(o.Price)
			if !o.Price.Amount.IsPositive() {
				panic("a price of nothing")
			}
		}
	})
}
