// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	rpcclient "github.com/cometbft/cometbft/rpc/client"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

// reroute sends the RPC's methods that a fault can touch through the client.
func reroute(routes map[string]*rpcserver.RPCFunc, c localClient, d discovery) {
	type call = *rpctypes.Context
	height := rpcserver.Cacheable("height")
	routes["akash"] = rpcserver.NewRPCFunc(d.rpc, "")
	routes["broadcast_tx_sync"] = rpcserver.NewRPCFunc(
		func(ctx call, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
			return c.BroadcastTxSync(ctx.Context(), tx)
		}, "tx")
	routes["broadcast_tx_async"] = rpcserver.NewRPCFunc(
		func(ctx call, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
			return c.BroadcastTxAsync(ctx.Context(), tx)
		}, "tx")
	routes["status"] = rpcserver.NewRPCFunc(
		func(ctx call) (*coretypes.ResultStatus, error) { return c.Status(ctx.Context()) }, "")
	routes["block"] = rpcserver.NewRPCFunc(
		func(ctx call, at *int64) (*coretypes.ResultBlock, error) { return c.Block(ctx.Context(), at) }, "height", height)
	routes["block_results"] = rpcserver.NewRPCFunc(
		func(ctx call, at *int64) (*coretypes.ResultBlockResults, error) {
			return c.BlockResults(ctx.Context(), at)
		}, "height", height)
	routes["commit"] = rpcserver.NewRPCFunc(
		func(ctx call, at *int64) (*coretypes.ResultCommit, error) { return c.Commit(ctx.Context(), at) }, "height", height)
	routes["header"] = rpcserver.NewRPCFunc(
		func(ctx call, at *int64) (*coretypes.ResultHeader, error) { return c.Header(ctx.Context(), at) }, "height", height)
	routes["tx"] = rpcserver.NewRPCFunc(
		func(ctx call, hash []byte, prove bool) (*coretypes.ResultTx, error) {
			return c.Tx(ctx.Context(), hash, prove)
		}, "hash,prove", rpcserver.Cacheable())
	routes["tx_search"] = rpcserver.NewRPCFunc(
		func(ctx call, query string, prove bool, page, perPage *int, order string) (*coretypes.ResultTxSearch, error) {
			return c.TxSearch(ctx.Context(), query, prove, page, perPage, order)
		}, "query,prove,page,per_page,order_by")
	routes["abci_query"] = rpcserver.NewRPCFunc(
		func(
			ctx call, path string, data cmtbytes.HexBytes, at int64, prove bool,
		) (*coretypes.ResultABCIQuery, error) {
			opts := rpcclient.ABCIQueryOptions{Height: at, Prove: prove}
			return c.ABCIQueryWithOptions(ctx.Context(), path, data, opts)
		}, "path,data,height,prove")
}
