// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	"github.com/cometbft/cometbft/p2p/pex"
	rpcclient "github.com/cometbft/cometbft/rpc/client"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"google.golang.org/grpc/metadata"
)

// What follows reads the chain as an endpoint with the faults "lags" and
// "another chain" sees it.

// tip is the newest height that may be told of.
func (c localClient) tip() int64 { return c.faults.height(c.latest()) }

func (c localClient) lags() bool { return c.faults.get().LagBlocks > 0 }

// cap is the height to ask for: none is the newest, one that is not there yet is
// so high that the node refuses it in its own words.
func (c localClient) cap(height *int64) *int64 {
	if !c.lags() {
		return height
	}
	tip := c.tip()
	switch {
	case height == nil:
		return &tip
	case *height > tip:
		beyond := c.latest() + *height
		return &beyond
	default:
		return height
	}
}

// Status tells of the newest block.
func (c localClient) Status(ctx context.Context) (*coretypes.ResultStatus, error) {
	status, err := c.Local.Status(ctx)
	if err != nil {
		return nil, err
	}
	status.NodeInfo.Network = c.faults.chainID(status.NodeInfo.Network)
	status.NodeInfo.Other.RPCAddress = "tcp://" + *c.rpcAddr
	if !status.NodeInfo.HasChannel(pex.PexChannel) {
		// A node of the network exchanges addresses of peers too; this one has none.
		status.NodeInfo.Channels = append(bytes.Clone(status.NodeInfo.Channels), pex.PexChannel)
	}
	if c.lags() {
		tip := c.tip()
		header, err := c.Local.Header(ctx, &tip)
		if err != nil {
			return nil, err
		}
		sync := &status.SyncInfo
		sync.LatestBlockHeight, sync.LatestBlockTime = tip, header.Header.Time
		sync.LatestBlockHash, sync.LatestAppHash = header.Header.Hash(), header.Header.AppHash
	}
	return status, nil
}

// Block tells one block, nil is the newest.
func (c localClient) Block(ctx context.Context, height *int64) (*coretypes.ResultBlock, error) {
	res, err := c.Local.Block(ctx, c.cap(height))
	if err == nil && res.Block != nil {
		res.Block.ChainID = c.faults.chainID(res.Block.ChainID)
	}
	return res, err
}

// Header tells a block's header.
func (c localClient) Header(ctx context.Context, height *int64) (*coretypes.ResultHeader, error) {
	res, err := c.Local.Header(ctx, c.cap(height))
	if err == nil && res.Header != nil {
		res.Header.ChainID = c.faults.chainID(res.Header.ChainID)
	}
	return res, err
}

// Commit tells a block's header and signatures.
func (c localClient) Commit(ctx context.Context, height *int64) (*coretypes.ResultCommit, error) {
	res, err := c.Local.Commit(ctx, c.cap(height))
	if err == nil && res.Header != nil {
		res.ChainID = c.faults.chainID(res.ChainID)
	}
	return res, err
}

// BlockResults tells what a block's transactions did.
func (c localClient) BlockResults(ctx context.Context, height *int64) (*coretypes.ResultBlockResults, error) {
	return c.Local.BlockResults(ctx, c.cap(height))
}

// Tx finds a transaction.
func (c localClient) Tx(ctx context.Context, hash []byte, prove bool) (*coretypes.ResultTx, error) {
	res, err := c.Local.Tx(ctx, hash, prove)
	if err == nil && c.lags() && res.Height > c.tip() {
		return nil, fmt.Errorf("tx (%X) not found", hash)
	}
	return res, err
}

// TxSearch finds transactions by their events.
func (c localClient) TxSearch(
	ctx context.Context, query string, prove bool, page, perPage *int, orderBy string,
) (*coretypes.ResultTxSearch, error) {
	if c.lags() && query != "" {
		query += fmt.Sprintf(" AND tx.height <= %d", c.tip())
	}
	return c.Local.TxSearch(ctx, query, prove, page, perPage, orderBy)
}

// ABCIQuery asks the application at the newest height.
func (c localClient) ABCIQuery(
	ctx context.Context, path string, data cmtbytes.HexBytes,
) (*coretypes.ResultABCIQuery, error) {
	return c.ABCIQueryWithOptions(ctx, path, data, rpcclient.DefaultABCIQueryOptions)
}

// ABCIQueryWithOptions asks the application.
func (c localClient) ABCIQueryWithOptions(
	ctx context.Context, path string, data cmtbytes.HexBytes, opts rpcclient.ABCIQueryOptions,
) (*coretypes.ResultABCIQuery, error) {
	opts.Height = c.queryHeight(path, opts.Height)
	if path == simulatePath {
		// Not through the node, which waits for blocks while it holds the connection that they need.
		defer c.reading()()
		res, err := c.ask(ctx, &abci.RequestQuery{Path: path, Data: data})
		if err != nil {
			return nil, err
		}
		return &coretypes.ResultABCIQuery{Response: *res}, nil
	}
	return c.Local.ABCIQueryWithOptions(ctx, path, data, opts)
}

// queryHeight is the height to query at; 0 stays 0 while nothing lags, and for
// simulations always.
func (c localClient) queryHeight(path string, height int64) int64 {
	switch {
	case !c.lags() || path == simulatePath:
		return height
	case height == 0:
		return c.tip()
	default:
		return *c.cap(&height)
	}
}

// query puts the faults in front of the application's own query function.
func (c localClient) query(
	ask func(context.Context, *abci.RequestQuery) (*abci.ResponseQuery, error),
) func(context.Context, *abci.RequestQuery) (*abci.ResponseQuery, error) {
	return func(ctx context.Context, req *abci.RequestQuery) (*abci.ResponseQuery, error) {
		req.Height = c.queryHeight(req.Path, req.Height)
		return ask(ctx, req)
	}
}

// behind sets the height of a query over gRPC that names none.
func (c localClient) behind(ctx context.Context) context.Context {
	if !c.lags() {
		return ctx
	}
	md, _ := metadata.FromIncomingContext(ctx)
	md = md.Copy()
	if len(md.Get(grpctypes.GRPCBlockHeightHeader)) == 0 {
		md.Set(grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(c.tip(), 10))
	}
	return metadata.NewIncomingContext(ctx, md)
}

// simulate puts the faults in front of the application's own simulation.
func (c localClient) simulate(
	run func([]byte) (sdk.GasInfo, *sdk.Result, error),
) func([]byte) (sdk.GasInfo, *sdk.Result, error) {
	return func(tx []byte) (sdk.GasInfo, *sdk.Result, error) {
		gas, res, err := run(tx)
		gas.GasUsed = c.faults.gas(gas.GasUsed)
		return gas, res, err
	}
}
