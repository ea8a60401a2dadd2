// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/rpc/client/local"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	cmttypes "github.com/cometbft/cometbft/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/door"
)

// localClient is the node's own RPC client with the faults in front. The RPC
// server, gRPC and REST all reach the node through it.
type localClient struct {
	*local.Local
	faults *faultBox
	// door is where gRPC's callers come in from outside the process.
	door *door.Door
	// rpcAddr is where the RPC listens; set before anybody can ask.
	rpcAddr *string
	// latest is the newest block's height.
	latest func() int64
	decode sdk.TxDecoder
	// ask and reading are the application's own query function and lock.
	ask     func(context.Context, *abci.RequestQuery) (*abci.ResponseQuery, error)
	reading func() (done func())
}

// BroadcastTxSync checks a transaction into the mempool.
func (c localClient) BroadcastTxSync(ctx context.Context, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
	return c.broadcast(ctx, tx, c.Local.BroadcastTxSync)
}

// BroadcastTxAsync puts a transaction into the mempool unchecked.
func (c localClient) BroadcastTxAsync(ctx context.Context, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
	return c.broadcast(ctx, tx, c.Local.BroadcastTxAsync)
}

func (c localClient) broadcast(
	ctx context.Context, tx cmttypes.Tx,
	send func(context.Context, cmttypes.Tx) (*coretypes.ResultBroadcastTx, error),
) (*coretypes.ResultBroadcastTx, error) {
	faults := c.faults.get()
	if lose := faults.LoseBroadcast; lose != nil && lose(tx) {
		return &coretypes.ResultBroadcastTx{Hash: tx.Hash()}, nil
	}
	if refuse := faults.RefuseBroadcast; refuse != nil {
		if res, err := c.refuse(tx, refuse(tx)); res != nil || err != nil {
			return res, err
		}
	}
	res, err := send(ctx, tx)
	if fail := faults.FailAnswer; fail != nil && err == nil && res.Code == 0 {
		if failure := fail(tx); failure != nil {
			return nil, failure
		}
	}
	if fail := faults.FailAfterBlock; fail != nil && err == nil && res.Code == 0 {
		if err := c.awaitBlock(ctx, res.Hash); err != nil {
			return nil, err
		}
		if failure := fail(tx); failure != nil {
			return nil, failure
		}
	}
	return res, err
}

// awaitBlock returns once a transaction is in a block, or ctx has ended.
func (c localClient) awaitBlock(ctx context.Context, hash []byte) error {
	tick := time.NewTicker(minBlockTime / 2)
	defer tick.Stop()
	for {
		if _, err := c.Local.Tx(ctx, hash, false); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// refuse words a refusal as the node or the chain does; nothing when the
// transaction is to be let through.
func (c localClient) refuse(tx cmttypes.Tx, why error) (*coretypes.ResultBroadcastTx, error) {
	switch {
	case errors.Is(why, ErrMempoolFull):
		return nil, mempool.ErrMempoolIsFull{NumTxs: 5000, MaxTxs: 5000, TxsBytes: int64(len(tx)), MaxTxsBytes: 1 << 30}
	case errors.Is(why, ErrSequenceMismatch):
		sequence, ordered := sequenceOf(c.decode, tx)
		if !ordered {
			return nil, nil
		}
		return &coretypes.ResultBroadcastTx{
			Hash: tx.Hash(), Code: sdkerrors.ErrWrongSequence.ABCICode(), Codespace: sdkerrors.ErrWrongSequence.Codespace(),
			Log: fmt.Sprintf("account sequence mismatch, expected %d, got %d: incorrect account sequence", sequence+1, sequence),
		}, nil
	default:
		return nil, why
	}
}

// sequenceOf reads the first signer's; false for what has none.
func sequenceOf(decode sdk.TxDecoder, tx []byte) (uint64, bool) {
	decoded, err := decode(tx)
	if err != nil {
		return 0, false
	}
	if unordered, ok := decoded.(sdk.TxWithUnordered); ok && unordered.GetUnordered() {
		return 0, false
	}
	signed, ok := decoded.(authsigning.SigVerifiableTx)
	if !ok {
		return 0, false
	}
	signatures, err := signed.GetSignaturesV2()
	if err != nil || len(signatures) == 0 {
		return 0, false
	}
	return signatures[0].Sequence, true
}
