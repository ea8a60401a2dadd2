// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/go-hclog"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// connector returns the function that reaches the network, checks its chain id and builds the use cases on it.
//
// cacheDir is where what was read of the market is kept for minutes.
func connector(s settings, j *journal.Journal, cacheDir string, logger hclog.Logger) providerdata.Connect {
	return func(ctx context.Context) (*providerdata.Connection, error) {
		client, err := chain.Dial(ctx, chain.Config{
			ChainID: s.chainID, GRPC: s.grpc, RPC: s.rpc, REST: s.rest, Logger: logger.Named("chain"),
		})
		if err != nil {
			return nil, err
		}
		config := deploy.Config{
			Owner: s.owner, Grantee: s.grantee, FeeGranter: s.feeGranter, Chain: client, Journal: j, Clock: deploy.SystemClock{},
			BlockTime: s.blockTime, Logger: logger.Named("deploy"), AutoMint: s.autoMint,
			Limit:    deploy.SpendLimit{UACT: s.budget.DepositUACT, UAKT: s.budget.SpendUAKT},
			Gateways: gateways(s, client, logger.Named("gateway")), //nolint:contextcheck // a handshake outlives Configure
		}
		config.Market = forecast.New(forecast.Config{
			Chain: client, Gateways: publicGateways(client, logger.Named("gateway")), //nolint:contextcheck // as above
			Dir: cacheDir, Source: slices.Concat([]string{s.chainID}, s.grpc, s.rpc, s.rest),
			Logger: logger.Named("forecast"),
		})
		if s.key != nil {
			engine, err := tx.New(tx.Config{
				Chain: client, Key: s.key, GasPrices: s.gasPrices, GasAdjustment: s.gasFactor, MaxFee: s.maxFee,
				FeeGranter: s.feeGranter, Logger: logger.Named("tx"), BlockTime: s.blockTime,
			})
			if err != nil {
				return nil, fmt.Errorf("prepare transactions: %w", err)
			}
			config.Tx = engine
		}
		return &providerdata.Connection{Chain: client, Deployer: deploy.New(config)}, nil
	}
}

// gateways opens gateways with the credentials of the provider block, else with tokens of the configured key; without
// either only public routes answer.
func gateways(
	s settings, client *chain.Client, logger hclog.Logger,
) func(hostURI, providerAddr string) (deploy.Gateway, error) {
	base := gateway.Config{Certificates: client, Logger: logger}
	switch {
	case s.gateways.certificate != nil:
		base.ClientCertificate = s.gateways.certificate
	case s.gateways.token != nil:
		base.Auth = s.gateways.token
	case s.key != nil && s.key.Address() == s.owner:
		base.Auth = gateway.NewJWT(s.key, deploy.SystemClock{}.Now)
	}
	return func(hostURI, providerAddr string) (deploy.Gateway, error) {
		config := base
		config.HostURI, config.ProviderAddr = hostURI, providerAddr
		return gateway.New(config)
	}
}

// publicGateways opens gateways without credentials, for what they tell anybody.
func publicGateways(
	client *chain.Client, logger hclog.Logger,
) func(hostURI, providerAddr string) (forecast.Gateway, error) {
	return func(hostURI, providerAddr string) (forecast.Gateway, error) {
		return gateway.New(gateway.Config{
			Certificates: client, Logger: logger, HostURI: hostURI, ProviderAddr: providerAddr,
		})
	}
}

// noGateway says why gateways would refuse this configuration; "" when they take its token. A gateway serves the leases
// of whoever the credentials name, and a grantee cannot sign in the owner's name.
func noGateway(s settings) string {
	if s.grantee == "" || !s.gateways.none() {
		return ""
	}
	return fmt.Sprintf("Gateways take credentials of the owner of a lease alone. %s, whose key this is, may send %s's "+
		"transactions, and cannot sign a token for it. With credentials of the owner in gateway_auth of the provider block "+
		"they can be asked.", s.grantee, s.owner)
}
