// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var _ function.Function = (*sdlUpgrade)(nil)

type sdlUpgrade struct{}

// NewSDLUpgrade returns sdl_upgrade.
func NewSDLUpgrade() function.Function { return &sdlUpgrade{} }

// Metadata names the function.
func (f *sdlUpgrade) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sdl_upgrade"
}

// Definition describes the function. The rate is variadic so that it may be left out; it is not nullable as well, since
// OpenTofu 1.12 sends a null of a variadic parameter in a form that the framework cannot read.
func (f *sdlUpgrade) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Bring an old SDL up to date",
		MarkdownDescription: "Gives the SDL as today's network wants it. Prices in `uakt` become `uact` of the same value, " +
			"which needs the second argument; prices in the network's USDC become `uact` as they are. Sizes the network " +
			"refuses for their suffix get the one that was meant: `512mi` becomes `512Mi`, `4GB` becomes `4G`, `80GB` of GPU " +
			"memory becomes `80Gi`.\n\nNothing else changes, byte for byte: comments, order and quotes stay, and so does the " +
			"version. A text that needs nothing comes back as it is. A text the network would still refuse is an error with " +
			"every problem and its line, and so is a price in `uakt` without a rate.",
		Parameters: []function.Parameter{textParameter()},
		VariadicParameter: function.StringParameter{
			Name: "usd_per_akt",
			MarkdownDescription: "What one AKT is worth in US dollars, an exact decimal such as `0.85`; at most one. May be " +
				"left out when no price is in `uakt`; pass a rate that may be null as `compact([var.rate])...`.",
		},
		Return: function.StringReturn{},
	}
}

// Run upgrades.
func (f *sdlUpgrade) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	var rates []string
	if resp.Error = req.Arguments.Get(ctx, &text, &rates); resp.Error != nil {
		return
	}
	if len(rates) > 1 {
		resp.Error = function.NewArgumentFuncError(2, "One rate is enough: sdl_upgrade(text, usd_per_akt).")
		return
	}
	var options sdl.UpgradeOptions
	if len(rates) == 1 {
		rate, err := coin.ParseDecimal(rates[0])
		if err != nil || !rate.IsPositive() {
			resp.Error = function.NewArgumentFuncError(1, "usd_per_akt must be a decimal above zero such as 0.85.")
			return
		}
		options.USDPerAKT = rate
	}
	upgraded, problems := sdl.Upgrade([]byte(text), options)
	if upgraded == nil {
		resp.Error = invalid(problems)
		return
	}
	resp.Error = resp.Result.Set(ctx, string(upgraded))
}
