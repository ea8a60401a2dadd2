// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	folderMode  = 0o700
	entrySuffix = ".json"
	lockSuffix  = ".lock"
)

// holder marks what this process writes: host and parent. A CLI starts one plugin a provider configuration, so entries
// of one parent are siblings of one run, and any other belongs to another run.
var holder = sync.OnceValue(func() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return host + "/" + strconv.Itoa(os.Getppid())
})

// ErrBusy is returned by Claim and Resume when another live process holds the intent.
var ErrBusy = errors.New("another run is at work on this deployment")

// ErrExists is returned by Begin when an intent for the same deployment exists already.
var ErrExists = errors.New("an intent for this deployment exists already")

// Journal is one process's view of the folder of intents. It is safe for concurrent use.
type Journal struct {
	dir, scope string
	now        func() time.Time

	mu   sync.Mutex
	held map[string]*Entry // by path; entries locked by this Journal
}

// Open uses the folder dir, which is made when the first intent is written. scope comes from [Scope].
func Open(dir, scope string, now func() time.Time) *Journal {
	return &Journal{dir: dir, scope: scope, now: now, held: map[string]*Entry{}}
}

// Begin writes a new intent in phase [PhaseIntended] and syncs it to disk. Version, scope and start time are filled
// in. The caller owns the entry until Drop, Done or the end of the process. It replaces an intent that this process is
// done with, and fails with [ErrExists] for a deployment that has another one.
func (j *Journal) Begin(intent Intent) (*Entry, error) {
	intent.Version, intent.Scope, intent.StartedAt = formatVersion, j.scope, j.now().UTC()
	intent.Phase, intent.Holder = PhaseIntended, holder()
	path := j.path(intent.ChainID, intent.Kind, intent.ID())
	if held := j.holding(path); held != nil && held.isDone() {
		if err := held.Drop(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return nil, fmt.Errorf("make the journal's folder: %w", err)
	}
	lock, err := tryLock(path)
	if err != nil {
		return nil, err
	}
	if lock == nil {
		return nil, fmt.Errorf("%s: %w", intent.ID(), ErrExists)
	}
	entry := &Entry{journal: j, path: path, lock: lock, intent: intent}
	if err := entry.create(); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	j.hold(entry)
	return entry, nil
}

// Claim takes over an intent of this scope with the same kind, chain, owner and group digest that no live process
// holds; nil when there is none. Those that were never handed to Terraform come first, since a state may hold the
// others, then those with the same manifest hash, older ones first. Identical siblings of the same run are passed over;
// when another run holds one it fails with [ErrBusy], since that may be the interrupted one, still finishing.
func (j *Journal) Claim(kind Kind, chainID, owner, groupDigest, manifestHash string) (*Entry, error) {
	intents, err := j.list(chainID, owner)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(intents, func(a, b Intent) int {
		return cmp.Or(
			cmp.Compare(rank(!a.DoneAt.IsZero()), rank(!b.DoneAt.IsZero())),
			cmp.Compare(rank(a.ManifestHash != manifestHash), rank(b.ManifestHash != manifestHash)))
	})
	for _, intent := range intents {
		if intent.Kind != kind || intent.Scope != j.scope || intent.GroupDigest != groupDigest {
			continue
		}
		entry, err := j.take(j.path(chainID, kind, intent.ID()))
		if err != nil || entry != nil {
			return entry, err
		}
		if intent.Holder != holder() {
			return nil, fmt.Errorf("%w: %s", ErrBusy, intent.ID())
		}
	}
	return nil, nil //nolint:nilnil // "none" is an answer here
}

// Resume takes over the intent of one kind for one deployment, whatever its scope; nil when there is none, or only one
// that this process is done with. It fails with [ErrBusy] when somebody holds it.
func (j *Journal) Resume(kind Kind, chainID string, id ids.DeploymentID) (*Entry, error) {
	path := j.path(chainID, kind, id)
	if held := j.holding(path); held != nil && held.isDone() {
		return nil, nil //nolint:nilnil // "none" is an answer here
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // "none" is an answer here
	}
	entry, err := j.take(path)
	if err == nil && entry == nil {
		if _, gone := os.Stat(path); gone == nil {
			err = fmt.Errorf("%w: %s", ErrBusy, id)
		}
	}
	return entry, err
}

// rank orders what is not so before what is.
func rank(is bool) int {
	if is {
		return 1
	}
	return 0
}

// take locks the intent's file and reads it again; nil when somebody holds it or it is gone.
func (j *Journal) take(path string) (*Entry, error) {
	lock, err := tryLock(path)
	if lock == nil {
		return nil, err
	}
	current, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unlockAndRemove(lock)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	entry := &Entry{journal: j, path: path, lock: lock, intent: current}
	if err := entry.update(func(i *Intent) { i.Holder = holder() }); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	j.hold(entry)
	return entry, nil
}

// Retire removes the intent of a deployment whose id has arrived as prior state, whoever wrote it. It is free when
// there is none.
func (j *Journal) Retire(chainID string, id ids.DeploymentID) error {
	return errors.Join(j.remove(j.path(chainID, KindDeployment, id)), j.remove(j.path(chainID, KindIPHolder, id)))
}

// Forget removes every intent about a deployment that is closed.
func (j *Journal) Forget(chainID string, id ids.DeploymentID) error {
	var all error
	for _, kind := range []Kind{KindDeployment, KindIPHolder, KindDeposit, KindProbe} {
		all = errors.Join(all, j.remove(j.path(chainID, kind, id)))
	}
	return all
}

func (j *Journal) remove(path string) error {
	if held := j.holding(path); held != nil {
		return held.Drop()
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := tryLock(path)
	if lock == nil {
		return err // who holds it removes it, or leaves it to the next run
	}
	return errors.Join(removeIfThere(path), unlockAndRemove(lock))
}

// Held is the intent of one kind for one deployment that this Journal holds, nil when it holds none.
func (j *Journal) Held(kind Kind, chainID string, id ids.DeploymentID) *Entry {
	return j.holding(j.path(chainID, kind, id))
}

// holding is the entry that this Journal holds at path, nil when it holds none.
func (j *Journal) holding(path string) *Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.held[path]
}

// Unclaimed lists the intents of a kind and of this scope that no live process holds, oldest first.
func (j *Journal) Unclaimed(kind Kind, chainID, owner string) ([]Intent, error) {
	intents, err := j.list(chainID, owner)
	if err != nil {
		return nil, err
	}
	var free []Intent
	for _, intent := range intents {
		if intent.Kind != kind || intent.Scope != j.scope {
			continue
		}
		lock, err := tryLock(j.path(intent.ChainID, intent.Kind, intent.ID()))
		if err != nil {
			return nil, err
		}
		if lock != nil {
			free = append(free, intent)
			if err := lock.Unlock(); err != nil {
				return nil, fmt.Errorf("unlock the journal entry: %w", err)
			}
		}
	}
	return free, nil
}

// Close ends the process's part normally: deployments that were handed over are removed, the others stay for the next
// run.
func (j *Journal) Close() error { return j.CloseAsOf(j.now()) }

// CloseAsOf is Close for a process that was told to end at a time: what it handed over later, nobody may have heard of,
// so that stays for the next run too.
func (j *Journal) CloseAsOf(at time.Time) error {
	j.mu.Lock()
	entries := make([]*Entry, 0, len(j.held))
	for _, e := range j.held {
		entries = append(entries, e)
	}
	j.mu.Unlock()
	var all error
	for _, e := range entries {
		all = errors.Join(all, e.release(at))
	}
	return all
}

// list reads the intents of one chain and owner, oldest first, and removes what is history. Files that are not ours are
// passed over.
func (j *Journal) list(chainID, owner string) ([]Intent, error) {
	files, err := filepath.Glob(filepath.Join(j.folder(chainID, owner), "*"+entrySuffix))
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	var intents []Intent
	for _, f := range files {
		intent, err := read(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue // retired meanwhile
		}
		if err != nil {
			return nil, err
		}
		if intent.isHistory(j.now()) {
			if err := j.remove(f); err != nil {
				return nil, err
			}
			continue
		}
		intents = append(intents, intent)
	}
	slices.SortFunc(intents, func(a, b Intent) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.DSeq, b.DSeq))
	})
	return intents, nil
}

func (j *Journal) hold(e *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.held[e.path] = e
}

func (j *Journal) letGo(e *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.held, e.path)
}

func (j *Journal) folder(chainID, owner string) string {
	return filepath.Join(j.dir, safeName(chainID), safeName(owner))
}

func (j *Journal) path(chainID string, kind Kind, id ids.DeploymentID) string {
	name := string(kind) + "-" + strconv.FormatUint(id.DSeq, 10) + entrySuffix
	return filepath.Join(j.folder(chainID, id.Owner), name)
}

// safeName keeps a chain id or an address from naming another folder.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		default:
			return '_'
		}
	}, s)
}

func read(path string) (Intent, error) {
	text, err := os.ReadFile(path) //nolint:gosec // a path made by this package
	if err != nil {
		return Intent{}, fmt.Errorf("read the journal entry: %w", err)
	}
	var intent Intent
	if err := json.Unmarshal(text, &intent); err != nil {
		return Intent{}, fmt.Errorf("journal entry %s is damaged (it may name a deployment that costs money; "+
			"look at it, then remove it): %w", path, err)
	}
	if intent.Version != formatVersion {
		return Intent{}, fmt.Errorf("journal entry %s has version %d, this release reads %d",
			path, intent.Version, formatVersion)
	}
	return intent, nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the journal entry: %w", err)
	}
	return nil
}
