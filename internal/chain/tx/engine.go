// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

const (
	// timeToLive is how long a transaction may wait for a block, by the chain's
	// clock. Long enough for some full blocks, short enough to wait it out.
	timeToLive = 75 * time.Second
	// maxAhead stays below the 10 minutes after block time that the network
	// allows an unordered transaction.
	maxAhead = 9 * time.Minute
	// confirmGrace is how long sending and confirming go on after the caller's
	// context ended: what was started is brought to a known end.
	confirmGrace = 5 * time.Second
	// giveUpAfter bounds a confirmation behind the timeout when the chain's
	// answers never become clear.
	giveUpAfter = 2 * time.Minute
)

// ChainAPI is what the engine needs of a chain client; [*chain.Client] is one.
// The methods' meaning is documented there.
type ChainAPI interface {
	ChainID() string
	LatestBlock(ctx context.Context) (chain.Block, error)
	FindAccount(ctx context.Context, addr string) (chain.Account, error)
	MinGasPrices(ctx context.Context) (sdk.DecCoins, error)
	Simulate(ctx context.Context, txBytes []byte) (gasUsed uint64, err error)
	Broadcast(ctx context.Context, txBytes []byte) (chain.BroadcastResult, error)
	FindTx(ctx context.Context, hash string) (chain.TxResult, error)
}

// Config says for whom an [Engine] writes and what it may pay.
type Config struct {
	Chain ChainAPI
	Key   keys.Key
	// GasPrices is the price of a unit of gas, such as 0.0025uakt. Empty takes
	// the node's minimum, 0.0025uakt when it tells none, and follows a node that
	// asks for more.
	GasPrices string
	// GasAdjustment is the decimal factor on the simulated gas, from 1 to 10; empty
	// is 1.25.
	GasAdjustment string
	// MaxFee is the most one transaction may cost, in uakt. The zero value
	// (not math.ZeroInt) is 10 AKT, since prices and gas are what a node tells.
	MaxFee math.Int
	// Ordered makes every transaction use the account's sequence.
	Ordered bool
	// FeeGranter pays the fees if set: an address that granted Key an allowance.
	FeeGranter string
	// BatchWindow is how long a request waits for others to share its transaction. 0 is a fiftieth of BlockTime, from
	// 5 to 100 ms; less than 0 sends every request alone.
	BatchWindow time.Duration
	// BlockTime is the usual time between blocks; it paces polling. 0 is 6 s.
	BlockTime time.Duration
	// Clock tells the time, nil is time.Now.
	Clock func() time.Time
	// Logger may be nil. Messages and signatures are never logged.
	Logger hclog.Logger
}

// Engine is the one writer of an account. It is safe for concurrent use: make
// one per owner and share it.
type Engine struct {
	api        ChainAPI
	key        keys.Key
	pricer     *pricer
	turn       turn
	sequencer  sequencer // for the holder of the turn
	feeGranter string
	window     time.Duration
	blockTime  time.Duration
	clock      func() time.Time
	log        hclog.Logger

	// ordered is set for good once the chain refused an unordered transaction.
	ordered atomic.Bool

	// For the holder of the turn:
	accountNumber *uint64       // nil until asked for, it never changes
	signing       time.Duration // the longest a signature took: a device may wait for somebody to press a button

	mu          sync.Mutex
	lastTimeout time.Time // no two transactions may have the same one
	waiting     []*member // for the next transaction
	gathering   bool      // somebody will take those who wait
}

// New checks cfg and makes an engine. It does not talk to the chain.
func New(cfg Config) (*Engine, error) {
	switch {
	case cfg.Chain == nil:
		return nil, errors.New("transaction engine: no chain client")
	case cfg.Key == nil:
		return nil, errors.New("transaction engine: no key")
	}
	if cfg.FeeGranter != "" {
		if err := keys.ValidateOwner(cfg.FeeGranter); err != nil {
			return nil, fmt.Errorf("fee granter: %w", err)
		}
	}
	prices, err := newPricer(cfg.GasPrices, cfg.GasAdjustment, cfg.MaxFee)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		api: cfg.Chain, key: cfg.Key, pricer: prices, turn: newTurn(), feeGranter: cfg.FeeGranter,
		blockTime: cfg.BlockTime, clock: cfg.Clock, log: cfg.Logger,
	}
	if e.blockTime <= 0 {
		e.blockTime = coin.DefaultBlockTime
	}
	if e.window = cfg.BatchWindow; e.window == 0 {
		e.window = min(max(e.blockTime/windowsPerBlock, leastBatchWindow), mostBatchWindow)
	}
	if e.clock == nil {
		e.clock = time.Now
	}
	if e.log == nil {
		e.log = hclog.NewNullLogger()
	}
	e.ordered.Store(cfg.Ordered)
	return e, nil
}

// Address is the account the engine signs for.
func (e *Engine) Address() string { return e.key.Address() }

// Prepared names a signed transaction and says until when it can land. It is
// all that has to be remembered to learn its fate later.
type Prepared struct {
	// Hash is upper case hexadecimal.
	Hash string
	// TimeoutAt is in the chain's block time, UTC.
	TimeoutAt time.Time
	Unordered bool
	// FeeUAKT is told to [Request.BeforeBroadcast]: what the request will have paid once this lands, its share of the fee
	// and what attempts before it cost. Nothing else needs it.
	FeeUAKT math.Int
}

// Request is what a caller wants in one transaction: all of it happens or nothing.
type Request struct {
	Msgs []sdk.Msg
	Memo string
	// BeforeBroadcast, if set, is called after signing and before the first byte
	// leaves; an error aborts and nothing of this request was sent. It is called
	// again, with another hash, whenever the engine signs anew, which it does only
	// when the transaction before certainly had no effect and never will. It runs on
	// another goroutine than Submit's, beside those of requests that share the
	// transaction, and Submit does not return while it runs. It must be quick and
	// must not call Submit, which would wait for the very transaction that waits for it.
	BeforeBroadcast func(Prepared) error
}

// Result is a transaction that is in a block.
type Result struct {
	Hash   string
	Height int64
	// GasUsed and GasWanted are the whole transaction's, which other requests may have shared.
	GasUsed, GasWanted uint64
	// FeeUAKT is this request's share, by messages, of what was paid, whoever paid it; the shares add up to the fee. It
	// counts every attempt that cost something, and is zero and never nil in a Result beside an error.
	FeeUAKT math.Int
	// Events are the transaction's own and those of this request's messages, whose msg_index counts from 0.
	Events []chain.Event
}

// unpaid is the Result of what was never sent.
func unpaid() Result { return Result{FeeUAKT: math.ZeroInt()} }

// Submit brings the messages into a block: simulate, sign, broadcast, confirm. Requests that arrive together leave in
// one transaction; each gets its own result, and one that would fail is answered alone while the others go on.
//
// Errors: [chain.ErrUnreachable] before anything was sent; a
// [*chain.RejectedError] when the chain refused (height 0: nothing happened; in
// a block: the fee is paid, and Result says how much); [ErrMaxFee];
// [ErrNeverLanded] after a second attempt; [*UnknownOutcomeError] when it was
// sent and its fate is not known, the only case in which a new Submit of the
// same deed can do it twice.
//
// When ctx ends after the transaction was sent, Submit goes on for up to 5 s to
// learn its fate, and a transaction that landed is a success.
func (e *Engine) Submit(ctx context.Context, req Request) (Result, error) {
	if len(req.Msgs) == 0 {
		return unpaid(), errNoMessages
	}
	if err := ctx.Err(); err != nil {
		return unpaid(), err
	}
	// What cannot be encoded must not fail those that share the transaction.
	if _, err := packed(req.Msgs); err != nil {
		return unpaid(), err
	}
	m := newMember(ctx, req)
	e.enqueue(m) //nolint:contextcheck // a transaction outlives each of the callers it carries
	return m.wait()
}

// findAccountNumber is for the holder of the turn.
func (e *Engine) findAccountNumber(ctx context.Context) (uint64, error) {
	if e.accountNumber != nil {
		return *e.accountNumber, nil
	}
	account, err := e.api.FindAccount(ctx, e.Address())
	if err != nil {
		return 0, err
	}
	e.accountNumber = &account.Number
	return account.Number, nil
}
