// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// Draft shows tests the ordered transaction that the wire vectors describe.
type Draft struct {
	Msgs                    []sdk.Msg
	Memo, ChainID           string
	AccountNumber, Sequence uint64
	Fee                     sdk.Coins
	GasLimit                uint64
}

// Built is every stage of a signed transaction.
type Built struct {
	Body, AuthInfo, SignBytes, Raw []byte
	Hash                           string
}

// Build signs d and returns every stage.
func Build(d Draft, key keys.Key) (Built, error) {
	inner := draft{
		msgs: d.Msgs, memo: d.Memo, chainID: d.ChainID, accountNumber: d.AccountNumber, sequence: d.Sequence,
		fee: d.Fee, gasLimit: d.GasLimit,
	}
	body, authInfo, err := inner.encode(key.PubKey())
	if err != nil {
		return Built{}, err
	}
	signBytes, err := inner.signBytes(body, authInfo)
	if err != nil {
		return Built{}, err
	}
	s, err := inner.sign(key)
	return Built{Body: body, AuthInfo: authInfo, SignBytes: signBytes, Raw: s.raw, Hash: s.hash}, err
}

// GasLimit shows tests the gas that is paid for when a simulation used this much.
func GasLimit(adjustment string, used uint64) (uint64, error) {
	p, err := newPricer("", adjustment, math.Int{})
	if err != nil {
		return 0, err
	}
	return p.gasLimit(used, moreGas.Mul(moreGas)), nil
}

// NextTimeout shows tests how timeouts are chosen.
func (e *Engine) NextTimeout(blockTime time.Time) time.Time { return e.nextTimeout(blockTime) }
