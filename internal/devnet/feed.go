// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"fmt"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// changes reads what a block changed that Akash providers act on. Transactions that failed changed nothing.
func changes(block cmttypes.EventDataNewBlock) akashprovider.Block {
	events := [][]abci.Event{block.ResultFinalizeBlock.Events}
	for _, tx := range block.ResultFinalizeBlock.TxResults {
		if tx.IsOK() {
			events = append(events, tx.Events)
		}
	}
	return akashprovider.ReadBlock(block.Block.Height, events...)
}

// feed gathers blocks until somebody takes them, all at once. Safe for concurrent use.
type feed struct {
	mu      sync.Mutex
	pending akashprovider.Block
	ready   chan struct{} // holds one token while something is pending
}

func newFeed() feed { return feed{ready: make(chan struct{}, 1)} }

func (f *feed) add(block akashprovider.Block) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = f.pending.Then(block)
	select {
	case f.ready <- struct{}{}:
	default:
	}
}

// next takes what has come since the last call, and waits while nothing has.
func (f *feed) next(ctx context.Context) (akashprovider.Block, error) {
	select {
	case <-ctx.Done():
		return akashprovider.Block{}, ctx.Err()
	case <-f.ready:
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	block := f.pending
	f.pending = akashprovider.Block{}
	return block, nil
}

// keptResults is for how many blocks results are kept: a transaction may be in a block before its sender waits for it.
const keptResults = 50

// results tells senders what became of their transactions, without anybody asking the node again and again. Safe
// for concurrent use.
type results struct {
	mu      sync.Mutex
	known   map[string]*sdk.TxResponse // by hash, upper case hexadecimal
	byBlock [][]string                 // the hashes of known, oldest first
	waiting map[string][]chan *sdk.TxResponse
}

func newResults() results {
	return results{known: map[string]*sdk.TxResponse{}, waiting: map[string][]chan *sdk.TxResponse{}}
}

func (r *results) add(block cmttypes.EventDataNewBlock) {
	r.mu.Lock()
	defer r.mu.Unlock()
	hashes := make([]string, len(block.Block.Txs))
	for i, tx := range block.Block.Txs {
		got := block.ResultFinalizeBlock.TxResults[i]
		hashes[i] = fmt.Sprintf("%X", tx.Hash())
		res := &sdk.TxResponse{
			Height: block.Block.Height, TxHash: hashes[i], Codespace: got.Codespace, Code: got.Code, RawLog: got.Log,
			GasWanted: got.GasWanted, GasUsed: got.GasUsed, Events: got.Events,
		}
		r.known[hashes[i]] = res
		for _, waiter := range r.waiting[hashes[i]] {
			waiter <- res
		}
		delete(r.waiting, hashes[i])
	}
	r.byBlock = append(r.byBlock, hashes)
	if len(r.byBlock) > keptResults {
		for _, hash := range r.byBlock[0] {
			delete(r.known, hash)
		}
		r.byBlock = r.byBlock[1:]
	}
}

// await waits until a transaction is in a block.
func (r *results) await(ctx context.Context, hash string) (*sdk.TxResponse, error) {
	r.mu.Lock()
	if res, ok := r.known[hash]; ok {
		r.mu.Unlock()
		return res, nil
	}
	waiter := make(chan *sdk.TxResponse, 1)
	r.waiting[hash] = append(r.waiting[hash], waiter)
	r.mu.Unlock()
	select {
	case res := <-waiter:
		return res, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("transaction %s not seen in a block: %w", hash, ctx.Err())
	}
}
