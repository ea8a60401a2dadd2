// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// Account is what signing needs to know of an account on chain.
type Account struct {
	Address string
	// Number never changes. Sequence is that of the last committed block; it
	// does not count what waits in the mempool.
	Number, Sequence uint64
	// HasPubKey says whether the chain knows the account's public key, which
	// Akash providers need to check a token. The first transaction brings it.
	HasPubKey bool
}

// FindAccount returns [ErrAccountNotFound] for an address that never received
// anything: the chain has no account of it and it cannot sign.
func (c *Client) FindAccount(ctx context.Context, addr string) (Account, error) {
	reply, err := authtypes.NewQueryClient(c.pool).AccountInfo(ctx,
		&authtypes.QueryAccountInfoRequest{Address: addr})
	if err != nil {
		return Account{}, fmt.Errorf("account %s: %w", addr, err)
	}
	if reply.Info == nil {
		return Account{}, fmt.Errorf("account %s: %w", addr, ErrAccountNotFound)
	}
	return Account{
		Address: addr, Number: reply.Info.AccountNumber, Sequence: reply.Info.Sequence,
		HasPubKey: reply.Info.PubKey != nil,
	}, nil
}

// Balances returns all coins of an account, vesting ones included; none for an
// address that does not exist.
func (c *Client) Balances(ctx context.Context, addr string) (sdk.Coins, error) {
	client := banktypes.NewQueryClient(c.pool)
	coins, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]sdk.Coin, *query.PageResponse, error) {
		reply, err := client.AllBalances(ctx, &banktypes.QueryAllBalancesRequest{Address: addr, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Balances, reply.Pagination, nil
	})
	if err != nil {
		return nil, fmt.Errorf("balances of %s: %w", addr, err)
	}
	return sdk.NewCoins(coins...), nil
}

// SpendableBalances is [Client.Balances] without coins that are still vesting.
func (c *Client) SpendableBalances(ctx context.Context, addr string) (sdk.Coins, error) {
	client := banktypes.NewQueryClient(c.pool)
	coins, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]sdk.Coin, *query.PageResponse, error) {
		reply, err := client.SpendableBalances(ctx,
			&banktypes.QuerySpendableBalancesRequest{Address: addr, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		return reply.Balances, reply.Pagination, nil
	})
	if err != nil {
		return nil, fmt.Errorf("spendable balances of %s: %w", addr, err)
	}
	return sdk.NewCoins(coins...), nil
}
