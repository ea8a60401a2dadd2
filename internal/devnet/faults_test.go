// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// errAnswer stands for an endpoint that breaks after it has taken a transaction.
var errAnswer = errors.New("connection reset")

// victim is a client of the public endpoints, which meets the faults.
type victim struct {
	net    *devnet.Network
	conn   *grpc.ClientConn
	rpc    *rpchttp.HTTP
	wallet *wallet.Wallet
	tx     txtypes.ServiceClient
}

func newVictim(t *testing.T, opts devnet.Options) *victim {
	t.Helper()
	if opts.BlockTime == 0 {
		opts.BlockTime = 50 * time.Millisecond
	}
	n := start(t, opts)
	conn, err := grpc.NewClient(n.GRPC(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	rpc, err := rpchttp.New(n.RPC(), "/websocket")
	require.NoError(t, err)
	w, err := wallet.New(wallet.Config{
		Conn: conn, ChainID: n.ChainID(), Mnemonic: devnet.TestMnemonic, HDPath: "m/44'/118'/0'/0/1",
	})
	require.NoError(t, err)
	return &victim{net: n, conn: conn, rpc: rpc, wallet: w, tx: txtypes.NewServiceClient(conn)}
}

func (v *victim) sign(t *testing.T, dseq uint64) []byte {
	t.Helper()
	signed, err := v.wallet.Sign(t.Context(), createDeployment(v.wallet.Address(), dseq))
	require.NoError(t, err)
	return signed
}

func (v *victim) broadcast(t *testing.T, signed []byte) (*sdk.TxResponse, error) {
	t.Helper()
	res, err := v.tx.BroadcastTx(t.Context(), &txtypes.BroadcastTxRequest{
		TxBytes: signed, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC,
	})
	return res.GetTxResponse(), err
}

func (v *victim) blocks(t *testing.T, n int64) {
	t.Helper()
	require.NoError(t, v.net.WaitHeight(t.Context(), v.net.Height()+n))
}

func TestFaultLostBroadcastAndFailedAnswer(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{Faults: devnet.Faults{LoseBroadcast: func([]byte) bool { return true }}})
	signed := v.sign(t, 1)
	lost, err := v.broadcast(t, signed)
	require.NoError(t, err)
	require.Zero(t, lost.Code, "the caller is told that all is well")
	v.blocks(t, 3)
	_, err = v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: lost.TxHash})
	require.ErrorContains(t, err, "tx not found")

	v.net.SetFaults(devnet.Faults{FailAnswer: func([]byte) error { return errAnswer }})
	_, err = v.broadcast(t, signed)
	require.ErrorContains(t, err, errAnswer.Error())
	v.blocks(t, 3)
	got, err := v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: lost.TxHash})
	require.NoError(t, err)
	require.Zero(t, got.TxResponse.Code, "it is in a block all the same")
}

func TestFaultMempoolFull(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	v.net.SetFaults(devnet.Faults{RefuseBroadcast: func([]byte) error { return devnet.ErrMempoolFull }})
	signed := v.sign(t, 1)
	res, err := v.broadcast(t, signed)
	require.NoError(t, err)
	require.Equal(t, "sdk", res.Codespace)
	require.EqualValues(t, 20, res.Code)
	_, err = v.rpc.BroadcastTxSync(t.Context(), signed)
	require.ErrorContains(t, err, "mempool is full")
	// Those inside do not meet it.
	require.NoError(t, walletOf(t, v.net, "2").Broadcast(t.Context(),
		createDeployment(walletOf(t, v.net, "2").Address(), 1)))

	v.net.SetFaults(devnet.Faults{})
	res, err = v.broadcast(t, signed)
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)
}

func TestFaultSequenceMismatch(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	require.NoError(t, v.wallet.Broadcast(t.Context(), createDeployment(v.wallet.Address(), 1)))
	signed := v.sign(t, 2)
	v.net.SetFaults(devnet.Faults{RefuseBroadcast: func([]byte) error { return devnet.ErrSequenceMismatch }})
	res, err := v.broadcast(t, signed)
	require.NoError(t, err)
	require.Equal(t, "sdk", res.Codespace)
	require.EqualValues(t, 32, res.Code)
	require.Equal(t, "account sequence mismatch, expected 2, got 1: incorrect account sequence", res.RawLog)
	answer, err := v.rpc.BroadcastTxSync(t.Context(), signed)
	require.NoError(t, err)
	require.EqualValues(t, 32, answer.Code)

	// An unordered transaction has none to be wrong.
	res, err = v.wallet.Send(t.Context(), wallet.Options{Timeout: time.Now().Add(time.Minute)},
		createDeployment(v.wallet.Address(), 3))
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)

	v.net.SetFaults(devnet.Faults{RefuseBroadcast: func([]byte) error { return errAnswer }})
	_, err = v.broadcast(t, signed)
	require.ErrorContains(t, err, errAnswer.Error(), "anything else is a broken connection")
}

func TestFaultOutOfGas(t *testing.T) {
	t.Parallel()
	v := newVictim(t, devnet.Options{})
	// The wallet adds two fifths to what simulations say.
	v.net.SetFaults(devnet.Faults{SimulatedGasPercent: 65})
	owner := v.wallet.Address()
	require.NoError(t, walletOf(t, v.net, "1").Broadcast(t.Context(), createDeployment(owner, 1)), "the truth inside")
	res, err := v.wallet.Send(t.Context(), wallet.Options{}, createDeployment(owner, 2))
	require.NoError(t, err)
	require.Equal(t, "sdk", res.Codespace)
	require.EqualValues(t, 11, res.Code, res.RawLog)
	require.NotZero(t, res.Height, "in a block, and paid for")
	v.net.SetFaults(devnet.Faults{SimulatedGasPercent: 100})
	require.NoError(t, v.wallet.Broadcast(t.Context(), createDeployment(owner, 3)))
}

func TestFaultLag(t *testing.T) {
	t.Parallel()
	const lag = 20
	v := newVictim(t, devnet.Options{})
	owner := v.wallet.Address()
	require.NoError(t, v.net.Advance(t.Context(), lag))
	v.net.SetFaults(devnet.Faults{LagBlocks: lag})
	res, err := walletOf(t, v.net, "1").Send(t.Context(), wallet.Options{}, createDeployment(owner, 1))
	require.NoError(t, err)
	require.Zero(t, res.Code, res.RawLog)

	ask := func(conn grpc.ClientConnInterface) error {
		_, err := deploymentv1beta4.NewQueryClient(conn).Deployment(t.Context(),
			&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: owner, DSeq: 1}})
		return err
	}
	require.NoError(t, ask(v.net.Conn()), "those inside see it at once")
	require.ErrorContains(t, ask(v.conn), "Deployment not found")
	_, err = v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: res.TxHash})
	require.ErrorContains(t, err, "tx not found")
	found, err := v.rpc.TxSearch(t.Context(), "tx.height="+strconv.FormatInt(res.Height, 10), false, nil, nil, "")
	require.NoError(t, err)
	require.Zero(t, found.TotalCount)
	url := v.net.REST() + "/akash/deployment/v1beta4/deployments/info?id.owner=" + owner + "&id.dseq=1"
	code, _, _ := callREST(t, "GET", url, nil)
	require.Equal(t, 404, code)
	_, err = v.rpc.Block(t.Context(), &res.Height)
	require.ErrorContains(t, err, "must be less than or equal to the current blockchain height")
	rpc, err := v.rpc.Status(t.Context())
	require.NoError(t, err)
	newest, err := v.rpc.Block(t.Context(), nil)
	require.NoError(t, err)
	over, err := cmtservice.NewServiceClient(v.conn).GetLatestBlock(t.Context(), &cmtservice.GetLatestBlockRequest{})
	require.NoError(t, err)
	for _, height := range []int64{
		rpc.SyncInfo.LatestBlockHeight, newest.Block.Height, over.SdkBlock.Header.Height,
	} {
		require.LessOrEqual(t, height, v.net.Height()-lag+1)
	}

	require.NoError(t, v.net.Advance(t.Context(), lag+1))
	require.NoError(t, ask(v.conn), "seen by and by")
	_, err = v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: res.TxHash})
	require.NoError(t, err)
	// It may lag more than the chain is high.
	v.net.SetFaults(devnet.Faults{LagBlocks: 1 << 40})
	rpc, err = v.rpc.Status(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, rpc.SyncInfo.LatestBlockHeight)
}

func TestFaultAnotherChain(t *testing.T) {
	t.Parallel()
	const other = "akashnet-2"
	v := newVictim(t, devnet.Options{Faults: devnet.Faults{ChainID: other}})
	service := cmtservice.NewServiceClient(v.conn)
	told := func() []string {
		info, err := service.GetNodeInfo(t.Context(), &cmtservice.GetNodeInfoRequest{})
		require.NoError(t, err)
		latest, err := service.GetLatestBlock(t.Context(), &cmtservice.GetLatestBlockRequest{})
		require.NoError(t, err)
		block, err := v.rpc.Block(t.Context(), nil)
		require.NoError(t, err)
		header, err := v.rpc.Header(t.Context(), nil)
		require.NoError(t, err)
		commit, err := v.rpc.Commit(t.Context(), nil)
		require.NoError(t, err)
		var found struct {
			Result struct {
				ChainID string `json:"chain_id"`
			} `json:"result"`
		}
		getJSON(t, v.net.RPC()+"/akash", &found)
		var rest struct {
			Info struct {
				Network string `json:"network"`
			} `json:"default_node_info"`
		}
		getJSON(t, v.net.REST()+"/cosmos/base/tendermint/v1beta1/node_info", &rest)
		return []string{
			info.DefaultNodeInfo.Network, latest.SdkBlock.Header.ChainID, block.Block.ChainID, header.Header.ChainID,
			commit.ChainID, found.Result.ChainID, rest.Info.Network, statusOf(t, v.net.RPC()).Result.NodeInfo.Network,
		}
	}
	for i, id := range told() {
		require.Equal(t, other, id, i)
	}
	v.net.SetFaults(devnet.Faults{})
	for i, id := range told() {
		require.Equal(t, v.net.ChainID(), id, i)
	}
}

func TestFaultSlowAnswers(t *testing.T) {
	t.Parallel()
	const delay = 300 * time.Millisecond
	v := newVictim(t, devnet.Options{})
	v.net.SetFaults(devnet.Faults{Delay: delay})
	took := func(ask func()) time.Duration {
		begun := time.Now()
		ask()
		return time.Since(begun)
	}
	asks := map[string]func(){
		"rpc": func() { statusOf(t, v.net.RPC()) },
		"grpc": func() {
			_, err := deploymentv1beta4.NewQueryClient(v.conn).Params(t.Context(), &deploymentv1beta4.QueryParamsRequest{})
			require.NoError(t, err)
		},
		"rest": func() { callREST(t, "GET", v.net.REST()+"/akash/deployment/v1beta4/params", nil) },
		"node": func() {
			_, err := v.tx.GetTx(t.Context(), &txtypes.GetTxRequest{Hash: "00"})
			require.Error(t, err)
			require.NotEmpty(t, status.Convert(err).Message())
		},
	}
	for name, ask := range asks {
		require.GreaterOrEqual(t, took(ask), delay, name)
	}
	v.net.SetFaults(devnet.Faults{Delay: time.Hour})
	v.net.SetFaults(devnet.Faults{})
	for name, ask := range asks {
		require.Less(t, took(ask), time.Minute, name)
	}
}
