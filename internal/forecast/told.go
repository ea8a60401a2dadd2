// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// toldFor is how long it is remembered that something was told; no CLI waits longer between planning and applying in
// one run.
const toldFor = 2 * time.Hour

// Told remembers what was told to the user by processes that the same process started. A CLI plans each resource again
// while it applies, in another process of the plugin, and what it heard a minute ago need not be said again. It is safe
// for concurrent use.
type Told struct {
	dir    string // "" keeps it in memory alone
	parent string
	clock  func() time.Time

	mu     sync.Mutex
	swept  bool
	memory map[string]time.Time
}

// NewTold returns what was told under the process that started this one. Dir is that of [Config]; clock nil is
// [time.Now]. It does no I/O in dir.
func NewTold(dir string, clock func() time.Time) *Told {
	if clock == nil {
		clock = time.Now
	}
	if dir != "" {
		dir = filepath.Join(dir, "told")
	}
	pid := os.Getppid()
	return &Told{
		dir: dir, parent: strconv.Itoa(pid) + "@" + startOf(pid), clock: clock, memory: map[string]time.Time{},
	}
}

// Again notes that what key names is being told, and returns whether it was before, in the last two hours. Where the
// folder cannot be written things are told twice rather than never.
func (t *Told) Again(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	if at, ok := t.memory[key]; ok && within(now, at) {
		return true
	}
	t.memory[key] = now
	if t.dir == "" {
		return false
	}
	t.sweep(now)
	sum := sha256.Sum256([]byte(t.parent + "\x00" + key))
	return t.mark(filepath.Join(t.dir, hex.EncodeToString(sum[:16])), now)
}

// mark makes an empty file; true when it is there already. Making it is what two processes cannot both do.
func (t *Told) mark(path string, now time.Time) bool {
	if os.MkdirAll(t.dir, 0o700) != nil {
		return false
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a folder of the configuration
	if err == nil {
		_ = f.Close() // nothing was written
	} else if info, statErr := os.Stat(path); statErr == nil && within(now, info.ModTime()) {
		return true
	}
	_ = os.Chtimes(path, now, now) // else it is the system's time, which is as good
	return false
}

// sweep removes what was told too long ago, once a process.
func (t *Told) sweep(now time.Time) {
	if t.swept {
		return
	}
	t.swept = true
	entries, err := os.ReadDir(t.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !within(now, info.ModTime()) {
			_ = os.Remove(filepath.Join(t.dir, e.Name())) // the next process tries again
		}
	}
}

// within tells whether what happened at still counts. A time ahead of the clock does not: it was set back.
func within(now, at time.Time) bool {
	age := now.Sub(at)
	return age >= -time.Minute && age < toldFor
}

// startOf tells processes apart that had the same number one after the other; "" where that cannot be found out, which
// the age of what was told makes up for. Source: Linux, proc(5), stat field 22.
func startOf(pid int) string {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	_, rest, found := strings.Cut(string(stat[max(0, strings.LastIndexByte(string(stat), ')')):]), ") ")
	fields := strings.Fields(rest) // from field 3 on
	if !found || len(fields) < 20 {
		return ""
	}
	return fields[19]
}
