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
	// (not math.ZeroInt) means no limit.
	MaxFee math.Int
	// Ordered makes every transaction use the account's sequence.
	Ordered bool
	// FeeGranter pays the fees if set: an address that granted Key an allowance.
	FeeGranter string
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
	sequencer  *sequencer
	feeGranter string
	blockTime  time.Duration
	clock      func() time.Time
	log        hclog.Logger

	// ordered is set for good once the chain refused an unordered transaction.
	ordered atomic.Bool

	mu            sync.Mutex
	accountNumber *uint64   // nil until asked for; it never changes
	lastTimeout   time.Time // no two transactions may have the same one
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
		api: cfg.Chain, key: cfg.Key, pricer: prices, sequencer: newSequencer(), feeGranter: cfg.FeeGranter,
		blockTime: cfg.BlockTime, clock: cfg.Clock, log: cfg.Logger,
	}
	if e.blockTime <= 0 {
		e.blockTime = coin.DefaultBlockTime
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
}

// Request is what a caller wants in one transaction: all of it happens or nothing.
type Request struct {
	Msgs []sdk.Msg
	Memo string
	// BeforeBroadcast, if set, is called after signing and before the first byte
	// leaves; an error aborts and nothing was sent. It is called again, with
	// another hash, whenever the engine signs anew, which it does only when the
	// transaction before certainly had no effect and never will.
	BeforeBroadcast func(Prepared) error
}

// Result is a transaction that is in a block.
type Result struct {
	Hash               string
	Height             int64
	GasUsed, GasWanted uint64
	// FeeUAKT is what was paid, whoever paid it.
	FeeUAKT math.Int
	Events  []chain.Event
	// Data is the protobuf cosmos.base.abci.v1beta1.TxMsgData.
	Data []byte
}

// Submit brings the messages into a block: simulate, sign, broadcast, confirm.
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
	left := newRetries()
	gasFactor := math.LegacyOneDec()
	for {
		result, err := e.attempt(ctx, req, gasFactor)
		if err == nil || ctx.Err() != nil || !e.again(err, &left) {
			return result, err
		}
		if errors.Is(err, chain.ErrOutOfGas) {
			gasFactor = gasFactor.Mul(moreGas)
		}
		e.log.Debug("signing the transaction anew", "reason", err)
	}
}

// attempt signs one transaction and follows it to its end.
func (e *Engine) attempt(ctx context.Context, req Request, gasFactor math.LegacyDec) (Result, error) {
	// One grace period for sending and confirming together.
	late, stop := withGrace(ctx, confirmGrace)
	defer stop()
	p, err := e.launch(ctx, late, req, gasFactor)
	if err != nil {
		return Result{}, err
	}
	return e.confirm(late, p, false)
}

// launch prepares a transaction within ctx and gets it into a mempool within
// late. A nil error means that it may land: it was accepted, or the answer was lost.
func (e *Engine) launch(ctx, late context.Context, req Request, gasFactor math.LegacyDec) (Prepared, error) {
	d := draft{
		msgs: req.Msgs, memo: req.Memo, chainID: e.api.ChainID(), feeGranter: e.feeGranter,
		unordered: !e.ordered.Load(), gasFactor: gasFactor,
	}
	var err error
	if d.accountNumber, err = e.findAccountNumber(ctx); err != nil {
		return Prepared{}, err
	}
	if !d.unordered {
		if err := e.sequencer.acquire(ctx); err != nil {
			return Prepared{}, err
		}
		defer e.sequencer.release()
		if d.sequence, err = e.sequencer.current(ctx, e.api, e.Address()); err != nil {
			return Prepared{}, err
		}
	}
	p, err := e.prepareAndSend(ctx, late, d, req.BeforeBroadcast)
	if d.unordered {
		return p, err
	}
	var lost *lostAnswerError
	switch {
	case err == nil:
		e.sequencer.used()
	case errors.As(err, &lost):
		e.sequencer.forget()
	case errors.Is(err, chain.ErrSequence):
		e.sequencer.mismatch(err)
		// The node's view settles with the next block at the latest.
		if waitErr := pause(ctx, e.pollInterval()); waitErr != nil {
			return Prepared{}, waitErr
		}
	}
	if lost != nil {
		return p, nil
	}
	return p, err
}

func (e *Engine) prepareAndSend(
	ctx, late context.Context, d draft, beforeBroadcast func(Prepared) error,
) (Prepared, error) {
	block, err := e.api.LatestBlock(ctx)
	if err != nil {
		return Prepared{}, err
	}
	d.timeoutAt = e.nextTimeout(block.Time)
	if err := e.price(ctx, &d); err != nil {
		return Prepared{}, err
	}
	built, err := d.sign(e.key)
	if err != nil {
		return Prepared{}, err
	}
	p := Prepared{Hash: built.hash, TimeoutAt: d.timeoutAt, Unordered: d.unordered}
	if err := ctx.Err(); err != nil {
		return Prepared{}, err
	}
	if beforeBroadcast != nil {
		if err := beforeBroadcast(p); err != nil {
			return Prepared{}, &abortedError{cause: err}
		}
	}
	e.log.Debug("sending transaction", "hash", p.Hash, "messages", len(d.msgs), "gas", d.gasLimit, "fee", d.fee,
		"unordered", p.Unordered, "timeout", p.TimeoutAt)
	err = e.send(late, built)
	var lost *lostAnswerError
	switch {
	case errors.As(err, &lost) && d.unordered:
		return p, nil // confirm finds out
	case errors.Is(err, chain.ErrInsufficientFee):
		err = &underpricedError{gas: d.gasLimit, cause: err}
	}
	return p, err
}

// price simulates and sets gas limit and fee.
func (e *Engine) price(ctx context.Context, d *draft) error {
	// Without a fee the simulation leaves out the gas of paying it.
	d.fee = sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, 1))
	raw, err := d.unsigned(e.key.PubKey())
	if err != nil {
		return err
	}
	used, err := e.simulate(ctx, raw)
	if err != nil {
		return err
	}
	d.gasLimit = e.pricer.gasLimit(used, d.gasFactor)
	fee, err := e.pricer.fee(ctx, e.api, d.gasLimit)
	if err != nil {
		return err
	}
	d.fee = sdk.NewCoins(sdk.NewCoin(coin.UAKT, fee))
	return nil
}

func (e *Engine) findAccountNumber(ctx context.Context) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
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
