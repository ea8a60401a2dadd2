// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"

	"github.com/cometbft/cometbft/rpc/client/local"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

// localClient is the node's own RPC client with the broadcast faults in front.
// The RPC server, gRPC and REST all send transactions through it.
type localClient struct {
	*local.Local
	faults Faults
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
	if lose := c.faults.LoseBroadcast; lose != nil && lose(tx) {
		return &coretypes.ResultBroadcastTx{Hash: tx.Hash()}, nil
	}
	res, err := send(ctx, tx)
	if fail := c.faults.FailAnswer; fail != nil && err == nil && res.Code == 0 {
		if failure := fail(tx); failure != nil {
			return nil, failure
		}
	}
	return res, err
}

func (c localClient) rpcSync(ctx *rpctypes.Context, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
	return c.BroadcastTxSync(ctx.Context(), tx)
}

func (c localClient) rpcAsync(ctx *rpctypes.Context, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
	return c.BroadcastTxAsync(ctx.Context(), tx)
}
