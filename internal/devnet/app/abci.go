// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/cosmos-sdk/baseapp"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/states"
)

// abciApp gives the base application the contexts CometBFT's interface has and
// the SDK does not use. From where a block is applied to where it is committed nobody reads, see [App.Reading].
type abciApp struct {
	app    *baseapp.BaseApp
	blocks *sync.RWMutex
	states *states.Stores
}

var _ abci.Application = abciApp{}

func (a abciApp) Info(_ context.Context, r *abci.RequestInfo) (*abci.ResponseInfo, error) {
	return a.app.Info(r)
}

func (a abciApp) Query(ctx context.Context, r *abci.RequestQuery) (*abci.ResponseQuery, error) {
	return a.app.Query(ctx, r)
}

func (a abciApp) CheckTx(_ context.Context, r *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	return a.app.CheckTx(r)
}

func (a abciApp) InitChain(_ context.Context, r *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	a.blocks.Lock()
	defer a.blocks.Unlock()
	return a.app.InitChain(r)
}

func (a abciApp) PrepareProposal(
	_ context.Context, r *abci.RequestPrepareProposal,
) (*abci.ResponsePrepareProposal, error) {
	a.blocks.Lock()
	defer a.blocks.Unlock()
	return a.app.PrepareProposal(r)
}

func (a abciApp) ProcessProposal(
	_ context.Context, r *abci.RequestProcessProposal,
) (*abci.ResponseProcessProposal, error) {
	a.blocks.Lock()
	defer a.blocks.Unlock()
	return a.app.ProcessProposal(r)
}

// FinalizeBlock leaves its changes in the stores, where simulations would find some of them, mixed with what they had
// read before; so readers are let in again by Commit only.
func (a abciApp) FinalizeBlock(
	_ context.Context, r *abci.RequestFinalizeBlock,
) (res *abci.ResponseFinalizeBlock, err error) {
	a.blocks.Lock()
	defer func() {
		if res == nil || err != nil { // failed or panicked: no commit follows
			a.blocks.Unlock()
		}
	}()
	a.states.SetBlockTime(r.Time)
	return a.app.FinalizeBlock(r)
}

func (a abciApp) ExtendVote(ctx context.Context, r *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
	return a.app.ExtendVote(ctx, r)
}

func (a abciApp) VerifyVoteExtension(
	_ context.Context, r *abci.RequestVerifyVoteExtension,
) (*abci.ResponseVerifyVoteExtension, error) {
	return a.app.VerifyVoteExtension(r)
}

func (a abciApp) Commit(context.Context, *abci.RequestCommit) (*abci.ResponseCommit, error) {
	defer a.blocks.Unlock() // locked by FinalizeBlock
	return a.app.Commit()
}

func (a abciApp) ListSnapshots(_ context.Context, r *abci.RequestListSnapshots) (*abci.ResponseListSnapshots, error) {
	return a.app.ListSnapshots(r)
}

func (a abciApp) OfferSnapshot(_ context.Context, r *abci.RequestOfferSnapshot) (*abci.ResponseOfferSnapshot, error) {
	return a.app.OfferSnapshot(r)
}

func (a abciApp) LoadSnapshotChunk(
	_ context.Context, r *abci.RequestLoadSnapshotChunk,
) (*abci.ResponseLoadSnapshotChunk, error) {
	return a.app.LoadSnapshotChunk(r)
}

func (a abciApp) ApplySnapshotChunk(
	_ context.Context, r *abci.RequestApplySnapshotChunk,
) (*abci.ResponseApplySnapshotChunk, error) {
	return a.app.ApplySnapshotChunk(r)
}
