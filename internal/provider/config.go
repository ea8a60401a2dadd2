// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// model is the provider block.
type model struct {
	Network       types.String `tfsdk:"network"`
	ChainID       types.String `tfsdk:"chain_id"`
	GRPC          types.List   `tfsdk:"grpc"`
	RPC           types.List   `tfsdk:"rpc"`
	REST          types.List   `tfsdk:"rest"`
	Owner         types.String `tfsdk:"owner"`
	AllowedOwners types.List   `tfsdk:"allowed_owners"`
	AuthzGranter  types.String `tfsdk:"authz_granter"`
	FeeGranter    types.String `tfsdk:"fee_granter"`
	Key           types.Object `tfsdk:"key"`
	Gas           types.Object `tfsdk:"gas"`
	PriceCeiling  types.Object `tfsdk:"price_ceiling"`
	Preflight     types.String `tfsdk:"preflight"`
	BidPolicy     types.Object `tfsdk:"bid_policy"`
	GatewayAuth   types.Object `tfsdk:"gateway_auth"`
	Budget        types.Object `tfsdk:"budget"`
	AutoMint      types.Bool   `tfsdk:"auto_mint"`
	DefaultLabels types.Map    `tfsdk:"default_labels"`
}

type keyModel struct {
	Mnemonic   types.String `tfsdk:"mnemonic"`
	HDPath     types.String `tfsdk:"hd_path"`
	PrivateKey types.String `tfsdk:"private_key"`
	Keyring    types.Object `tfsdk:"keyring"`
	Exported   types.Object `tfsdk:"exported"`
	Signer     types.Object `tfsdk:"signer"`
}

type keyringModel struct {
	Backend    types.String `tfsdk:"backend"`
	Dir        types.String `tfsdk:"dir"`
	Name       types.String `tfsdk:"name"`
	Passphrase types.String `tfsdk:"passphrase"`
}

type gasModel struct {
	Prices     types.String `tfsdk:"prices"`
	Adjustment types.String `tfsdk:"adjustment"`
	MaxFeeUAKT types.String `tfsdk:"max_fee_uakt"`
}

// settings is the provider block with environment and presets laid under it.
type settings struct {
	chainID   string
	grpc, rpc []string
	rest      []string
	blockTime time.Duration
	// owner is who owns deployments: authzGranter, if set, else the key's account.
	owner string
	// grantee is the key's account when it acts for another owner; "" otherwise.
	grantee string
	// feeGranter pays the fees, if set.
	feeGranter string
	key        keys.Key // nil: plan and refresh only
	ceiling    market.Ceiling
	gasPrices  string
	gasFactor  string
	maxFee     math.Int // nil: no limit
	// gateways are credentials for gateways other than tokens of the key.
	gateways gatewayAuth
	// ceilingUnknown is true while it is not known yet.
	ceilingUnknown bool
	// preflight says what a bad forecast does to a plan.
	preflight providerdata.Preflight
	// budget limits what may be planned and spent.
	budget providerdata.Budget
	// autoMint lets apply burn uakt for missing uact.
	autoMint bool
	// secrets are texts that must never be logged.
	secrets []string
}

// resolver reads the provider block and the environment; problems are collected, not returned one by one.
type resolver struct {
	ctx      context.Context
	getenv   func(string) string
	problems diag.Diagnostics
	unknown  bool
}

// resolve lays configuration over environment over the network's preset. It does no network I/O. With unknown values,
// as in a plan that creates the key itself, what depends on them stays empty and unknown is true.
func resolve(
	ctx context.Context, m model, getenv func(string) string,
) (s settings, unknown bool, problems diag.Diagnostics) {
	r := &resolver{ctx: ctx, getenv: getenv}
	name := r.text(m.Network, "AKASH_NETWORK")
	if name == "" {
		name = defaultNetwork
	}
	preset, ok := networks[name]
	if !ok {
		r.problems.AddAttributeError(path.Root("network"), "Unknown network",
			fmt.Sprintf("%q is none of %s.", name, strings.Join(networkNames(), ", ")))
	}
	s.blockTime = preset.blockTime
	s.chainID = r.text(m.ChainID, "AKASH_CHAIN_ID")
	if s.chainID == "" {
		s.chainID = preset.chainID
	}
	if ok {
		r.endpoints(&s, m, preset)
	}
	if r.unknown { // an endpoint and a chain that do not belong together must not be asked
		s.chainID, s.grpc, s.rpc, s.rest = "", nil, nil, nil
	}
	if name == customNetwork && s.chainID == "" && !r.unknown {
		r.problems.AddAttributeError(path.Root("chain_id"), "No chain id",
			"network = \"custom\" needs chain_id, so that nothing is signed for the wrong chain.")
	}
	r.account(&s, m)
	r.gatewayAuth(&s, m.GatewayAuth)
	r.gas(&s, m)
	r.budget(&s, m)
	s.preflight = r.preflight(m.Preflight)
	s.autoMint = m.AutoMint.ValueBool()
	var known bool
	var more diag.Diagnostics
	s.ceiling, known, more = ceiling.Read(ctx, m.PriceCeiling, s.blockTime, ceiling.FromProviderBlock)
	r.problems.Append(more...)
	s.ceilingUnknown = !known
	r.unknown = r.unknown || !known
	return s, r.unknown, r.problems
}

// text is the configured value, else the environment's; "" when neither is set or the value is unknown.
func (r *resolver) text(value types.String, variable string) string {
	switch {
	case value.IsUnknown():
		r.unknown = true
		return ""
	case !value.IsNull():
		return value.ValueString()
	case variable == "":
		return ""
	default:
		return r.getenv(variable)
	}
}

// list is the configured list, else the environment's comma-separated one.
func (r *resolver) list(value types.List, variable string) []string {
	if value.IsUnknown() {
		r.unknown = true
		return nil
	}
	if !value.IsNull() {
		var elements []types.String
		r.problems.Append(value.ElementsAs(r.ctx, &elements, false)...)
		var found []string
		for _, e := range elements {
			if text := r.text(e, ""); text != "" {
				found = append(found, text)
			}
		}
		return found
	}
	var found []string
	for text := range strings.SplitSeq(r.getenv(variable), ",") {
		if text = strings.TrimSpace(text); text != "" && variable != "" {
			found = append(found, text)
		}
	}
	return found
}

// endpoints takes the preset's only when no kind was given: a private node must not be mixed with public ones.
func (r *resolver) endpoints(s *settings, m model, preset network) {
	s.grpc, s.rpc = r.list(m.GRPC, "AKASH_GRPC"), r.list(m.RPC, "AKASH_NODE")
	s.rest = r.list(m.REST, "AKASH_REST")
	none := func() bool { return len(s.grpc)+len(s.rpc)+len(s.rest) == 0 }
	if none() && !m.GRPC.IsUnknown() && !m.RPC.IsUnknown() && !m.REST.IsUnknown() {
		s.grpc, s.rpc = preset.grpc, preset.rpc
	}
	if none() && !r.unknown {
		r.problems.AddError("No endpoint",
			"This network has no preset endpoints: set grpc, rpc or rest in the provider block.")
	}
}

// gas reads the fee settings.
func (r *resolver) gas(s *settings, m model) {
	var g gasModel
	if m.Gas.IsUnknown() {
		r.unknown = true
		return
	}
	if !m.Gas.IsNull() {
		r.problems.Append(m.Gas.As(r.ctx, &g, basetypes.ObjectAsOptions{})...)
	}
	s.gasPrices = r.text(g.Prices, "AKASH_GAS_PRICES")
	s.gasFactor = r.text(g.Adjustment, "AKASH_GAS_ADJUSTMENT")
	if fee := r.text(g.MaxFeeUAKT, ""); fee != "" {
		limit, err := coin.ParseDecimal(fee)
		if err != nil {
			r.problems.AddAttributeError(path.Root("gas").AtName("max_fee_uakt"), "Invalid max_fee_uakt", err.Error())
			return
		}
		s.maxFee = limit.TruncateInt()
	}
}
