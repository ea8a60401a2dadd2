// SPDX-License-Identifier: Apache-2.0

// Package wallet signs and broadcasts transactions for the devnet's own actors:
// the simulated Akash providers, and tests that need a hand on the chain.
//
// It is small on purpose and shares nothing with the client under test. It signs
// one transaction at a time, asks the chain for its sequence every time and
// waits for inclusion by asking again.
package wallet

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/cosmos/cosmos-sdk/client"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

const (
	// sequenceRetries bounds how often a refused sequence is asked for anew.
	sequenceRetries = 5
	// pollInterval is the pause between two looks for a transaction.
	pollInterval = 20 * time.Millisecond

	sdkCodespace      = "sdk"
	codeWrongSequence = 32
)

// Config is what a wallet needs.
type Config struct {
	// Conn reaches the chain's gRPC.
	Conn    grpc.ClientConnInterface
	ChainID string
	// Mnemonic and HDPath give the key, for example "m/44'/118'/0'/0/1".
	Mnemonic string
	HDPath   string
	// Key is used in place of Mnemonic and HDPath when it is set, since deriving one takes a millisecond.
	Key cryptotypes.PrivKey
	// Encoding packs messages; nil makes one.
	Encoding *pb.Encoding
	// Await waits until an accepted transaction is in a block; nil asks for it again and again.
	Await func(ctx context.Context, hash string) (*sdk.TxResponse, error)
	// Turns bounds how many wallets sign and send at once, those of which share the channel; nil does not.
	Turns chan struct{}
}

// Wallet signs with one key. Safe for concurrent use: transactions go one after the other.
type Wallet struct {
	conn     grpc.ClientConnInterface
	chainID  string
	key      cryptotypes.PrivKey
	address  sdk.AccAddress
	txConfig client.TxConfig
	service  txtypes.ServiceClient
	awaiting func(ctx context.Context, hash string) (*sdk.TxResponse, error)
	turns    chan struct{}

	mu sync.Mutex // one transaction at a time
}

// New derives the key; it does not touch the network.
func New(cfg Config) (*Wallet, error) {
	enc := cfg.Encoding
	if enc == nil {
		made, err := pb.NewEncoding()
		if err != nil {
			return nil, err
		}
		enc = &made
	}
	key := cfg.Key
	if key == nil {
		var err error
		if key, err = derive(cfg.Mnemonic, cfg.HDPath); err != nil {
			return nil, err
		}
	}
	w := &Wallet{
		conn: cfg.Conn, chainID: cfg.ChainID, key: key, address: sdk.AccAddress(key.PubKey().Address()),
		txConfig: authtx.NewTxConfig(enc.Codec, authtx.DefaultSignModes),
		service:  txtypes.NewServiceClient(cfg.Conn), awaiting: cfg.Await, turns: cfg.Turns,
	}
	if w.awaiting == nil {
		w.awaiting = w.await
	}
	return w, nil
}

// Address is the account's bech32 address.
func (w *Wallet) Address() string { return w.address.String() }

// Error is a transaction that the chain refused or that failed in a block.
type Error struct {
	Codespace string
	Code      uint32
	Log       string
	// Height is 0 when the transaction never got into a block.
	Height int64
}

// Error says code and text as the chain gave them.
func (e *Error) Error() string { return fmt.Sprintf("%s %d: %s", e.Codespace, e.Code, e.Log) }

// Broadcast signs messages, sends them as one transaction and waits until it is
// in a block. A refusal or failure is an [*Error].
func (w *Wallet) Broadcast(ctx context.Context, msgs ...sdk.Msg) error {
	res, err := w.Send(ctx, Options{}, msgs...)
	if err != nil {
		return err
	}
	if res.Code != 0 {
		return &Error{Codespace: res.Codespace, Code: res.Code, Log: res.RawLog, Height: res.Height}
	}
	return nil
}

// Send signs and sends one transaction and waits for its block. The answer is the
// block's, or the refusal's with height 0; err is for what kept the chain from answering.
func (w *Wallet) Send(ctx context.Context, opts Options, msgs ...sdk.Msg) (*sdk.TxResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var res *sdk.TxResponse
	for range sequenceRetries {
		var err error
		if res, err = w.submit(ctx, opts, msgs); err != nil {
			return nil, err
		}
		if res.Code == 0 {
			return w.awaiting(ctx, res.TxHash)
		}
		if opts.Sequence != nil || res.Codespace != sdkCodespace || res.Code != codeWrongSequence {
			return res, nil
		}
	}
	return res, nil
}

// submit signs and sends when it is its turn.
func (w *Wallet) submit(ctx context.Context, opts Options, msgs []sdk.Msg) (*sdk.TxResponse, error) {
	if w.turns != nil {
		select {
		case w.turns <- struct{}{}:
			defer func() { <-w.turns }()
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for a turn to send: %w", ctx.Err())
		}
	}
	bz, err := w.build(ctx, opts, msgs)
	if err != nil {
		return nil, err
	}
	sent, err := w.service.BroadcastTx(ctx, &txtypes.BroadcastTxRequest{
		TxBytes: bz, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC,
	})
	if err != nil {
		return nil, fmt.Errorf("broadcast: %w", err)
	}
	return sent.TxResponse, nil
}

// await asks for a transaction until it is in a block.
func (w *Wallet) await(ctx context.Context, hash string) (*sdk.TxResponse, error) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		got, err := w.service.GetTx(ctx, &txtypes.GetTxRequest{Hash: hash})
		if err == nil {
			return got.TxResponse, nil
		}
		if status.Code(err) != codes.NotFound && ctx.Err() == nil {
			return nil, fmt.Errorf("look for transaction %s: %w", hash, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s not seen in a block: %w", hash, ctx.Err())
		case <-tick.C:
		}
	}
}
