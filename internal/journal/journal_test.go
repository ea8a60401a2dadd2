// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

const (
	chainID = "akash-devnet-1"
	owner   = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// open gives a journal with a clock that ticks a second a reading, so that age orders the entries.
func open(dir, scope string) *journal.Journal {
	now := start
	return journal.Open(dir, scope, func() time.Time {
		now = now.Add(time.Second)
		return now
	})
}

func intent(dseq uint64, digest string) journal.Intent {
	return journal.Intent{
		Kind: journal.KindDeployment, ChainID: chainID, Owner: owner, DSeq: dseq,
		GroupDigest: digest, ManifestHash: "00",
	}
}

// crash is what a killed process leaves: its files, its locks gone.
func crash(t *testing.T, j *journal.Journal) { t.Helper(); require.NoError(t, j.Close()) }

// kill takes the locks of every entry away, as the end of a process does, and leaves what is written.
func kill(t *testing.T, dir string) {
	t.Helper()
	for _, f := range files(t, dir) {
		if strings.HasSuffix(f, ".lock") {
			require.NoError(t, os.Remove(f))
		}
	}
}

func TestAKilledRunIsClaimedByTheNext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	e, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	timeout := start.Add(time.Minute)
	require.NoError(t, e.Broadcasting("ABCD", timeout))

	second := open(dir, "scope")
	claimed, err := second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.Nil(t, claimed, "a sibling in this process holds it")

	crash(t, first)
	claimed, err = second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.NotNil(t, claimed)
	got := claimed.Intent()
	require.Equal(t, ids.DeploymentID{Owner: owner, DSeq: 7}, got.ID())
	require.Equal(t, journal.PhaseBroadcast, got.Phase)
	require.Equal(t, "ABCD", got.TxHash)
	require.True(t, timeout.Equal(got.TxTimeout))

	again, err := second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.Nil(t, again, "one entry is claimed once")
}

func TestClaimTakesOnlyTheSameScopeDigestAndOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	_, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	crash(t, first)
	for name, try := range map[string]struct{ scope, chain, owner, digest string }{
		"other scope":  {"other", chainID, owner, "digest"},
		"other chain":  {"scope", "akashnet-2", owner, "digest"},
		"other owner":  {"scope", chainID, "akash1other", "digest"},
		"other digest": {"scope", chainID, owner, "else"},
	} {
		e, err := open(dir, try.scope).Claim(journal.KindDeployment, try.chain, try.owner, try.digest, "00")
		require.NoError(t, err, name)
		require.Nil(t, e, name)
	}
}

func TestIdenticalSiblingsAreClaimedOldestFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	for _, dseq := range []uint64{30, 10, 20} {
		_, err := first.Begin(intent(dseq, "digest"))
		require.NoError(t, err)
	}
	crash(t, first)
	second := open(dir, "scope")
	for _, want := range []uint64{30, 10, 20} {
		e, err := second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
		require.NoError(t, err)
		require.Equal(t, want, e.Intent().DSeq)
	}
}

func TestBeginRefusesASecondIntentForADeployment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	_, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	_, err = open(dir, "scope").Begin(intent(7, "digest"))
	require.ErrorIs(t, err, journal.ErrExists, "while the first lives")
	crash(t, first)
	_, err = open(dir, "scope").Begin(intent(7, "digest"))
	require.ErrorIs(t, err, journal.ErrExists, "after it died")
}

func TestRetireRemovesWhoeverWroteIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	e, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	require.NoError(t, e.Created())
	crash(t, first)

	second := open(dir, "scope")
	left, err := second.Unclaimed(journal.KindDeployment, chainID, owner)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, second.Retire(chainID, e.Intent().ID()))
	require.NoError(t, second.Retire(chainID, e.Intent().ID()), "twice is free")
	left, err = second.Unclaimed(journal.KindDeployment, chainID, owner)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Empty(t, files(t, dir))
}

func TestANormalEndRemovesOnlyWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(dir, "scope")
	handed, err := j.Begin(intent(1, "a"))
	require.NoError(t, err)
	require.NoError(t, handed.Done())
	_, err = j.Begin(intent(2, "b"))
	require.NoError(t, err)
	require.NoError(t, j.Close())
	left, err := open(dir, "scope").Unclaimed(journal.KindDeployment, chainID, owner)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, uint64(2), left[0].DSeq)
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e, err := open(dir, "scope").Begin(intent(7, "digest"))
	require.NoError(t, err)
	require.NoError(t, e.Created())
	for _, f := range files(t, dir) {
		info, err := os.Stat(f)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, f)
		require.False(t, strings.HasSuffix(f, ".tmp"), "a temporary file stayed behind")
	}
}

func TestADamagedEntryIsAnErrorNotAForgottenDeployment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(dir, "scope")
	_, err := j.Begin(intent(7, "digest"))
	require.NoError(t, err)
	crash(t, j)
	for _, f := range files(t, dir) {
		if strings.HasSuffix(f, ".json") {
			require.NoError(t, os.WriteFile(f, []byte("{"), 0o600))
		}
	}
	_, err = open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.ErrorContains(t, err, "is damaged")
}

func TestScope(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := func(vars map[string]string) func(string) string { return func(k string) string { return vars[k] } }
	plain := journal.Scope(env(nil), dir)
	require.Equal(t, plain, journal.Scope(env(map[string]string{"TF_WORKSPACE": "default"}), dir))
	require.NotEqual(t, plain, journal.Scope(env(map[string]string{"TF_WORKSPACE": "prod"}), dir))
	require.NotEqual(t, plain, journal.Scope(env(nil), t.TempDir()))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, ".terraform"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".terraform", "environment"), []byte("prod\n"), 0o600))
	require.Equal(t, journal.Scope(env(map[string]string{"TF_WORKSPACE": "prod"}), dir), journal.Scope(env(nil), dir))
	fixed := env(map[string]string{journal.EnvScope: "ci"})
	require.Equal(t, journal.Scope(fixed, dir), journal.Scope(fixed, t.TempDir()))
}

func TestDir(t *testing.T) {
	t.Parallel()
	get := func(k string) string { return map[string]string{journal.EnvStateDir: "/s"}[k] }
	require.Equal(t, filepath.Join("/s", "journal"), journal.Dir(get, "/home/u"))
	none := func(string) string { return "" }
	require.Equal(t, filepath.Join("/home/u", ".local", "state", "terraform-provider-akash", "journal"),
		journal.Dir(none, "/home/u"))
}

func FuzzReadEntry(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"deployment","dseq":"7"}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		folder := filepath.Join(dir, chainID, owner)
		require.NoError(t, os.MkdirAll(folder, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "deployment-7.json"), content, 0o600))
		_, _ = open(dir, "scope").Unclaimed(journal.KindDeployment, chainID, owner) // any answer will do, a panic will not
	})
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	}))
	return found
}

func TestAnotherLiveProcessIsWaitedFor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	e, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	asAnotherProcess(t, dir)
	_, err = open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.ErrorIs(t, err, journal.ErrBusy)
	require.ErrorContains(t, err, e.Intent().ID().String())
	_, err = open(dir, "other").Resume(journal.KindDeployment, chainID, e.Intent().ID())
	require.ErrorIs(t, err, journal.ErrBusy)
}

func TestClaimPrefersTheSameManifest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	for dseq, hash := range map[uint64]string{10: "aa", 20: "bb"} {
		i := intent(dseq, "digest")
		i.ManifestHash = hash
		_, err := first.Begin(i)
		require.NoError(t, err)
	}
	crash(t, first)
	e, err := open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "bb")
	require.NoError(t, err)
	require.Equal(t, uint64(20), e.Intent().DSeq)
}

func TestLeftEntriesAreTakenUpAgain(t *testing.T) {
	t.Parallel()
	j := open(t.TempDir(), "scope")
	i := intent(7, "")
	i.Kind = journal.KindDeposit
	e, err := j.Begin(i)
	require.NoError(t, err)
	require.NoError(t, e.Leave())
	again, err := j.Resume(journal.KindDeposit, chainID, i.ID())
	require.NoError(t, err)
	require.NotNil(t, again)
	require.NoError(t, again.Drop())
	again, err = j.Resume(journal.KindDeposit, chainID, i.ID())
	require.NoError(t, err)
	require.Nil(t, again)
}

// asAnotherProcess marks every entry as written by somebody else; the locks stay as they are.
func asAnotherProcess(t *testing.T, dir string) {
	t.Helper()
	for _, f := range files(t, dir) {
		if strings.HasSuffix(f, ".json") {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			var i journal.Intent
			require.NoError(t, json.Unmarshal(text, &i))
			i.Holder = "somebody else"
			text, err = json.Marshal(i)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(f, text, 0o600))
		}
	}
}
