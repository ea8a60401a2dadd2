// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

var _ function.Function = (*price)(nil)

// price turns one way of writing a price into another.
type price struct {
	name, summary, text, parameter, parameterText string

	convert func(amount math.LegacyDec) string
}

// blocksText says what both functions count with.
const blocksText = " Counted in blocks of 6.0 s and months of 30.4375 days, 438300 blocks a month, as everywhere in " +
	"this Terraform provider; 1 uact is 0.000001 USD."

// NewUACTPerBlock returns usd_per_month_to_uact_per_block.
func NewUACTPerBlock() function.Function {
	return &price{
		name: "usd_per_month_to_uact_per_block", summary: "A price in US dollars a month as uact a block",
		text: "Gives the price in uact a block that costs so many US dollars a month, an exact decimal, rounded down at 18 " +
			"digits after the point so that it never costs more: what an SDL's `amount` and `uact_per_block` take." + blocksText,
		parameter: "usd_per_month", parameterText: "US dollars a month, a decimal such as `\"12.50\"`.",
		convert: func(usd math.LegacyDec) string {
			return coin.Trim(coin.PerBlockFromUSDPerMonth(usd, coin.DefaultBlockTime).Amount)
		},
	}
}

// NewUSDPerMonth returns uact_per_block_to_usd_per_month.
func NewUSDPerMonth() function.Function {
	return &price{
		name: "uact_per_block_to_usd_per_month", summary: "A price in uact a block as US dollars a month",
		text: "Gives what a price in uact a block costs in US dollars a month, an exact decimal, not rounded to cents." +
			blocksText,
		parameter: "uact_per_block", parameterText: "uact a block, a decimal such as `\"28.5\"`.",
		convert: func(uact math.LegacyDec) string {
			perBlock := coin.PerBlock{Denom: coin.UACT, Amount: uact}
			return coin.Trim(perBlock.PerMonth(coin.DefaultBlockTime).Quo(coin.FromUSD(math.LegacyOneDec())))
		},
	}
}

// Metadata names the function.
func (f *price) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition describes the function.
func (f *price) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: f.summary, MarkdownDescription: f.text,
		Parameters: []function.Parameter{
			function.StringParameter{Name: f.parameter, MarkdownDescription: f.parameterText},
		},
		Return: function.StringReturn{},
	}
}

// Run converts.
func (f *price) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	amount, err := coin.ParseDecimal(text)
	if err == nil && amount.GT(mostPrice) {
		resp.Error = function.NewArgumentFuncError(0, f.parameter+" is more than any price: "+text)
		return
	}
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, f.parameter+": "+err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, f.convert(amount))
}

// mostPrice keeps products within what a decimal can hold.
var mostPrice = math.LegacyNewDec(1_000_000_000_000)
