// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

// blockTime is the last block's time, which deadlines are compared with.
func (w *world) blockTime(t *testing.T) time.Time {
	t.Helper()
	status, err := w.comet.Status(t.Context())
	require.NoError(t, err)
	return status.SyncInfo.LatestBlockTime
}

func TestUnorderedTransactions(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	const gas = 300_000
	var used time.Time
	check(t, "observed.md 12", "an account's first transaction may be unordered, and uses no sequence",
		func(t *testing.T) {
			used = a.blockTime(t).Add(time.Minute)
			res := a.doWith(t, wallet.Options{Timeout: used, Gas: gas}, a.creation(a.nextDSeq()))
			require.Zero(t, a.sequence(t))
			ante, _ := eventTypes(res.Events)
			require.Equal(t, []string{"coin_spent", "coin_received", "transfer", "message", "tx", "tx"}, ante)
			require.Equal(t, []string{"fee", "fee_payer"}, keys(res.Events[4]))
			require.Equal(t, []string{"signature"}, keys(res.Events[5]))
		})
	check(t, "observed.md 12", "a nanosecond makes another one", func(t *testing.T) {
		a.doWith(t, wallet.Options{Timeout: used.Add(time.Nanosecond), Gas: gas}, a.creation(a.nextDSeq()))
	})
	check(t, "observed.md 12", "a failing one keeps its fee and uses up its timestamp", func(t *testing.T) {
		again := used.Add(2 * time.Nanosecond)
		opts := wallet.Options{Timeout: again, Gas: gas}
		res := a.try(t, opts, a.closing(a.nextDSeq()))
		require.Equal(t, "deployment", res.Codespace)
		require.EqualValues(t, 4, res.Code)
		ante, messages := eventTypes(res.Events)
		require.Len(t, ante, 6)
		require.Empty(t, messages)
		res = a.try(t, opts, a.creation(a.nextDSeq()))
		require.EqualValues(t, 18, res.Code)
		require.Contains(t, res.RawLog, "has already used timeout")
	})
	check(t, "observed.md 12", "the same bytes again are sdk 19 without a text", func(t *testing.T) {
		opts := wallet.Options{Timeout: used.Add(3 * time.Nanosecond), Gas: gas}
		sent := a.doWith(t, opts, a.creation(a.nextDSeq()))
		service := txtypes.NewServiceClient(a.conn)
		raw := a.rawTx(t, sent.TxHash)
		res, err := service.BroadcastTx(t.Context(), &txtypes.BroadcastTxRequest{
			TxBytes: raw, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC,
		})
		require.NoError(t, err)
		require.Equal(t, "sdk", res.TxResponse.Codespace)
		require.EqualValues(t, 19, res.TxResponse.Code)
		require.Empty(t, res.TxResponse.RawLog)
	})
	check(t, "observed.md 12", "ordered and unordered ones of a key mix", func(t *testing.T) {
		before := a.sequence(t)
		a.do(t, a.creation(a.nextDSeq()))
		a.doWith(t, wallet.Options{Timeout: used.Add(4 * time.Nanosecond), Gas: gas}, a.creation(a.nextDSeq()))
		require.Equal(t, before+1, a.sequence(t))
	})
	refused := func(what string, timeout time.Time, code uint32, text string) refusal {
		return refusal{
			"observed.md 12", what, a.creation(a.nextDSeq()),
			wallet.Options{Timeout: timeout, Gas: gas},
			"sdk", code, text, true,
		}
	}
	a.refuses(t,
		refused("the same timestamp", used, 18,
			"failed to add unordered nonce: sender "+a.addr+" has already used timeout "),
		refused("a timestamp too far ahead", a.blockTime(t).Add(11*time.Minute), 18,
			"unordered tx ttl exceeds 10m0s: invalid request"),
		refused("a timestamp gone by", a.blockTime(t).Add(-time.Minute), 42, ": tx timeout"),
	)
	check(t, "observed.md 12", "one that expires before its block is in it all the same and did nothing",
		func(t *testing.T) {
			res := a.expired(t)
			require.Equal(t, "sdk", res.Codespace)
			require.EqualValues(t, 42, res.Code)
			require.Zero(t, res.GasUsed)
			require.Empty(t, res.Events)
		})
}

// expired gets a transaction into a block whose deadline passed after the mempool's check: its deadline
// lies between the last block's time and the next one's. It takes tries when blocks are quick, or the machine is
// slow: a transaction that misses the next block is dropped from the mempool without a word.
func (a *actor) expired(t *testing.T) *sdk.TxResponse {
	t.Helper()
	var res *sdk.TxResponse
	few := 4*a.blockInterval(t) + time.Second
	eventually(t, "a transaction that expires between check and block", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), few)
		defer cancel()
		var err error
		res, err = a.wallet.Send(ctx, wallet.Options{
			Timeout: a.blockTime(t).Add(time.Millisecond), Gas: 300_000,
		}, a.creation(a.nextDSeq()))
		return err == nil && res.Height > 0
	})
	return res
}

// blockInterval is the time between the last two blocks.
func (w *world) blockInterval(t *testing.T) time.Duration {
	t.Helper()
	last := w.height(t)
	before := last - 1
	one, err := w.comet.Header(t.Context(), &before)
	require.NoError(t, err)
	two, err := w.comet.Header(t.Context(), &last)
	require.NoError(t, err)
	return two.Header.Time.Sub(one.Header.Time)
}

// rawTx is a transaction's bytes, as the node keeps them.
func (w *world) rawTx(t *testing.T, hash string) []byte {
	t.Helper()
	raw, err := hexBytes(hash)
	require.NoError(t, err)
	got, err := w.comet.Tx(t.Context(), raw, false)
	require.NoError(t, err)
	return got.Tx
}
