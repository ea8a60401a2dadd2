// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"
	"fmt"
	gomath "math"
	"sync"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

const (
	// fallbackGasPrice is the default minimum of the network's nodes, in uakt.
	fallbackGasPrice = "0.0025"
	// defaultGasAdjustment covers what was measured between simulation and
	// block, settlements of running leases included.
	defaultGasAdjustment = "1.25"
	// maxGasAdjustment is far above any use: a block takes no more gas.
	maxGasAdjustment = 10
	// defaultMaxFee is 10 AKT in uakt, ten times the largest shared transaction at the command line's own price, and a
	// limit to what a node can make us pay that tells a wrong price or wrong gas.
	defaultMaxFee = 10_000_000
)

// pricer knows what gas costs. It is safe for concurrent use.
type pricer struct {
	adjustment math.LegacyDec
	maxFee     math.Int
	fixed      bool // the price was configured

	mu    sync.Mutex
	price math.LegacyDec // uakt per unit of gas; nil until asked for
}

func newPricer(gasPrices, adjustment string, maxFee math.Int) (*pricer, error) {
	if adjustment == "" {
		adjustment = defaultGasAdjustment
	}
	factor, err := math.LegacyNewDecFromStr(adjustment)
	if err != nil || factor.LT(math.LegacyOneDec()) || factor.GT(math.LegacyNewDec(maxGasAdjustment)) {
		return nil, fmt.Errorf("gas adjustment %q: want a decimal number from 1 to %d", adjustment, maxGasAdjustment)
	}
	if !maxFee.IsNil() && maxFee.IsNegative() {
		return nil, fmt.Errorf("largest fee %suakt: want zero or more", maxFee)
	}
	if maxFee.IsNil() {
		maxFee = math.NewInt(defaultMaxFee)
	}
	p := &pricer{adjustment: factor, maxFee: maxFee}
	if gasPrices == "" {
		return p, nil
	}
	// Not ParseCoinNormalized: with both denoms registered it turns uact into uakt.
	prices, err := sdk.ParseDecCoins(gasPrices)
	if err != nil {
		return nil, fmt.Errorf("gas prices %q: want a form such as %s%s", gasPrices, fallbackGasPrice, coin.UAKT)
	}
	price := prices.AmountOf(coin.UAKT)
	if !price.IsPositive() {
		return nil, fmt.Errorf("gas prices %q: fees are paid in %s, and it is missing", gasPrices, coin.UAKT)
	}
	p.price, p.fixed = price, true
	return p, nil
}

// gasPrice returns the price in uakt, asking the node the first time.
func (p *pricer) gasPrice(ctx context.Context, api ChainAPI) (math.LegacyDec, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.price.IsNil() {
		return p.price, nil
	}
	prices, err := api.MinGasPrices(ctx)
	if err != nil && !errors.Is(err, chain.ErrUnsupported) {
		return math.LegacyDec{}, fmt.Errorf("gas price: %w", err)
	}
	price := prices.AmountOf(coin.UAKT)
	if !price.IsPositive() {
		price = math.LegacyMustNewDecFromStr(fallbackGasPrice)
	}
	p.price = price
	return price, nil
}

// moreGas is the factor on the gas limit after a transaction ran out of gas in its
// block: a simulation runs at the last committed height and misses what only the
// next block settles.
var moreGas = math.LegacyMustNewDecFromStr("1.5")

// gasLimit is the gas to pay for when a simulation used this much; factor comes
// on top of the adjustment. A node that tells nonsense gets the largest number,
// which no fee can pay.
func (p *pricer) gasLimit(used uint64, factor math.LegacyDec) uint64 {
	limit := p.adjustment.Mul(factor).MulInt(math.NewIntFromUint64(used)).Ceil().TruncateInt()
	if !limit.IsUint64() {
		return gomath.MaxUint64
	}
	return limit.Uint64()
}

// higherFee is the factor on the fee after a transaction that waited for a block in vain: busy nodes take the dearer
// ones first.
var higherFee = math.LegacyMustNewDecFromStr("1.5")

// fee prices the gas. A factor above 1 bids for a place in a block, up to the limit, unless the price was configured.
// It returns a [*MaxFeeError] when the fee is above the limit without it.
func (p *pricer) fee(ctx context.Context, api ChainAPI, gas uint64, factor math.LegacyDec) (math.Int, error) {
	price, err := p.gasPrice(ctx, api)
	if err != nil {
		return math.Int{}, err
	}
	// A price that no gas could be paid at is as good as any higher one, and the product stays a number.
	price = math.LegacyMinDec(price, math.LegacyNewDecFromInt(p.maxFee.AddRaw(1)))
	exact := price.MulInt(math.NewIntFromUint64(gas))
	fee := exact.Ceil().TruncateInt()
	if fee.GT(p.maxFee) {
		return math.Int{}, &MaxFeeError{FeeUAKT: fee, MaxUAKT: p.maxFee, Gas: gas}
	}
	if p.fixed {
		return fee, nil
	}
	return math.MinInt(exact.Mul(factor).Ceil().TruncateInt(), p.maxFee), nil
}

// EstimateFee is the fee in uakt, rounded up, of a transaction that would use so much gas, at the price and with the
// adjustment that the next one pays. It asks the node once for its price where none is configured, and knows no limit.
func (e *Engine) EstimateFee(ctx context.Context, gasUsed uint64) (math.Int, error) {
	price, err := e.pricer.gasPrice(ctx, e.api)
	if err != nil {
		return math.Int{}, err
	}
	gas := math.NewIntFromUint64(e.pricer.gasLimit(gasUsed, math.LegacyOneDec()))
	return price.MulInt(gas).Ceil().TruncateInt(), nil
}

// raise learns a higher price from a refusal; public nodes may ask for more than
// the node that told the minimum. It reports whether another try makes sense: a
// configured price is the user's word and stays. One that was raised meanwhile, by
// another transaction's refusal, makes sense as well.
func (p *pricer) raise(refusal error, gas uint64) bool {
	digits, ok := chain.RequiredFee(refusal)
	if p.fixed || !ok || gas == 0 {
		return false
	}
	required, ok := math.NewIntFromString(digits)
	if !ok {
		return false
	}
	price := math.LegacyNewDecFromInt(required).QuoRoundUp(math.LegacyNewDecFromInt(math.NewIntFromUint64(gas)))
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.price.IsNil() || price.GT(p.price) {
		p.price = price
	}
	return true
}
