// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

func deposit() journal.Intent {
	i := intent(7, "")
	i.Kind, i.GroupDigest = journal.KindDeposit, "digest"
	return i
}

// A deposit is no deployment to take over, and none to report.
func TestKindsAndScopesAreKeptApart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	_, err := first.Begin(deposit())
	require.NoError(t, err)
	_, err = first.Begin(intent(8, "digest"))
	require.NoError(t, err)
	asAnotherProcess(t, dir)
	crash(t, first)

	second := open(dir, "scope")
	left, err := second.Unclaimed(journal.KindDeployment, chainID, owner)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.EqualValues(t, 8, left[0].DSeq)
	left, err = open(dir, "other").Unclaimed(journal.KindDeployment, chainID, owner)
	require.NoError(t, err)
	require.Empty(t, left, "another configuration's")

	claimed, err := second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.EqualValues(t, 8, claimed.Intent().DSeq, "the deposit is older")
	claimed, err = second.Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.Nil(t, claimed)
	resumed, err := second.Resume(journal.KindDeposit, chainID, deposit().ID())
	require.NoError(t, err)
	require.NotNil(t, resumed)
}

func TestADepositThatIsDoneIsNotResumed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(dir, "scope")
	e, err := j.Begin(deposit())
	require.NoError(t, err)
	_, err = j.Resume(journal.KindDeposit, chainID, deposit().ID())
	require.ErrorIs(t, err, journal.ErrBusy, "it is under way")
	require.NoError(t, e.Done())
	resumed, err := j.Resume(journal.KindDeposit, chainID, deposit().ID())
	require.NoError(t, err)
	require.Nil(t, resumed)
	kept := files(t, dir)
	require.NotEmpty(t, kept, "Terraform may still lose it")
	next, err := j.Begin(deposit())
	require.NoError(t, err, "the next one takes its place")
	require.Equal(t, kept, files(t, dir))
	require.NoError(t, e.Drop(), "the one before is no longer anybody's")
	require.Equal(t, kept, files(t, dir))
	require.NoError(t, next.Done())
	require.NoError(t, j.Close())

	resumed, err = open(dir, "other").Resume(journal.KindDeposit, chainID, deposit().ID())
	require.NoError(t, err)
	require.NotNil(t, resumed, "the next run has to look at it before it believes an endpoint that is behind")
}

func TestForgetRemovesEveryKindAndRetireOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(dir, "scope")
	held, err := j.Begin(deposit())
	require.NoError(t, err)
	_, err = j.Begin(intent(7, "digest"))
	require.NoError(t, err)
	require.NoError(t, j.Retire(chainID, intent(7, "").ID()))
	require.Len(t, files(t, dir), 2, "the deposit and its lock")
	require.NoError(t, j.Forget(chainID, intent(7, "").ID()))
	require.Empty(t, files(t, dir))
	require.Error(t, held.Created())
	require.Empty(t, files(t, dir))
}

// What is not on disk must not be sent: the hook of a transaction relies on this error.
func TestAnEntryThatWasGivenUpTakesNoMoreNotes(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(*journal.Entry) error{
		"dropped": (*journal.Entry).Drop, "left": (*journal.Entry).Leave,
	} {
		j := open(t.TempDir(), "scope")
		e, err := j.Begin(intent(7, "digest"))
		require.NoError(t, err)
		require.NoError(t, give(e))
		require.NoError(t, give(e), "twice is free")
		require.Error(t, e.Broadcasting("AB", start), name)
		require.Equal(t, journal.PhaseIntended, e.Intent().Phase)
	}
}

// A transaction may not leave when its name cannot be written down.
func TestNotesThatCannotBeWrittenAreErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e, err := open(dir, "scope").Begin(intent(7, "digest"))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(dir))
	require.Error(t, e.Broadcasting("AB", start))
	require.Equal(t, journal.PhaseIntended, e.Intent().Phase)
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	e, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	local := time.FixedZone("east", 3600)
	require.NoError(t, e.Broadcasting("AB", start.In(local)))
	require.Equal(t, journal.PhaseBroadcast, e.Intent().Phase)
	require.NoError(t, e.Created())
	want := e.Intent()
	crash(t, first)
	e, err = open(dir, "scope").Resume(journal.KindDeployment, chainID, want.ID())
	require.NoError(t, err)
	require.Equal(t, want, e.Intent())
	require.Equal(t, time.UTC, e.Intent().TxTimeout.Location())
}

func TestAnotherFormatIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(dir, "scope")
	_, err := j.Begin(intent(7, "digest"))
	require.NoError(t, err)
	crash(t, j)
	for _, f := range files(t, dir) {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(f, []byte(strings.Replace(string(text), `"version": 1`, `"version": 2`, 1)), 0o600))
	}
	_, err = open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.ErrorContains(t, err, "version 2")
}

// The mark of who wrote last tells a sibling of this run from a run that was interrupted.
func TestTakingOverMarksTheEntry(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(dir, "scope")
	_, err := first.Begin(intent(7, "digest"))
	require.NoError(t, err)
	asAnotherProcess(t, dir)
	crash(t, first)
	e, err := open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err)
	require.NotEqual(t, "somebody else", e.Intent().Holder)
	e, err = open(dir, "scope").Claim(journal.KindDeployment, chainID, owner, "digest", "00")
	require.NoError(t, err, "a sibling's, not another run's")
	require.Nil(t, e)
}
