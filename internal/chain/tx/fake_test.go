// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const (
	devMnemonic = "test test test test test test test test test test test junk"
	blockTime   = 6 * time.Second
)

// fakeChain makes a block every blockTime of (fake) time out of what was
// broadcast, with the network's rules for sequences and unordered timeouts.
// Hooks let a test answer in the chain's place.
type fakeChain struct {
	mu         sync.Mutex
	start      time.Time
	sequence   uint64
	noUnorder  bool
	minFee     int64 // uakt; 0 takes any
	minPrices  string
	usedTimes  map[int64]bool
	pending    []fakeTx
	blocks     map[string]chain.TxResult
	broadcasts []fakeTx // all that reached the node
	simulated  []fakeTx

	// broadcast sees each call first; a non-nil error is answered. With accept
	// the transaction is taken all the same: the answer is what got lost.
	onBroadcast func(n int, t fakeTx) (err error, accept bool)
	onSimulate  func(n int, t fakeTx) error
	// beforeSimulate may hold the n-th simulation up, without the chain's lock.
	beforeSimulate func(n int)
	simulations    atomic.Int64
	// gasUsed is what simulations tell; 0 is 100000.
	gasUsed func(t fakeTx) uint64
	// onFind may fail a look-up.
	onFind func(n int) error
	// neverInclude drops what was accepted; deliver may fail it in its block.
	neverInclude func(n int, t fakeTx) bool
	deliver      func(n int, t fakeTx) (codespace string, code uint32, log string)
	finds        int
}

type fakeTx struct {
	hash string
	body txtypes.TxBody
	auth txtypes.AuthInfo
	n    int
	at   time.Time
}

func newFakeChain() *fakeChain {
	return &fakeChain{
		start: time.Now(), minPrices: "0.0025uakt", sequence: 5,
		usedTimes: make(map[int64]bool), blocks: make(map[string]chain.TxResult),
	}
}

func decodeTx(raw []byte) fakeTx {
	var outer txtypes.TxRaw
	t := fakeTx{hash: chain.TxHash(raw), at: time.Now()}
	if err := outer.Unmarshal(raw); err != nil {
		panic(err)
	}
	if err := t.body.Unmarshal(outer.BodyBytes); err != nil {
		panic(err)
	}
	if err := t.auth.Unmarshal(outer.AuthInfoBytes); err != nil {
		panic(err)
	}
	return t
}

// dseqs are the deployments that the messages are about.
func (t fakeTx) dseqs() []uint64 {
	var all []uint64
	for _, packed := range t.body.Messages {
		var msg deploymentv1beta4.MsgCloseDeployment
		if err := msg.Unmarshal(packed.Value); err != nil {
			panic(err)
		}
		all = append(all, msg.ID.DSeq)
	}
	return all
}

// signed are the transactions that were broadcast, each once however often it was sent.
func (f *fakeChain) signed() []fakeTx {
	var all []fakeTx
	seen := make(map[string]bool)
	for _, t := range f.broadcasts {
		if !seen[t.hash] {
			seen[t.hash] = true
			all = append(all, t)
		}
	}
	return all
}

func (f *fakeChain) height() int64 { return 100 + int64(time.Since(f.start)/blockTime) }

func (f *fakeChain) latest() chain.Block {
	h := f.height()
	return chain.Block{Height: h, Time: f.start.Add(time.Duration(h-100) * blockTime).UTC()}
}

// settle moves what has waited for a block into one.
func (f *fakeChain) settle() {
	now := f.latest()
	var rest []fakeTx
	for _, t := range f.pending {
		if !now.Time.After(t.at) {
			rest = append(rest, t)
			continue
		}
		if f.neverInclude != nil && f.neverInclude(t.n, t) {
			delete(f.usedTimes, t.body.TimeoutTimestamp.UnixNano()) // the node has forgotten it
			continue
		}
		r := chain.TxResult{Hash: t.hash, Height: now.Height, GasUsed: 90_000, GasWanted: t.auth.Fee.GasLimit}
		r.Events = []chain.Event{{Type: "tx", Attributes: []chain.Attribute{
			{Key: "fee", Value: t.auth.Fee.Amount.String()}, {Key: "fee_payer", Value: "x"},
		}}}
		for i := range t.body.Messages {
			r.Events = append(r.Events, chain.Event{Type: "message", Attributes: []chain.Attribute{
				{Key: "dseq", Value: fmt.Sprint(t.dseqs()[i])}, {Key: "msg_index", Value: fmt.Sprint(i)},
			}})
		}
		if f.deliver != nil {
			r.Codespace, r.Code, r.Log = f.deliver(t.n, t)
		}
		if r.Code == 42 {
			r.Events = nil
		}
		f.blocks[t.hash] = r
	}
	f.pending = rest
}

func (f *fakeChain) ChainID() string { return "fake-1" }

func (f *fakeChain) LatestBlock(ctx context.Context) (chain.Block, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.latest(), ctx.Err()
}

func (f *fakeChain) FindAccount(_ context.Context, addr string) (chain.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return chain.Account{Address: addr, Number: 7, Sequence: f.sequence}, nil
}

func (f *fakeChain) MinGasPrices(context.Context) (sdk.DecCoins, error) {
	return sdk.ParseDecCoins(f.minPrices)
}

func (f *fakeChain) Simulate(ctx context.Context, raw []byte) (uint64, error) {
	if n := f.simulations.Add(1); f.beforeSimulate != nil {
		f.beforeSimulate(int(n))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	t := decodeTx(raw)
	f.simulated = append(f.simulated, t)
	if f.onSimulate != nil {
		if err := f.onSimulate(len(f.simulated), t); err != nil {
			return 0, err
		}
	}
	if t.body.Unordered && f.noUnorder {
		return 0, chain.Reject("", 0, "unordered transactions are not enabled: "+
			"feature not supported with gas used: '1174'", "", 0)
	}
	if f.gasUsed != nil {
		return f.gasUsed(t), nil
	}
	return 100_000, nil
}

func (f *fakeChain) Broadcast(ctx context.Context, raw []byte) (chain.BroadcastResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return chain.BroadcastResult{}, ctx.Err()
	}
	t := decodeTx(raw)
	f.broadcasts = append(f.broadcasts, t)
	t.n = len(f.broadcasts)
	var hooked error
	if f.onBroadcast != nil {
		accept := false
		if hooked, accept = f.onBroadcast(t.n, t); hooked != nil && !accept {
			return chain.BroadcastResult{}, hooked
		}
	}
	if err := f.checkTx(t); err != nil {
		return chain.BroadcastResult{}, err
	}
	return chain.BroadcastResult{Hash: t.hash}, hooked
}

func (f *fakeChain) checkTx(t fakeTx) error {
	for _, p := range f.pending {
		if p.hash == t.hash {
			return nil // the node knows it: a success
		}
	}
	signer := t.auth.SignerInfos[0]
	if fee := t.auth.Fee.Amount.AmountOf("uakt").Int64(); fee < f.minFee {
		return chain.Reject("sdk", 13, fmt.Sprintf("insufficient fees; got: %duakt required: %duakt: insufficient fee",
			fee, f.minFee), t.hash, 0)
	}
	switch {
	case t.body.Unordered && f.noUnorder:
		return chain.Reject("sdk", 37, "unordered transactions are not enabled: feature not supported", t.hash, 0)
	case t.body.Unordered:
		stamp := t.body.TimeoutTimestamp.UnixNano()
		if f.usedTimes[stamp] {
			return chain.Reject("sdk", 18, fmt.Sprintf("failed to add unordered nonce: sender x has already used timeout %d: "+
				"invalid request", stamp), t.hash, 0)
		}
		f.usedTimes[stamp] = true
	case signer.Sequence != f.sequence:
		return chain.Reject("sdk", 32, fmt.Sprintf("account sequence mismatch, expected %d, got %d: "+
			"incorrect account sequence", f.sequence, signer.Sequence), t.hash, 0)
	default:
		f.sequence++
	}
	f.pending = append(f.pending, t)
	return nil
}

func (f *fakeChain) FindTx(ctx context.Context, hash string) (chain.TxResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return chain.TxResult{}, ctx.Err()
	}
	f.finds++
	if f.onFind != nil {
		if err := f.onFind(f.finds); err != nil {
			return chain.TxResult{}, err
		}
	}
	f.settle()
	if r, ok := f.blocks[hash]; ok {
		return r, nil
	}
	return chain.TxResult{}, fmt.Errorf("query GetTx: %w", chain.ErrTxNotFound)
}

func testKey(t *testing.T) keys.Key {
	t.Helper()
	key, err := keys.FromMnemonic(devMnemonic, "m/44'/118'/0'/0/1")
	require.NoError(t, err)
	return key
}

func newEngine(t *testing.T, f *fakeChain, change ...func(*tx.Config)) *tx.Engine {
	t.Helper()
	cfg := tx.Config{Chain: f, Key: testKey(t), BlockTime: blockTime}
	for _, c := range change {
		c(&cfg)
	}
	engine, err := tx.New(cfg)
	require.NoError(t, err)
	return engine
}

func closeMsg(dseq uint64) tx.Request {
	return tx.Request{Msgs: []sdk.Msg{&deploymentv1beta4.MsgCloseDeployment{
		ID: deploymentv1.DeploymentID{Owner: "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c", DSeq: dseq},
	}}}
}
