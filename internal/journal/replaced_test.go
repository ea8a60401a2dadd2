// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

func TestReplaced(t *testing.T) {
	t.Parallel()
	const owner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	lease := ids.LeaseID{
		Owner: owner, DSeq: 7, GSeq: 1, OSeq: 2, ProviderAddr: "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7",
	}
	dir := t.TempDir()
	j := journal.Open(dir, "scope", time.Now)
	_, ok := j.Replaced("chain-1", lease.Group())
	require.False(t, ok)
	require.NoError(t, j.ForgetReplaced("chain-1", lease.Group()), "nothing to forget is fine")
	require.NoError(t, j.NoteReplaced("chain-1", lease))

	later := journal.Open(dir, "other", time.Now) // the process that applies
	found, ok := later.Replaced("chain-1", lease.Group())
	require.True(t, ok)
	require.Equal(t, lease, found)
	_, ok = later.Replaced("chain-2", lease.Group())
	require.False(t, ok)
	intents, err := later.Unclaimed(journal.KindDeployment, "chain-1", owner)
	require.NoError(t, err)
	require.Empty(t, intents, "a note is no entry")
	require.NoError(t, later.ForgetReplaced("chain-1", lease.Group()))
	_, ok = j.Replaced("chain-1", lease.Group())
	require.False(t, ok)
}
