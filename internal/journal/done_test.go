// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

func TestWhatIsDoneIsRememberedForSomeTime(t *testing.T) {
	t.Parallel()
	for after, kept := range map[time.Duration]bool{9 * time.Minute: true, 11 * time.Minute: false} {
		dir := t.TempDir()
		now := start
		j := journal.Open(dir, "scope", func() time.Time { return now })
		e, err := j.Begin(deposit())
		require.NoError(t, err)
		require.NoError(t, e.Done())
		require.NoError(t, j.Close())
		now = now.Add(after)
		_, err = j.Unclaimed(journal.KindDeployment, chainID, owner)
		require.NoError(t, err)
		require.Equal(t, kept, len(files(t, dir)) > 0, "after %s", after)
		again, err := j.Resume(journal.KindDeposit, chainID, deposit().ID())
		require.NoError(t, err)
		require.Equal(t, kept, again != nil, "after %s", after)
	}
}

// What may be in a state is the last that a sibling takes over.
func TestClaimTakesWhatWasHandedOverLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	handed, err := first.Begin(intent(1, "digest"))
	require.NoError(t, err)
	require.NoError(t, handed.Done())
	other := intent(2, "digest")
	other.ManifestHash = "ff"
	_, err = first.Begin(other)
	require.NoError(t, err)
	kill(t, dir)
	second := open(dir, "scope")
	for _, dseq := range []uint64{2, 1} {
		e, err := second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
		require.NoError(t, err)
		require.Equal(t, dseq, e.Intent().DSeq)
		require.Equal(t, dseq == 1, !e.Intent().DoneAt.IsZero())
	}
}

// What another process holds is not removed under its feet.
func TestRetireLeavesWhatALiveProcessHolds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	e, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	require.NoError(t, open(dir, "scope").Retire(chainID, e.Intent().ID()))
	require.Len(t, files(t, dir), 2)
	require.NoError(t, e.Created())
	require.NoError(t, e.Done())
	require.NoError(t, first.Close())
	require.Empty(t, files(t, dir))
}

// A lock file goes with its entry, while others may have opened it and wait: only one process holds an entry.
func TestALockHasOneHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "entry")
	var holders, held atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 1000 {
				lock, err := journal.TryLock(path)
				if err != nil {
					t.Error(err)
				}
				if lock == nil {
					continue // somebody else has it
				}
				if holders.Add(1) > 1 {
					t.Error("two hold one lock")
				}
				held.Add(1)
				runtime.Gosched()
				holders.Add(-1)
				if err := journal.UnlockAndRemove(lock); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	require.Positive(t, held.Load())
}

// What was handed over after the process had been told to end may have reached nobody.
func TestCloseAsOfKeepsWhatWasHandedOverLater(t *testing.T) {
	t.Parallel()
	for late, kept := range map[time.Duration]bool{-time.Second: false, 0: false, time.Second: true} {
		dir := t.TempDir()
		now := start
		j := journal.Open(dir, "scope", func() time.Time { return now })
		e, err := j.Begin(intent(7, "digest"))
		require.NoError(t, err)
		now = now.Add(time.Minute)
		require.NoError(t, e.Done())
		require.NoError(t, j.CloseAsOf(now.Add(-late)))
		left, err := open(dir, "scope").Unclaimed(journal.KindDeployment, chainID, owner)
		require.NoError(t, err)
		require.Equal(t, kept, len(left) == 1, "%s later", late)
	}
}
