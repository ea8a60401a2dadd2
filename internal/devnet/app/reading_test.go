// SPDX-License-Identifier: Apache-2.0

package app_test

import (
	"testing"
	"time"

	"cosmossdk.io/log"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
)

// A block's changes are in the stores from FinalizeBlock on. A simulation in between found a bid there, since it lists
// bids, and not the bid's account, which it had looked for a moment before.
func TestReading_waitsForTheCommit(t *testing.T) {
	t.Parallel()
	const chainID = "test-1"
	a, err := app.New(dbm.NewMemDB(), log.NewNopLogger(), chainID)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	state, err := app.DefaultGenesis().JSON(a.Encoding().Codec)
	require.NoError(t, err)
	node := a.ABCI()
	_, err = node.InitChain(t.Context(), &abci.RequestInitChain{
		ChainId: chainID, AppStateBytes: state, InitialHeight: 1, Time: time.Now(),
	})
	require.NoError(t, err)
	require.True(t, a.Readable())
	for height := int64(1); height < 4; height++ {
		_, err = node.FinalizeBlock(t.Context(), &abci.RequestFinalizeBlock{Height: height, Time: time.Now()})
		require.NoError(t, err)
		require.False(t, a.Readable(), "height %d is applied and not committed", height)
		_, err = node.Commit(t.Context(), &abci.RequestCommit{})
		require.NoError(t, err)
		require.True(t, a.Readable())
	}
	_, err = node.FinalizeBlock(t.Context(), &abci.RequestFinalizeBlock{Height: 9, Time: time.Now()})
	require.Error(t, err, "a height that does not follow")
	require.True(t, a.Readable(), "no commit will follow either")
}
