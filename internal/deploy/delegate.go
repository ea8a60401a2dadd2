// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

// delegated sends what the owner would send, as a grantee: each message inside a MsgExec of its own, since the chain
// names the exec that failed and not the message inside. The owner's coins are deposited, the grantee pays the fee.
type delegated struct {
	Transactions
	grantee string
}

func (d delegated) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	wrapped := make([]sdk.Msg, len(request.Msgs))
	for i, msg := range request.Msgs {
		packed, err := codectypes.NewAnyWithValue(msg)
		if err != nil {
			return tx.Result{}, fmt.Errorf("message %d for %s: %w", i, d.grantee, err)
		}
		wrapped[i] = &authz.MsgExec{Grantee: d.grantee, Msgs: []*codectypes.Any{packed}}
	}
	request.Msgs = wrapped
	return d.Transactions.Submit(ctx, request)
}

// signer is who signs: the grantee, or the owner itself.
func (c Config) signer() string {
	if c.Grantee != "" {
		return c.Grantee
	}
	return c.Owner
}

// feePayer is whose uakt pays the fees.
func (c Config) feePayer() string {
	if c.FeeGranter != "" {
		return c.FeeGranter
	}
	return c.signer()
}
