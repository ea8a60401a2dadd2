// SPDX-License-Identifier: Apache-2.0

// Package app is the simulated chain's application: cosmos-sdk auth, bank,
// authz and feegrant as they are, and our own handling of the Akash modules.
//
// It is wired by hand: no staking, no governance, no upgrades; the validator set
// is the genesis one for ever. Consensus and servers are the devnet package's.
package app

import (
	"context"
	"fmt"
	"io"
	"sync"

	corestore "cosmossdk.io/core/store"
	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/feegrant"
	feegrantkeeper "cosmossdk.io/x/feegrant/keeper"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/audit"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/bme"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/cert"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/market"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/provider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/states"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

const (
	// Name is what the node reports as application name.
	Name = "akash"
	// Version is the network release whose behaviour is simulated.
	Version = "2.1.0-devnet"
	// MinGasPrices is the node's default on the network.
	MinGasPrices = "0.0025uakt"

	authzStore = "authz"
	// State of this many blocks stays readable at past heights; blocks themselves are kept.
	keepStates = 1000
	// Expired fee allowances removed a block.
	allowancesPerBlock = 200
)

// App is the application. Make it with [New]; CometBFT drives it through [App.ABCI].
type App struct {
	*baseapp.BaseApp

	enc      pb.Encoding
	txConfig client.TxConfig
	blocks   sync.RWMutex // held for writing from where a block is applied to where it is committed

	states *states.Stores
	// running is for the first block; see SetRunning.
	running []Deployment

	accounts  authkeeper.AccountKeeper
	bank      bankkeeper.BaseKeeper
	authz     authzkeeper.Keeper
	feegrant  feegrantkeeper.Keeper
	consensus consensuskeeper.Keeper

	escrow      *escrow.Keeper
	deployments *deployment.Keeper
	market      *market.Keeper
	certs       *cert.Keeper
	providers   *provider.Keeper
	audits      *audit.Keeper
	oracle      *oracle.Keeper
	bme         *bme.Keeper
}

// New builds the application on a database and loads its latest height; nil is
// none, for a state in memory only. [App.Close] closes the database.
func New(db dbm.DB, logger log.Logger, chainID string) (*App, error) {
	enc, err := pb.NewEncoding()
	if err != nil {
		return nil, err
	}
	authtypes.RegisterInterfaces(enc.InterfaceRegistry)
	banktypes.RegisterInterfaces(enc.InterfaceRegistry)
	a := &App{
		enc: enc, txConfig: authtx.NewTxConfig(enc.Codec, authtx.DefaultSignModes), states: states.New(db, keepStates),
	}
	a.BaseApp = baseapp.NewBaseApp(Name, logger, db, a.txConfig.TxDecoder(),
		baseapp.SetChainID(chainID),
		baseapp.SetMinGasPrices(MinGasPrices),
	)
	a.SetCMS(a.states)
	a.SetVersion(Version)
	a.SetInterfaceRegistry(enc.InterfaceRegistry)
	a.SetTxEncoder(a.txConfig.TxEncoder())

	keys := storetypes.NewKVStoreKeys(
		authtypes.StoreKey, banktypes.StoreKey, authzStore, feegrant.StoreKey, consensustypes.StoreKey,
		escrow.ModuleName, deployment.ModuleName, market.ModuleName, cert.ModuleName,
		provider.ModuleName, audit.ModuleName, oracle.ModuleName, bme.ModuleName,
	)
	a.MountKVStores(keys)
	a.makeSDKKeepers(keys, logger)
	a.escrow = escrow.NewKeeper(keys[escrow.ModuleName], a.bank, a.authz)
	a.deployments = deployment.NewKeeper(keys[deployment.ModuleName])
	a.market = market.NewKeeper(keys[market.ModuleName], a.escrow, a.deployments)
	a.certs = cert.NewKeeper(keys[cert.ModuleName])
	a.providers = provider.NewKeeper(keys[provider.ModuleName])
	a.audits = audit.NewKeeper(keys[audit.ModuleName])
	a.oracle = oracle.NewKeeper(keys[oracle.ModuleName])
	a.bme = bme.NewKeeper(keys[bme.ModuleName], vaultAddress(), a.bank, a.oracle)
	a.escrow.PayDebtsInAKT(a.bme.HaltedPrice)
	a.registerServices()

	ante, err := a.anteHandler()
	if err != nil {
		return nil, err
	}
	a.SetAnteHandler(ante)
	a.SetInitChainer(a.initChain)
	a.SetPreBlocker(func(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		return &sdk.ResponsePreBlock{}, a.accounts.RemoveExpiredUnorderedNonces(ctx)
	})
	a.SetBeginBlocker(func(ctx sdk.Context) (sdk.BeginBlock, error) {
		if err := a.oracle.BeginBlock(ctx); err != nil {
			return sdk.BeginBlock{}, err
		}
		return sdk.BeginBlock{}, a.authz.DequeueAndDeleteExpiredGrants(ctx)
	})
	a.SetEndBlocker(a.endBlock)
	if err := a.LoadLatestVersion(); err != nil {
		return nil, fmt.Errorf("load the chain's state: %w", err)
	}
	return a, nil
}

func (a *App) makeSDKKeepers(keys map[string]*storetypes.KVStoreKey, logger log.Logger) {
	service := func(name string) corestore.KVStoreService { return runtime.NewKVStoreService(keys[name]) }
	// Nobody holds this account's key: messages only it may sign are out of reach, as without governance.
	authority := authtypes.NewModuleAddress("gov").String()
	a.consensus = consensuskeeper.NewKeeper(
		a.enc.Codec, service(consensustypes.StoreKey), authority, runtime.EventService{},
	)
	a.SetParamStore(a.consensus.ParamsStore)
	a.accounts = authkeeper.NewAccountKeeper(a.enc.Codec, service(authtypes.StoreKey), authtypes.ProtoBaseAccount,
		map[string][]string{
			authtypes.FeeCollectorName: nil, escrow.ModuleName: nil,
			bme.ModuleName: {authtypes.Minter, authtypes.Burner},
		},
		address.NewBech32Codec(pb.AccountPrefix), pb.AccountPrefix, authority,
		authkeeper.WithUnorderedTransactions(true),
	)
	blocked := map[string]bool{
		authtypes.NewModuleAddress(authtypes.FeeCollectorName).String(): true,
		authtypes.NewModuleAddress(escrow.ModuleName).String():          true,
		vaultAddress().String(): true,
	}
	a.bank = bankkeeper.NewBaseKeeper(a.enc.Codec, service(banktypes.StoreKey), a.accounts, blocked, authority, logger)
	a.authz = authzkeeper.NewKeeper(service(authzStore), a.enc.Codec, a.MsgServiceRouter(), a.accounts).
		SetBankKeeper(a.bank)
	a.feegrant = feegrantkeeper.NewKeeper(a.enc.Codec, service(feegrant.StoreKey), a.accounts).SetBankKeeper(a.bank)
}

// vaultAddress is the account that holds what backs ACT.
func vaultAddress() sdk.AccAddress { return authtypes.NewModuleAddress(bme.ModuleName) }

// endBlock aggregates prices first, since the exchanges of this very block use them.
func (a *App) endBlock(ctx sdk.Context) (sdk.EndBlock, error) {
	ctx = ctx.WithEventManager(sdk.NewEventManager())
	for _, end := range []func(sdk.Context) error{
		func(ctx sdk.Context) error { return a.feegrant.RemoveExpiredAllowances(ctx, allowancesPerBlock) },
		a.oracle.EndBlock, a.bme.EndBlock,
	} {
		if err := end(ctx); err != nil {
			return sdk.EndBlock{}, err
		}
	}
	return sdk.EndBlock{Events: ctx.EventManager().ABCIEvents()}, nil
}

// Encoding packs and unpacks the chain's messages.
func (a *App) Encoding() pb.Encoding { return a.enc }

// TxConfig encodes, decodes and signs transactions.
func (a *App) TxConfig() client.TxConfig { return a.txConfig }

// ABCI is the application as CometBFT calls it.
func (a *App) ABCI() abci.Application {
	return abciApp{app: a.BaseApp, blocks: &a.blocks, states: a.states}
}

// Reading waits until no block is between its application and its commit, and
// keeps the next from being applied until the returned function is called. The
// SDK's stores do not bear reading during a commit from other goroutines than
// CometBFT's, and simulations run on stores that have a part of the block before.
// Whoever reads must not wait for the node (its mempool, its consensus state, its
// connection to the application) meanwhile, since those wait for the block.
func (a *App) Reading() (done func()) {
	a.blocks.RLock()
	return a.blocks.RUnlock
}

// WriteState writes the state after the last block into an empty database, for [New].
func (a *App) WriteState(ctx context.Context, db dbm.DB) error { return a.states.Write(ctx, db) }

var _ io.Closer = (*App)(nil)
