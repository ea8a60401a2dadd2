// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
)

// DefaultTimeout is how long one endpoint may take to answer one call.
const DefaultTimeout = 10 * time.Second

// Config says which chain to talk to and how.
type Config struct {
	// ChainID is the expected network, for example akashnet-2. Empty accepts
	// the chain of the first endpoint that answers; the others must agree.
	ChainID string
	// GRPC are host:port or http(s)://host[:port]; TLS for https and port 443.
	GRPC []string
	// RPC are URLs of CometBFT RPC servers. They are tried after GRPC.
	RPC []string
	// REST are URLs of nodes' API servers. They are tried last: it is the longest way to the same answers.
	REST []string
	// Timeout bounds one attempt at one endpoint; 0 means [DefaultTimeout].
	Timeout time.Duration
	// Logger may be nil.
	Logger hclog.Logger
}

// Client asks the chain. It is safe for concurrent use; [Client.Close] it when done.
//
// It never goes back in time: an answer from a height below one that an earlier
// answer told is not taken. It asks other endpoints, waits up to about 15 s for
// one to get there, and returns [ErrLagging] when none does. An answer that tells
// no height is taken, a "not found" only of an endpoint that is high enough.
//
// Every method may return the context's error, [ErrUnreachable] (naming each
// endpoint and why), [ErrWrongChainID] when a stand-in endpoint turns out to be
// of another network, or a [*QueryError] with the node's own words.
type Client struct {
	pool *pool
}

// Dial finds the first endpoint that answers and checks its chain id. Endpoints
// are tried in order: gRPC, RPC, REST. The others are looked at beside it; what
// they tell within a third of a second counts here, the rest for later calls.
//
// It returns [ErrUnreachable] with each endpoint and its failure, or a
// [*WrongChainIDError]. A wrong chain is an error even when another endpoint
// would be right: the configuration names two networks.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	p := &pool{timeout: cfg.Timeout, log: cfg.Logger, chainID: cfg.ChainID}
	if p.timeout <= 0 {
		p.timeout = DefaultTimeout
	}
	if p.log == nil {
		p.log = hclog.NewNullLogger()
	}
	c := &Client{pool: p}
	for _, kind := range []struct {
		endpoints []string
		open      func(string) (transport, error)
	}{
		{cfg.GRPC, func(e string) (transport, error) { return newGRPCTransport(e) }},
		{cfg.RPC, func(e string) (transport, error) { return newRPCTransport(e) }},
		{cfg.REST, func(e string) (transport, error) { return newRESTTransport(e) }},
	} {
		for _, endpoint := range kind.endpoints {
			t, err := kind.open(endpoint)
			if err != nil {
				return nil, errors.Join(err, c.Close())
			}
			p.nodes = append(p.nodes, &node{transport: t})
		}
	}
	if len(p.nodes) == 0 {
		return nil, fmt.Errorf("%w: none is configured", ErrUnreachable)
	}
	if _, err := c.LatestBlock(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	p.beginChecks(ctx)
	if err := p.awaitChecks(ctx, dialGrace); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close ends the connections. Calls under way fail.
func (c *Client) Close() error {
	c.pool.endChecks()
	var failed []error
	for _, n := range c.pool.nodes {
		failed = append(failed, n.close())
	}
	return errors.Join(failed...)
}

// ChainID is the network's name as its endpoints tell it.
func (c *Client) ChainID() string {
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	return c.pool.chainID
}

// Conn serves generated gRPC query clients over whatever endpoint answers.
// Streams are not supported, an Any in an answer stays packed, and errors are
// this package's, not gRPC statuses.
func (c *Client) Conn() grpc.ClientConnInterface { return c.pool }

// LatestBlock returns the last committed block of the endpoint in use.
func (c *Client) LatestBlock(ctx context.Context) (Block, error) {
	var latest head
	err := c.pool.do(ctx, func(ctx context.Context, t transport) (int64, error) {
		var err error
		latest, err = t.head(ctx)
		return max(latest.block.Height, 1), err // a node without blocks is told from one that tells none
	})
	if err != nil {
		return Block{}, err
	}
	return latest.block, nil
}

// Broadcast hands a signed transaction to a node and returns once it passed the
// node's checks (CheckTx), not once it is in a block. Bytes that the node knows
// already are a success.
//
// Errors: a [*RejectedError] when the transaction was refused and certainly will
// not land; [ErrNotSent] when it reached no endpoint; [ErrBroadcastUnknown] when
// an endpoint may have it. Sending the same bytes again is always safe.
func (c *Client) Broadcast(ctx context.Context, txBytes []byte) (BroadcastResult, error) {
	if err := c.pool.broadcast(ctx, txBytes); err != nil {
		return BroadcastResult{}, err
	}
	return BroadcastResult{Hash: TxHash(txBytes)}, nil
}

// FindTx returns a transaction that is in a block, failed or not; see
// [TxResult.Err]. It returns [ErrTxNotFound] (an [ErrNotFound]) while no block
// that the endpoint has indexed holds it; that endpoint is itself at or above
// every height this client saw before.
func (c *Client) FindTx(ctx context.Context, hash string) (TxResult, error) {
	var found TxResult
	err := c.pool.do(ctx, func(ctx context.Context, t transport) (int64, error) {
		var height int64
		var err error
		found, height, err = t.findTx(ctx, hash)
		switch {
		case err != nil:
			return height, err
		case !strings.EqualFold(found.Hash, hash) || found.Height <= 0:
			return height, &endpointError{endpoint: t.endpoint(), text: "it told of another transaction, or of no block"}
		}
		return 0, nil // what is in a block stays there, however old the view
	})
	if err != nil {
		return TxResult{}, err
	}
	raise(&c.pool.seen, found.Height)
	return found, nil
}
