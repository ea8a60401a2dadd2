// SPDX-License-Identifier: Apache-2.0

package wallet

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Gas adjustment in percent, and the fee per gas: the network's minimum, 0.0025uakt.
const (
	adjustPercent   = 140
	gasPerUAKT      = 400
	defaultGasLimit = 1_000_000
)

// Options change how one transaction is made. The zero value simulates for gas,
// pays the minimum price, and uses the account's sequence.
type Options struct {
	// Gas limit; 0 simulates.
	Gas uint64
	// Fee; nil pays the minimum price for the gas, an empty slice pays nothing.
	Fee sdk.Coins
	// FeeGranter pays the fee out of an allowance; "" is the signer.
	FeeGranter string
	Memo       string
	// Sequence overrides the account's.
	Sequence *uint64
	// AccountNumber overrides the account's in what is signed.
	AccountNumber *uint64
	// Timeout makes the transaction unordered, valid until then.
	Timeout time.Time
	// TimeoutHeight is the last block the transaction may be in; 0 is no limit.
	TimeoutHeight uint64
}

// build makes the signed bytes. A simulation that fails does not stop it: the
// transaction is sent with a default gas limit, so that its failure is the chain's own.
func (w *Wallet) build(ctx context.Context, opts Options, msgs []sdk.Msg) ([]byte, error) {
	number, sequence, err := w.account(ctx)
	if err != nil {
		return nil, err
	}
	if opts.Sequence != nil {
		sequence = *opts.Sequence
	}
	if opts.AccountNumber != nil {
		number = *opts.AccountNumber
	}
	if !opts.Timeout.IsZero() {
		sequence = 0
	}
	gas := opts.Gas
	if gas == 0 {
		probe, err := w.sign(ctx, opts, msgs, defaultGasLimit, number, sequence)
		if err != nil {
			return nil, err
		}
		gas = defaultGasLimit
		if res, err := w.service.Simulate(ctx, &txtypes.SimulateRequest{TxBytes: probe}); err == nil {
			gas = res.GasInfo.GasUsed * adjustPercent / 100
		}
	}
	return w.sign(ctx, opts, msgs, gas, number, sequence)
}

func (w *Wallet) sign(
	ctx context.Context, opts Options, msgs []sdk.Msg, gas, number, sequence uint64,
) ([]byte, error) {
	builder := w.txConfig.NewTxBuilder()
	if err := builder.SetMsgs(msgs...); err != nil {
		return nil, fmt.Errorf("pack messages: %w", err)
	}
	builder.SetGasLimit(gas)
	builder.SetMemo(opts.Memo)
	builder.SetTimeoutHeight(opts.TimeoutHeight)
	fee := opts.Fee
	if fee == nil {
		units := math.NewIntFromUint64((gas + gasPerUAKT - 1) / gasPerUAKT)
		fee = sdk.NewCoins(sdk.NewCoin(coin.UAKT, units))
	}
	builder.SetFeeAmount(fee)
	if opts.FeeGranter != "" {
		granter, err := sdk.AccAddressFromBech32(opts.FeeGranter)
		if err != nil {
			return nil, fmt.Errorf("fee granter: %w", err)
		}
		builder.SetFeeGranter(granter)
	}
	if !opts.Timeout.IsZero() {
		builder.SetUnordered(true)
		builder.SetTimeoutTimestamp(opts.Timeout)
	}
	signature := signing.SignatureV2{
		PubKey: w.key.PubKey(), Sequence: sequence,
		Data: &signing.SingleSignatureData{SignMode: signing.SignMode_SIGN_MODE_DIRECT},
	}
	// The signer's key is part of what is signed, so it goes in before.
	if err := builder.SetSignatures(signature); err != nil {
		return nil, fmt.Errorf("set signer: %w", err)
	}
	signature, err := clienttx.SignWithPrivKey(ctx, signing.SignMode_SIGN_MODE_DIRECT, authsigning.SignerData{
		Address: w.Address(), ChainID: w.chainID, AccountNumber: number, Sequence: sequence, PubKey: w.key.PubKey(),
	}, builder, w.key, w.txConfig, sequence)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if err := builder.SetSignatures(signature); err != nil {
		return nil, fmt.Errorf("set signature: %w", err)
	}
	return w.txConfig.TxEncoder()(builder.GetTx())
}

// account asks for number and sequence. Someone without an account signs as
// number 0, which the chain will refuse in its own words.
func (w *Wallet) account(ctx context.Context) (number, sequence uint64, err error) {
	res, err := authtypes.NewQueryClient(w.conn).AccountInfo(ctx, &authtypes.QueryAccountInfoRequest{Address: w.Address()})
	if err != nil {
		if status.Code(err) == codes.NotFound {
			return 0, 0, nil
		}
		return 0, 0, fmt.Errorf("read account %s: %w", w.Address(), err)
	}
	return res.Info.AccountNumber, res.Info.Sequence, nil
}
