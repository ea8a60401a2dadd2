// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// answering answers every transaction with the same.
type answering struct {
	idle
	fee int64
	err error
}

func (a *answering) Submit(_ context.Context, request tx.Request) (tx.Result, error) {
	if err := request.BeforeBroadcast(tx.Prepared{FeeUAKT: math.NewInt(a.fee)}); err != nil {
		return tx.Result{FeeUAKT: math.ZeroInt()}, fmt.Errorf("before broadcast: %w", err)
	}
	return tx.Result{FeeUAKT: math.NewInt(a.fee)}, a.err
}

func TestSpendLimit(t *testing.T) {
	t.Parallel()
	deposit := func(uact int64) depositv1.Deposit {
		return depositv1.Deposit{Amount: sdk.NewInt64Coin(coin.UACT, uact)}
	}
	open := func(uact int64) sdk.Msg { return &deploymentv1beta4.MsgCreateDeployment{Deposit: deposit(uact)} }
	top := func(uact int64) sdk.Msg { return &escrowv1.MsgAccountDeposit{Deposit: deposit(uact)} }
	burn := func(uakt int64) sdk.Msg { return &bmev1.MsgMintACT{CoinsToBurn: sdk.NewInt64Coin(coin.UAKT, uakt)} }
	lease := &marketv1beta5.MsgCreateLease{}
	closes := &deploymentv1beta4.MsgCloseDeployment{}
	type step struct {
		message sdk.Msg
		err     error
		refused bool
	}
	for name, test := range map[string]struct {
		limit deploy.SpendLimit
		fee   int64
		steps []step
	}{
		"deposits": {
			limit: deploy.SpendLimit{UACT: math.NewInt(10)},
			steps: []step{{message: open(6)}, {message: top(4)}, {message: top(1), refused: true}, {message: closes}},
		},
		"what was refused is not spent": {
			limit: deploy.SpendLimit{UACT: math.NewInt(10)},
			steps: []step{
				{message: open(11), refused: true}, {message: open(6), err: &chain.RejectedError{}}, {message: open(10)},
			},
		},
		"what may have landed is spent": {
			limit: deploy.SpendLimit{UACT: math.NewInt(10)},
			steps: []step{{message: open(6), err: &tx.UnknownOutcomeError{Cause: errKilled}}, {message: open(6), refused: true}},
		},
		"fees and minting": {
			limit: deploy.SpendLimit{UAKT: math.NewInt(10)}, fee: 3,
			steps: []step{
				{message: closes},
				{message: burn(8), refused: true},
				{message: burn(5), refused: true},
				{message: burn(4)},
				{message: open(1), refused: true},
				{message: closes},
			},
		},
		"the fee is known before it is paid": {
			limit: deploy.SpendLimit{UAKT: math.NewInt(10)}, fee: 4,
			steps: []step{
				{message: open(1)},
				{message: lease},
				{message: open(1), refused: true},
				{message: lease, refused: true},
				{message: closes},
			},
		},
		"a fee that may have been paid is spent": {
			limit: deploy.SpendLimit{UAKT: math.NewInt(10)}, fee: 6,
			steps: []step{{message: lease, err: &tx.UnknownOutcomeError{Cause: errKilled}}, {message: lease, refused: true}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			below := &answering{fee: test.fee}
			d := deploy.New(deploy.Config{
				Tx: below, Limit: test.limit, Clock: &handClock{now: time.Now()}, Logger: hclog.NewNullLogger(),
			})
			for i, step := range test.steps {
				below.err = step.err
				_, err := d.Tx.Submit(t.Context(), tx.Request{Msgs: []sdk.Msg{step.message}})
				if step.refused {
					require.ErrorIs(t, err, deploy.ErrSpendLimit, "step %d", i)
				} else {
					require.Equal(t, step.err, err, "step %d", i)
				}
			}
		})
	}
}
