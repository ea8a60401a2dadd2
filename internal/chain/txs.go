// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
)

// Simulate runs a transaction against the chain's last state without landing
// it and returns the gas it used. The signature may be empty, the public key,
// sequence or timeout and a fee above zero must be there: without a fee the
// fee's own gas is missing from the answer.
//
// A transaction that would fail gives a [*RejectedError] with height 0 and no
// code, since a simulation answers with a text only.
//
// A simulation comes before every signature: it waits until each configured
// endpoint that answers was compared, and returns [ErrWrongChainID] while one is
// of another network.
func (c *Client) Simulate(ctx context.Context, txBytes []byte) (gasUsed uint64, err error) {
	if err := c.pool.checked(ctx); err != nil {
		return 0, err
	}
	reply := new(txtypes.SimulateResponse)
	err = c.pool.Invoke(ctx, methodSimulate, &txtypes.SimulateRequest{TxBytes: txBytes}, reply)
	var answered *QueryError
	if errors.As(err, &answered) {
		if errors.Is(err, ErrUnsupported) {
			return 0, err
		}
		return 0, newRejected("", 0, answered.Text, "", 0)
	}
	if err != nil {
		return 0, err
	}
	if reply.GasInfo == nil {
		return 0, errors.New("simulate: the node told no gas")
	}
	return reply.GasInfo.GasUsed, nil
}

// MinGasPrices returns the least gas prices the node takes, per unit of gas.
// Empty when the node takes any. Other nodes may ask for more.
func (c *Client) MinGasPrices(ctx context.Context) (sdk.DecCoins, error) {
	var reply rawMessage
	if err := c.pool.Invoke(ctx, methodNodeConfig, &rawMessage{}, &reply); err != nil {
		return nil, err
	}
	text, err := decodeMinGasPrice(reply.bytes)
	if err != nil {
		return nil, fmt.Errorf("node config: %w", err)
	}
	prices, err := sdk.ParseDecCoins(text)
	if err != nil {
		return nil, fmt.Errorf("node config: minimum gas price %q: %w", cleanLog(text), err)
	}
	return prices, nil
}
