// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"strings"
	"testing"

	"cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// sequence is the account's next, as committed.
func (a *actor) sequence(t *testing.T) uint64 {
	t.Helper()
	res, err := authtypes.NewQueryClient(a.conn).AccountInfo(t.Context(),
		&authtypes.QueryAccountInfoRequest{Address: a.addr})
	require.NoError(t, err)
	return res.Info.Sequence
}

// types lists events' types: those before any message, and those of messages.
func eventTypes(events []abci.Event) (ante, messages []string) {
	for _, e := range events {
		if index(e) == "" {
			ante = append(ante, e.Type)
		} else {
			messages = append(messages, e.Type)
		}
	}
	return ante, messages
}

// index is the message that an event is of, "" for none.
func index(e abci.Event) string { return attribute(e, "msg_index") }

func attribute(e abci.Event, key string) string {
	for _, a := range e.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// keys are an event's attributes in order.
func keys(e abci.Event) []string {
	var out []string
	for _, a := range e.Attributes {
		out = append(out, a.Key)
	}
	return out
}

// anteEvents come before the messages of an ordered transaction.
var anteEvents = []string{"coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"}

func TestTransactionRefusals(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	send := sendUAKT(a.addr, a.addr, 1)
	a.do(t, send) // from here on its public key is known and its sequence is 1
	price := a.leastGasPrice(t)
	const gas = 300_000
	required := price.MulInt64(gas).Ceil().TruncateInt().String() + coin.UAKT
	ahead, wrong := uint64(51), uint64(1<<40)
	few := sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 30))
	coins := func(denom string) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin(denom, 30)) }
	height := fmt.Sprintf("timeout height: %d: tx timeout height", 1)
	const observed = "observed.md 7b"
	a.refuses(t,
		refusal{
			observed, "a sequence ahead", send,
			wallet.Options{Gas: gas, Sequence: &ahead},
			"sdk", 32,
			"account sequence mismatch, expected 1, got 51: incorrect account sequence", true,
		},
		refusal{
			observed, "another account number", send,
			wallet.Options{Gas: gas, AccountNumber: &wrong},
			"sdk", 4,
			"signature verification failed; please verify account number (", true,
		},
		refusal{
			observed, "too small a fee", send,
			wallet.Options{Gas: gas, Fee: few},
			"sdk", 13,
			"insufficient fees; got: 30uakt required: " + required + ": insufficient fee", true,
		},
		refusal{
			observed, "no fee", send,
			wallet.Options{Gas: gas, Fee: sdk.Coins{}},
			"sdk", 13,
			"insufficient fees; got:  required: " + required + ": insufficient fee", true,
		},
		refusal{
			observed, "a fee in uact", send,
			wallet.Options{Gas: gas, Fee: coins(coin.UACT)},
			"sdk", 13,
			"insufficient fees; got: 30uact required: " + required, true,
		},
		refusal{
			observed, "gas below what the bytes cost", send,
			wallet.Options{Gas: 1000},
			"sdk", 11,
			"out of gas in location: ", true,
		},
		refusal{observed, "a height gone by", send, wallet.Options{Gas: gas, TimeoutHeight: 1}, "sdk", 30, height, true},
		refusal{
			observed, "too long a memo", send,
			wallet.Options{Gas: gas, Memo: strings.Repeat("m", 300)},
			"sdk", 12,
			"maximum number of characters is 256 but received 300 characters: memo too large", true,
		},
		refusal{
			"observed.md 7a", "sending uact", sendOf(a.addr, coin.UACT),
			wallet.Options{},
			"bank", 5,
			"message index: 0: uact transfers are currently disabled: send transactions are disabled", false,
		},
	)
	check(t, "observed.md 7b", "a refusal before a block costs neither fee nor sequence", func(t *testing.T) {
		before, had := a.sequence(t), a.balance(t, a.addr, coin.UAKT)
		res := a.try(t, wallet.Options{Gas: gas, Fee: few}, send)
		require.EqualValues(t, 13, res.Code)
		require.Zero(t, res.GasUsed)
		require.Empty(t, res.Events)
		require.Equal(t, before, a.sequence(t))
		require.Equal(t, had, a.balance(t, a.addr, coin.UAKT))
	})
}

func sendOf(addr, denom string) sdk.Msg {
	m := sendUAKT(addr, addr, 1)
	m.Amount = sdk.NewCoins(sdk.NewInt64Coin(denom, 1))
	return m
}

// leastGasPrice is the node's, in uakt.
func (w *world) leastGasPrice(t *testing.T) math.LegacyDec {
	t.Helper()
	text, _ := at(t, w.getOK(t, "/cosmos/base/node/v1beta1/config"), "minimum_gas_price").(string)
	price, err := math.LegacyNewDecFromStr(strings.TrimSuffix(text, coin.UAKT))
	require.NoError(t, err)
	return price
}

func TestTransactionsInBlocks(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	one := a.nextDSeq()
	created := a.do(t, a.creation(one))
	check(t, "observed.md 5", "seven events come before the messages'", func(t *testing.T) {
		ante, _ := eventTypes(created.Events)
		require.Equal(t, anteEvents, ante)
		require.Equal(t, []string{"fee", "fee_payer"}, keys(created.Events[4]))
		require.Equal(t, a.addr, attribute(created.Events[4], "fee_payer"))
		require.Equal(t, a.addr+"/0", attribute(created.Events[5], "acc_seq"))
		require.Equal(t, []string{"signature"}, keys(created.Events[6]))
	})
	check(t, "observed.md 5", "each message begins with its action, sender and module", func(t *testing.T) {
		first := created.Events[7]
		require.Equal(t, "message", first.Type)
		require.Equal(t, []string{"action", "sender", "module", "msg_index"}, keys(first))
		require.Equal(t, "/akash.deployment.v1beta4.MsgCreateDeployment", attribute(first, "action"))
		require.Equal(t, a.addr, attribute(first, "sender"))
		require.Equal(t, "deployment", attribute(first, "module"))
		require.Equal(t, "0", index(first))
	})
	check(t, "observed.md 7a, 5", "a failure keeps its fee and sequence and the seven events", func(t *testing.T) {
		before, had := a.sequence(t), a.balance(t, a.addr, coin.UAKT)
		res := a.try(t, wallet.Options{}, a.creation(one))
		require.Equal(t, "deployment", res.Codespace)
		require.EqualValues(t, 3, res.Code)
		require.Equal(t, "failed to execute message; message index: 0: Deployment exists", res.RawLog)
		ante, messages := eventTypes(res.Events)
		require.Equal(t, anteEvents, ante)
		require.Empty(t, messages)
		require.Equal(t, before+1, a.sequence(t))
		require.Equal(t, had.Sub(fee(t, res)), a.balance(t, a.addr, coin.UAKT))
	})
	check(t, "observed.md 7a", "out of gas inside a message", func(t *testing.T) {
		res := a.try(t, wallet.Options{Gas: 60_000}, a.creation(a.nextDSeq()))
		require.Positive(t, res.Height)
		require.Equal(t, "sdk", res.Codespace)
		require.EqualValues(t, 11, res.Code)
		require.Regexp(t, `^out of gas in location: \w+; gasWanted: 60000, gasUsed: \d+: out of gas$`, res.RawLog)
		ante, messages := eventTypes(res.Events)
		require.Equal(t, anteEvents, ante)
		require.Empty(t, messages)
	})
	check(t, "observed.md 7e, 12", "one bad message undoes the others", func(t *testing.T) {
		two := a.nextDSeq()
		res := a.try(t, wallet.Options{}, a.closing(one), a.creation(two), a.closing(two+1_000_000))
		require.Equal(t, "deployment", res.Codespace)
		require.EqualValues(t, 4, res.Code)
		require.Equal(t, "failed to execute message; message index: 2: Deployment not found", res.RawLog)
		require.Equal(t, "active", a.deployment(t, one).Deployment.State.String())
		a.noDeployment(t, two)
	})
	check(t, "observed.md 12", "events of a batch are contiguous and in the order of messages", func(t *testing.T) {
		res := a.do(t, a.creation(a.nextDSeq()), a.creation(a.nextDSeq()), a.creation(a.nextDSeq()))
		var order []string
		for _, e := range res.Events[len(anteEvents):] {
			if i := index(e); len(order) == 0 || order[len(order)-1] != i {
				order = append(order, i)
			}
		}
		require.Equal(t, []string{"0", "1", "2"}, order)
		data, err := sdkData(res)
		require.NoError(t, err)
		require.Len(t, data.MsgResponses, 3)
		for _, response := range data.MsgResponses {
			require.Equal(t, "/akash.deployment.v1beta4.MsgCreateDeploymentResponse", response.TypeUrl)
			require.Empty(t, response.Value)
		}
	})
	check(t, "observed.md 12", "create, deposit, update and close in one transaction", func(t *testing.T) {
		dseq := a.nextDSeq()
		a.do(t, a.creation(dseq), a.addition(a.addr, dseq, granted(1000, coin.UACT)), a.update(dseq, hashOf(2)),
			a.update(dseq, hashOf(3)), a.closing(dseq))
		got := a.deployment(t, dseq)
		require.Equal(t, "closed", got.Deployment.State.String())
		require.Equal(t, hashOf(3), got.Deployment.Hash)
	})
}

// sdkData is what the messages answered.
func sdkData(res *sdk.TxResponse) (sdk.TxMsgData, error) {
	var data sdk.TxMsgData
	raw, err := hexBytes(res.Data)
	if err != nil {
		return data, err
	}
	return data, proto.Unmarshal(raw, &data)
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq))
	simulate := func(t *testing.T, msgs ...sdk.Msg) error {
		t.Helper()
		raw, err := a.wallet.Sign(t.Context(), msgs...)
		require.NoError(t, err)
		_, err = txtypes.NewServiceClient(a.conn).Simulate(t.Context(), &txtypes.SimulateRequest{TxBytes: raw})
		return err
	}
	check(t, "observed.md 7c", "a failing message is told with its index and no code", func(t *testing.T) {
		err := simulate(t, a.update(dseq, hashOf(9)), a.creation(dseq))
		require.Equal(t, codes.Unknown, status.Code(err))
		require.Regexp(t, `^failed to execute message; message index: 1: Deployment exists \[.*\] with gas used: '\d+'$`,
			status.Convert(err).Message())
	})
	check(t, "observed.md 12", "a stateless check tells no index", func(t *testing.T) {
		err := simulate(t, a.update(dseq, []byte("short")))
		require.Equal(t, codes.Unknown, status.Code(err))
		require.Regexp(t, `^Invalid: deployment hash.* with gas used: '\d+'$`, status.Convert(err).Message())
		require.NotContains(t, err.Error(), "message index")
	})
	check(t, "observed.md 12", "a balance too small is told with the message's index", func(t *testing.T) {
		err := simulate(t, a.update(dseq, hashOf(9)), a.addition(a.addr, dseq, fromBalance(1, coin.UACT)))
		require.ErrorContains(t, err, "message index: 1: deposit invalid: insufficient balance")
	})
	check(t, "messages.md 13", "a good one tells the gas that it takes", func(t *testing.T) {
		raw, err := a.wallet.Sign(t.Context(), a.update(dseq, hashOf(9)))
		require.NoError(t, err)
		res, err := txtypes.NewServiceClient(a.conn).Simulate(t.Context(), &txtypes.SimulateRequest{TxBytes: raw})
		require.NoError(t, err)
		require.Positive(t, res.GasInfo.GasUsed)
		require.Equal(t, "/akash.deployment.v1beta4.MsgUpdateDeploymentResponse", res.Result.MsgResponses[0].TypeUrl)
	})
}

// deployment reads one of the actor's deployments.
func (a *actor) deployment(t *testing.T, dseq uint64) *deploymentv1beta4.QueryDeploymentResponse {
	t.Helper()
	res, err := deploymentv1beta4.NewQueryClient(a.conn).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: a.id(dseq)})
	require.NoError(t, err)
	return res
}

// noDeployment holds that a deployment was never made.
func (a *actor) noDeployment(t *testing.T, dseq uint64) {
	t.Helper()
	_, err := deploymentv1beta4.NewQueryClient(a.conn).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: a.id(dseq)})
	require.Equal(t, codes.NotFound, status.Code(err))
}
