// SPDX-License-Identifier: Apache-2.0

package app

import (
	"cosmossdk.io/x/feegrant"
	feegrantkeeper "cosmossdk.io/x/feegrant/keeper"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"

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
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	oraclev2 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/oracle/v2"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// registerServices routes every message and query.
func (a *App) registerServices() {
	msg, query := a.MsgServiceRouter(), a.GRPCQueryRouter()

	authtypes.RegisterMsgServer(msg, authkeeper.NewMsgServerImpl(a.accounts))
	authtypes.RegisterQueryServer(query, authkeeper.NewQueryServer(a.accounts))
	banktypes.RegisterMsgServer(msg, bankkeeper.NewMsgServerImpl(a.bank))
	banktypes.RegisterQueryServer(query, a.bank)
	authz.RegisterMsgServer(msg, a.authz)
	authz.RegisterQueryServer(query, grantQueries{a.authz})
	feegrant.RegisterMsgServer(msg, feegrantkeeper.NewMsgServerImpl(a.feegrant))
	feegrant.RegisterQueryServer(query, a.feegrant)
	consensustypes.RegisterQueryServer(query, a.consensus)

	deploymentv1beta4.RegisterMsgServer(msg, deployment.NewMsgServer(a.deployments, a.escrow, a.market))
	deploymentv1beta4.RegisterQueryServer(query, deployment.NewQueryServer(a.deployments, a.escrow))
	marketv1beta5.RegisterMsgServer(msg, market.NewMsgServer(a.market, a.providers, a.audits))
	marketv1beta5.RegisterQueryServer(query, market.NewQueryServer(a.market, a.escrow))
	escrowv1.RegisterMsgServer(msg, escrow.NewMsgServer(a.escrow))
	escrowv1.RegisterQueryServer(query, escrow.NewQueryServer(a.escrow))
	certv1.RegisterMsgServer(msg, cert.NewMsgServer(a.certs))
	certv1.RegisterQueryServer(query, cert.NewQueryServer(a.certs))
	providerv1beta4.RegisterMsgServer(msg, provider.NewMsgServer(a.providers))
	providerv1beta4.RegisterQueryServer(query, provider.NewQueryServer(a.providers))
	auditv1.RegisterMsgServer(msg, audit.NewMsgServer(a.audits))
	auditv1.RegisterQueryServer(query, audit.NewQueryServer(a.audits))
	oraclev2.RegisterMsgServer(msg, oracle.NewMsgServer(a.oracle))
	oraclev2.RegisterQueryServer(query, oracle.NewQueryServer(a.oracle))
	bmev1.RegisterMsgServer(msg, bme.NewMsgServer(a.bme))
	bmev1.RegisterQueryServer(query, bme.NewQueryServer(a.bme))
}
