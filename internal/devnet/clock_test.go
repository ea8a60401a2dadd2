// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func blockTime(t *testing.T, n *devnet.Network, height int64) time.Time {
	t.Helper()
	rpc, err := rpchttp.New(n.RPC(), "/websocket")
	require.NoError(t, err)
	block, err := rpc.Block(t.Context(), &height)
	require.NoError(t, err)
	return block.Block.Time
}

func TestAdvanceIsQuickAndEnds(t *testing.T) {
	t.Parallel()
	const blocks, pause = 60, time.Second
	n := start(t, devnet.Options{BlockTime: pause})
	begun, from := time.Now(), n.Height()
	require.NoError(t, n.Advance(t.Context(), blocks))
	require.GreaterOrEqual(t, n.Height(), from+blocks)
	require.Less(t, time.Since(begun), blocks*pause/2)

	require.NoError(t, n.WaitHeight(t.Context(), from+blocks+2))
	quick := blockTime(t, n, from+blocks).Sub(blockTime(t, n, from+2))
	require.Less(t, quick, blocks*pause/2, "block time follows the clock, not the number of blocks")
	slow := blockTime(t, n, from+blocks+2).Sub(blockTime(t, n, from+blocks+1))
	require.GreaterOrEqual(t, slow, pause*9/10, "the old pace again")
	require.Error(t, n.Advance(t.Context(), -1))
}

func TestAdvanceClockOpensADeadline(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *devnet.Options) { o.MinReclamationWindow = 0 })
	s.replay("prov_create2")
	msg := createDeployment(s.tenant, 700)
	msg.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: time.Hour}
	s.do(msg)
	id := bidID(s.tenant, 700, 1, s.seller2)
	window := time.Hour
	bid := createBid(id, "100")
	bid.ReclamationWindow = &window
	s.do(bid)
	s.do(&marketv1beta5.MsgCreateLease{BidID: id})
	reason := marketv1.LeaseClosedReason_lease_closed_reason_decommission
	s.do(&marketv1beta5.MsgLeaseStartReclaim{ID: marketv1.LeaseID(id), Reason: reason})
	closeBid := &marketv1beta5.MsgCloseBid{ID: id, Reason: reason}
	s.refuse(t, []refusal{{"an hour early", closeBid, "market", 38, "reclamation window has not elapsed"}})
	require.NoError(t, s.net.AdvanceClock(t.Context(), time.Hour))
	s.do(closeBid)
	require.Error(t, s.net.AdvanceClock(t.Context(), -time.Second))
}

// Unordered transactions count their time from the chain's clock.
func TestClockAheadAndUnorderedTransactions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	require.NoError(t, s.net.AdvanceClock(t.Context(), 24*time.Hour))
	require.NoError(t, s.net.AdvanceClock(t.Context(), 24*time.Hour))
	require.WithinDuration(t, time.Now().Add(48*time.Hour), s.net.Now(), time.Minute)
	send := func(until time.Time) uint32 {
		res, err := s.wallets[s.tenant].Send(t.Context(), wallet.Options{Timeout: until}, createDeployment(s.tenant, 1))
		require.NoError(t, err)
		return res.Code
	}
	require.EqualValues(t, 42, send(time.Now().Add(time.Minute)), "past, by the chain's clock")
	require.Zero(t, send(s.net.Now().Add(time.Minute)))
	last := s.net.Height()
	require.NoError(t, s.net.WaitHeight(t.Context(), last+5))
	require.WithinDuration(t, s.net.Now(), blockTime(t, s.net, last+5), time.Minute, "the offset does not grow")
}

func TestClockAheadSurvivesARestart(t *testing.T) {
	t.Parallel()
	opts := devnet.Options{Dir: t.TempDir(), BlockTime: testBlockTime, AkashProviders: []akashprovider.Spec{}}
	first, err := devnet.Start(t.Context(), opts)
	require.NoError(t, err)
	require.NoError(t, first.AdvanceClock(t.Context(), time.Hour))
	require.NoError(t, first.Stop())
	again := start(t, opts)
	require.WithinDuration(t, time.Now().Add(time.Hour), again.Now(), time.Minute)
	require.WithinDuration(t, again.Now(), blockTime(t, again, again.Height()), time.Minute)
}
