// SPDX-License-Identifier: Apache-2.0

package app

import (
	storetypes "cosmossdk.io/store/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/audit"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/bme"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/cert"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/escrow"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/market"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/oracle"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/provider"
)

// anteHandler is the SDK's, behind the stateless checks of our messages.
func (a *App) anteHandler() (sdk.AnteHandler, error) {
	handler, err := ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper:   a.accounts,
		BankKeeper:      a.bank,
		FeegrantKeeper:  a.feegrant,
		SignModeHandler: a.txConfig.SignModeHandler(),
		SigGasConsumer:  ante.DefaultSigVerificationGasConsumer,
	})
	if err != nil {
		return nil, err
	}
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		for _, msg := range tx.GetMsgs() {
			if err := validateBasic(msg); err != nil {
				// Refused before any gas is metered: the answer says gas wanted and used are 0.
				return ctx.WithGasMeter(storetypes.NewGasMeter(0)), err
			}
		}
		return handler(ctx, tx, simulate)
	}, nil
}

// validateBasic runs the checks that on the network are methods of the message
// types, in front of everything else. Ours are plain wire types without behaviour.
func validateBasic(msg sdk.Msg) error {
	for _, check := range []func(sdk.Msg) error{
		deployment.ValidateBasic, market.ValidateBasic, escrow.ValidateBasic,
		cert.ValidateBasic, provider.ValidateBasic, audit.ValidateBasic,
		oracle.ValidateBasic, bme.ValidateBasic,
	} {
		if err := check(msg); err != nil {
			return err
		}
	}
	return nil
}
