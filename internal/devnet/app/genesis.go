// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/audit"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/bme"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/cert"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/market"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/provider"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// The network's default parameters. Source: protocol/observed.md section 2.
const (
	minDeposit           = 500_000 // of uakt and of uact
	orderMaxBids         = 20
	minReclamationWindow = time.Hour
	maxReclamationWindow = 30 * 24 * time.Hour

	minMintUACT = 10_000_000
	// vaultUAKT covers ACT many times over, as on the recorded network.
	vaultUAKT = 100_000_000_000_000
)

// Genesis is the state the chain starts from.
type Genesis struct {
	// Accounts exist from the start, numbered as listed.
	Accounts []Account
	// Providers are registered Akash providers, Certificates and Audits what is published.
	Providers    []providerv1beta4.Provider
	Certificates []certv1.GenesisCertificate
	Audits       []auditv1.AuditedProvider
	// Deployment and Market are the modules' parameters; see [DefaultGenesis].
	Deployment deploymentv1beta4.Params
	Market     marketv1beta5.Params
	// Oracle has the sources and their first prices, BME the exchange's parameters.
	Oracle oraclev2.GenesisState
	BME    bmev1.Params
	// Vault is what backs ACT from the start.
	Vault sdk.Coins
	// Escrow is what deposits come to; see [App.SetRunning].
	Escrow sdk.Coins
}

// Account is a funded address.
type Account struct {
	Address sdk.AccAddress
	Coins   sdk.Coins
}

// DefaultGenesis has the network's parameters and nobody in it.
func DefaultGenesis() Genesis {
	deposits := sdk.NewCoins(sdk.NewInt64Coin(coin.UACT, minDeposit), sdk.NewInt64Coin(coin.UAKT, minDeposit))
	return Genesis{
		Deployment: deploymentv1beta4.Params{MinDeposits: deposits},
		Market: marketv1beta5.Params{
			BidMinDeposit: sdk.NewInt64Coin(coin.UAKT, minDeposit), OrderMaxBids: orderMaxBids, BidMinDeposits: deposits,
			MinReclamationWindow: minReclamationWindow, MaxReclamationWindow: maxReclamationWindow,
		},
		Oracle: oraclev2.GenesisState{Params: oraclev2.Params{
			MinPriceSources: 1, MaxPriceStalenessPeriod: 30 * time.Second, TwapWindow: 5 * time.Second,
			MaxPriceDeviationBps: 150, PriceRetention: 24 * time.Hour, PruneEpoch: "hour", MaxPrunePerEpoch: 1000,
			MaxFutureTimeDrift: time.Minute,
		}},
		BME: bmev1.Params{
			CircuitBreakerWarnThreshold: 9500, CircuitBreakerHaltThreshold: 9000, MinEpochBlocks: 10,
			EpochBlocksBackoffPercent: 10, MintSpreadBps: 25, MaxEndblockerRecords: 50,
			MinMint: []sdk.Coin{sdk.NewInt64Coin(coin.UACT, minMintUACT)}, MaxPendingAttempts: 3,
		},
		Vault: sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, vaultUAKT)),
	}
}

// JSON is the app_state of a genesis document.
func (g Genesis) JSON(cdc codec.JSONCodec) (json.RawMessage, error) {
	auth := authtypes.DefaultGenesisState()
	bank := banktypes.DefaultGenesisState()
	bank.SendEnabled = []banktypes.SendEnabled{{Denom: coin.UACT, Enabled: false}, {Denom: coin.UAKT, Enabled: true}}
	var accounts authtypes.GenesisAccounts
	for i, acc := range g.Accounts {
		accounts = append(accounts, authtypes.NewBaseAccount(acc.Address, nil, uint64(i), 0))
		bank.Balances = append(bank.Balances, banktypes.Balance{Address: acc.Address.String(), Coins: acc.Coins})
	}
	if !g.Vault.Empty() {
		// A balance without an account: the module makes its own kind of account when it first needs one.
		bank.Balances = append(bank.Balances, banktypes.Balance{Address: vaultAddress().String(), Coins: g.Vault})
	}
	if !g.Escrow.Empty() {
		bank.Balances = append(bank.Balances, banktypes.Balance{
			Address: escrow.ModuleAddress().String(), Coins: g.Escrow,
		})
	}
	packed, err := authtypes.PackAccounts(accounts)
	if err != nil {
		return nil, fmt.Errorf("pack genesis accounts: %w", err)
	}
	auth.Accounts = packed
	state := map[string]json.RawMessage{}
	for name, part := range map[string]proto.Message{
		authtypes.ModuleName:  auth,
		banktypes.ModuleName:  bank,
		provider.ModuleName:   &providerv1beta4.GenesisState{Providers: g.Providers},
		cert.ModuleName:       &certv1.GenesisState{Certificates: g.Certificates},
		audit.ModuleName:      &auditv1.GenesisState{Providers: g.Audits},
		deployment.ModuleName: &deploymentv1beta4.GenesisState{Params: g.Deployment},
		market.ModuleName:     &marketv1beta5.GenesisState{Params: g.Market},
		oracle.ModuleName:     &g.Oracle,
		bme.ModuleName:        &bmev1.GenesisState{Params: g.BME},
	} {
		if state[name], err = cdc.MarshalJSON(part); err != nil {
			return nil, fmt.Errorf("encode genesis of %s: %w", name, err)
		}
	}
	return json.Marshal(state)
}

func (a *App) initChain(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(req.AppStateBytes, &state); err != nil {
		return nil, fmt.Errorf("read app state: %w", err)
	}
	var (
		auth       authtypes.GenesisState
		bank       banktypes.GenesisState
		providers  providerv1beta4.GenesisState
		certs      certv1.GenesisState
		audits     auditv1.GenesisState
		deployPart deploymentv1beta4.GenesisState
		marketPart marketv1beta5.GenesisState
		oraclePart oraclev2.GenesisState
		bmePart    bmev1.GenesisState
	)
	for name, part := range map[string]proto.Message{
		authtypes.ModuleName: &auth, banktypes.ModuleName: &bank, provider.ModuleName: &providers, cert.ModuleName: &certs,
		audit.ModuleName: &audits, deployment.ModuleName: &deployPart, market.ModuleName: &marketPart,
		oracle.ModuleName: &oraclePart, bme.ModuleName: &bmePart,
	} {
		if err := a.enc.Codec.UnmarshalJSON(state[name], part); err != nil {
			return nil, fmt.Errorf("read genesis of %s: %w", name, err)
		}
	}
	a.accounts.InitGenesis(ctx, auth)
	a.bank.InitGenesis(ctx, &bank)
	if err := a.deployments.SetParams(ctx, deployPart.Params); err != nil {
		return nil, err
	}
	if err := a.market.SetParams(ctx, marketPart.Params); err != nil {
		return nil, err
	}
	if err := a.oracle.InitGenesis(ctx, oraclePart); err != nil {
		return nil, err
	}
	if err := a.bme.InitGenesis(ctx, bmePart.Params); err != nil {
		return nil, err
	}
	for _, p := range providers.Providers {
		if err := a.providers.Set(ctx, p); err != nil {
			return nil, fmt.Errorf("genesis Akash provider %s: %w", p.Owner, err)
		}
	}
	for _, c := range certs.Certificates {
		if err := a.certs.Publish(ctx, c.Owner, c.Certificate.Cert, c.Certificate.Pubkey); err != nil {
			return nil, fmt.Errorf("genesis certificate of %s: %w", c.Owner, err)
		}
	}
	for _, r := range audits.Providers {
		a.audits.Sign(ctx, r.Owner, r.Auditor, r.Attributes)
	}
	a.loadRunning(ctx)
	// Without staking nobody else names the validators: keep those of the genesis document.
	return &abci.ResponseInitChain{Validators: req.Validators}, nil
}
