// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
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
	var reply rawMessage
	if err := c.pool.Invoke(ctx, methodAccountInfo, &rawMessage{bytes: encodeAddress(addr)}, &reply); err != nil {
		return Account{}, fmt.Errorf("account %s: %w", addr, err)
	}
	account, ok, err := decodeAccountInfo(reply.bytes)
	switch {
	case err != nil:
		return Account{}, fmt.Errorf("account %s: %w", addr, err)
	case !ok:
		return Account{}, fmt.Errorf("account %s: %w", addr, ErrAccountNotFound)
	}
	account.Address = addr
	return account, nil
}

// Balances returns all coins of an account, vesting ones included; none for an
// address that does not exist.
func (c *Client) Balances(ctx context.Context, addr string) (sdk.Coins, error) {
	return c.balances(ctx, methodBalances, addr)
}

// SpendableBalances is [Client.Balances] without coins that are still vesting.
func (c *Client) SpendableBalances(ctx context.Context, addr string) (sdk.Coins, error) {
	return c.balances(ctx, methodSpendable, addr)
}

func (c *Client) balances(ctx context.Context, method, addr string) (sdk.Coins, error) {
	coins, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]sdk.Coin, *query.PageResponse, error) {
		request, err := encodeBalances(addr, page)
		if err != nil {
			return nil, nil, err
		}
		var reply rawMessage
		if err := c.pool.Invoke(ctx, method, &rawMessage{bytes: request}, &reply); err != nil {
			return nil, nil, err
		}
		return decodeBalances(reply.bytes)
	})
	if err != nil {
		return nil, fmt.Errorf("balances of %s: %w", addr, err)
	}
	all := sdk.Coins{}
	for _, one := range coins {
		all = all.Add(one)
	}
	return all, nil
}
