// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"fmt"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// apply puts a plan in force by its text.
func apply(t *testing.T, n *devnet.Network, text string) {
	t.Helper()
	plan, err := devnet.ParseFaults(text)
	require.NoError(t, err)
	require.NoError(t, n.ApplyFaults(t.Context(), plan))
}

func TestApplyFaults_broadcasts(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	hash := func(signed []byte) string {
		res, err := v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: fmt.Sprintf("%X", cmttypes.Tx(signed).Hash())})
		if err != nil {
			require.Equal(t, codes.NotFound, status.Code(err))
			return ""
		}
		require.Zero(t, res.TxResponse.Code)
		return res.TxResponse.TxHash
	}
	signed := v.sign(t, 1)

	apply(t, v.net, "lose-broadcast=1")
	res, err := v.broadcast(t, signed)
	require.NoError(t, err)
	require.Zero(t, res.Code)
	v.blocks(t, 2)
	require.Empty(t, hash(signed), "lost after it was accepted")
	require.Empty(t, v.net.FaultPlan().String(), "once and no more")

	apply(t, v.net, "mempool-full=1,sequence-mismatch=1")
	res, err = v.broadcast(t, signed)
	require.NoError(t, err)
	require.EqualValues(t, 20, res.Code)
	require.Equal(t, "sequence-mismatch=1", v.net.FaultPlan().String())
	res, err = v.broadcast(t, signed)
	require.NoError(t, err)
	require.EqualValues(t, 32, res.Code)

	apply(t, v.net, "fail-after-block=1")
	_, err = v.broadcast(t, signed)
	require.Equal(t, codes.Unavailable, status.Code(err))
	require.ErrorContains(t, err, devnet.ErrAnswerLost.Error())
	require.NotEmpty(t, hash(signed), "it is in a block by now")

	signed = v.sign(t, 2)
	apply(t, v.net, "fail-answer=1")
	_, err = v.rpc.BroadcastTxSync(t.Context(), signed)
	require.ErrorContains(t, err, devnet.ErrAnswerLost.Error())
	v.blocks(t, 2)
	require.NotEmpty(t, hash(signed), "it was accepted")
}

func TestApplyFaults_answers(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	require.NoError(t, v.net.Advance(t.Context(), 10))
	apply(t, v.net, "lag-blocks=9,chain-id=akashnet-2,slow=100ms,gas-percent=10")
	begun := time.Now()
	told := statusOf(t, v.net.RPC()).Result
	require.GreaterOrEqual(t, time.Since(begun), 100*time.Millisecond)
	require.Equal(t, "akashnet-2", told.NodeInfo.Network)
	behind, err := v.rpc.Status(t.Context())
	require.NoError(t, err)
	require.LessOrEqual(t, behind.SyncInfo.LatestBlockHeight, v.net.Height()-8)
	simulate := func(conn grpc.ClientConnInterface, signed []byte) uint64 {
		res, err := txtypes.NewServiceClient(conn).Simulate(t.Context(), &txtypes.SimulateRequest{TxBytes: signed})
		require.NoError(t, err)
		return res.GasInfo.GasUsed
	}
	signed := v.sign(t, 1)
	require.InDelta(t, simulate(v.net.Conn(), signed)/10, simulate(v.conn, signed), 5)
	require.Equal(t, "lag-blocks=9,chain-id=akashnet-2,slow=100ms,gas-percent=10", v.net.FaultPlan().String())
	require.NoError(t, v.net.ApplyFaults(t.Context(), devnet.FaultPlan{}))
	require.Empty(t, v.net.FaultPlan().String())
	require.Equal(t, v.net.ChainID(), statusOf(t, v.net.RPC()).Result.NodeInfo.Network)
}

// Each endpoint alone, then all: one reset, and the others answer.
func TestApplyFaults_resets(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	fresh := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(url string) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		require.NoError(t, err)
		res, err := fresh.Do(req)
		if err == nil {
			require.Equal(t, http.StatusOK, res.StatusCode)
			err = res.Body.Close()
		}
		return err
	}
	asks := map[string]func() error{
		"rpc":  func() error { return get(v.net.RPC() + "/status") },
		"rest": func() error { return get(v.net.REST() + "/akash/deployment/v1beta4/params") },
		"grpc": func() error {
			_, err := deploymentv1beta4.NewQueryClient(v.conn).Params(t.Context(), &deploymentv1beta4.QueryParamsRequest{})
			return err
		},
	}
	requireReset := func(name string, err error) {
		t.Helper()
		if name == "grpc" {
			require.Equal(t, codes.Unavailable, status.Code(err))
			return
		}
		require.ErrorIs(t, err, syscall.ECONNRESET)
	}
	for name, ask := range asks {
		apply(t, v.net, "reset-"+name+"=1")
		for other, ask := range asks {
			if other != name {
				require.NoError(t, ask(), "%s while %s is reset", other, name)
			}
		}
		requireReset(name, ask())
		require.NoError(t, ask(), "%s answers again", name)
	}
	apply(t, v.net, "reset")
	for name, ask := range asks {
		requireReset(name, ask())
	}
	require.NotZero(t, v.net.Height())
	_, err := deploymentv1beta4.NewQueryClient(v.net.Conn()).Params(t.Context(), &deploymentv1beta4.QueryParamsRequest{})
	require.NoError(t, err, "not for those inside")
	// GetTx and simulations go by another way to the application.
	_, err = v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: "00"})
	require.Equal(t, codes.Unavailable, status.Code(err))
}

func TestApplyFaults_targets(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	words := func() string { return n.FaultPlan().String() }
	amber, err := n.AkashProvider("amber")
	require.NoError(t, err)
	same, err := n.AkashProvider(amber.Address())
	require.NoError(t, err)
	require.Same(t, amber, same)

	apply(t, n, "amber.price=3,*.price=2,*.never-bid,"+amber.Address()+".bid-late=4")
	require.Equal(t, "amber.never-bid,amber.bid-late=4,amber.price=3,birch.never-bid,birch.price=2,"+
		"cedar.never-bid,cedar.price=2", words(), "a name beats all, wherever it stands")
	before := words()
	for _, text := range []string{"nobody.dead", "slow=1s,nobody.dead,noone.dead"} {
		plan, err := devnet.ParseFaults(text)
		require.NoError(t, err)
		err = n.ApplyFaults(t.Context(), plan)
		require.ErrorIs(t, err, devnet.ErrNoAkashProvider)
		require.ErrorContains(t, err, "there are amber, birch, cedar")
		require.Equal(t, before, words(), "nothing was changed")
	}
	wrong := devnet.FaultPlan{Settings: []devnet.FaultSetting{{Fault: "nope"}}}
	require.ErrorIs(t, n.ApplyFaults(t.Context(), wrong), devnet.ErrFaultPlan)

	// The seed picks whom "any" means.
	picked := map[string]bool{}
	for seed := range uint64(20) {
		plan := devnet.FaultPlan{Seed: seed + 1, Settings: []devnet.FaultSetting{{On: devnet.OnAny, Fault: "dead"}}}
		require.NoError(t, n.ApplyFaults(t.Context(), plan))
		first := words()
		require.NoError(t, n.ApplyFaults(t.Context(), plan))
		require.Equal(t, first, words())
		picked[n.FaultPlan().Settings[0].On] = true
	}
	require.Len(t, picked, 3)
}

// Every fault of the table can be put in force, and is told of by the same word.
func TestApplyFaults_everyWord(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	for _, doc := range devnet.FaultNames() {
		plan, err := devnet.ParseFaults(doc.Example)
		require.NoError(t, err)
		want := plan.Settings[0]
		if doc.AkashProvider {
			want.On = "birch"
		}
		plan.Settings[0] = want
		require.NoError(t, n.ApplyFaults(t.Context(), plan), doc.Name)
		if doc.Name == "rotate-certificate" {
			require.Empty(t, n.FaultPlan().Settings, "done is done")
			continue
		}
		require.Equal(t, []devnet.FaultSetting{want}, n.FaultPlan().Settings)
	}
	require.NoError(t, n.ApplyFaults(t.Context(), devnet.FaultPlan{}))
	require.Empty(t, n.FaultPlan().Settings)
}

func TestApplyFaults_certificates(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	amber, err := n.AkashProvider("amber")
	require.NoError(t, err)
	birch, err := n.AkashProvider("birch")
	require.NoError(t, err)
	stateOf := func(owner, serial string) string {
		res, err := certv1.NewQueryClient(n.Conn()).Certificates(t.Context(), &certv1.QueryCertificatesRequest{
			Filter: certv1.CertificateFilter{Owner: owner, Serial: serial},
		})
		require.NoError(t, err)
		if len(res.Certificates) == 0 {
			return ""
		}
		return res.Certificates[0].Certificate.State.String()
	}
	old := amber.Identity()
	require.Equal(t, "valid", stateOf(amber.Address(), old.Serial))

	apply(t, n, "amber.foreign-certificate")
	require.Equal(t, birch.Identity(), *amber.Faults().Certificate)
	require.Equal(t, "valid", stateOf(birch.Address(), birch.Identity().Serial))
	apply(t, n, "amber.wrong-certificate")
	wrong := amber.Faults().Certificate
	require.Equal(t, amber.Address(), wrong.Address)
	require.Empty(t, stateOf(amber.Address(), wrong.Serial))
	apply(t, n, "amber.rotate-certificate")
	require.Nil(t, amber.Faults().Certificate)
	require.NotEqual(t, old.Serial, amber.Identity().Serial)
	require.Equal(t, "revoked", stateOf(amber.Address(), old.Serial))
	require.Equal(t, "valid", stateOf(amber.Address(), amber.Identity().Serial))

	both, err := devnet.ParseFaults("amber.wrong-certificate,amber.foreign-certificate")
	require.NoError(t, err)
	require.ErrorContains(t, n.ApplyFaults(t.Context(), both), "only one certificate")
	alone := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()[:1]})
	require.ErrorContains(t, alone.ApplyFaults(t.Context(), both.Without("amber", "wrong-certificate")),
		"a second Akash provider")
}

// refusals is which of a number of broadcasts find the mempool full.
func refusals(t *testing.T, seed, planSeed uint64) []int {
	t.Helper()
	v := newVictim(t, devnet.Options{Seed: seed})
	require.NoError(t, v.net.ApplyFaults(t.Context(), devnet.MildFaults(planSeed).Without("", "reset").
		Without("", "slow").Without("", "lose-broadcast")))
	var out []int
	for i := range 300 {
		res, err := v.broadcast(t, []byte{1})
		require.NoError(t, err)
		if res.Code == 20 {
			out = append(out, i)
		}
	}
	require.InDelta(t, 12, len(out), 10)
	return out
}

func TestMildFaults(t *testing.T) {
	t.Parallel()
	require.NoError(t, devnet.MildFaults(1).Validate())
	requireRoundTrip(t, devnet.MildFaults(1))
	first := refusals(t, 5, 0)
	require.Equal(t, first, refusals(t, 5, 0), "the same seed, the same day")
	require.Equal(t, first, refusals(t, 9, 5), "the plan's seed beats the network's")
	require.NotEqual(t, first, refusals(t, 6, 0))

	n := start(t, devnet.Options{AkashProviders: akashprovider.DefaultSpecs()})
	require.NoError(t, n.ApplyFaults(t.Context(), devnet.MildFaults(3)))
	late := slices.ContainsFunc(n.FaultPlan().Settings, func(s devnet.FaultSetting) bool { return s.Fault == "bid-late" })
	require.True(t, late)
}
