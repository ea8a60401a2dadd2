// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// authzModel is akash_authz_grant in configuration, plan and state.
type authzModel struct {
	ID            types.String   `tfsdk:"id"`
	Granter       types.String   `tfsdk:"granter"`
	Grantee       types.String   `tfsdk:"grantee"`
	MessageType   types.String   `tfsdk:"message_type"`
	Deposit       types.Object   `tfsdk:"deposit"`
	ExpiresAt     types.String   `tfsdk:"expires_at"`
	Kind          types.String   `tfsdk:"kind"`
	RemainingUACT types.String   `tfsdk:"remaining_uact"`
	RemainingUAKT types.String   `tfsdk:"remaining_uakt"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

type authzIdentity struct {
	Granter     types.String `tfsdk:"granter"`
	Grantee     types.String `tfsdk:"grantee"`
	MessageType types.String `tfsdk:"message_type"`
}

type depositModel struct {
	UACT   types.String `tfsdk:"spend_limit_uact"`
	UAKT   types.String `tfsdk:"spend_limit_uakt"`
	Scopes types.Set    `tfsdk:"scopes"`
}

var depositTypes = map[string]attr.Type{
	"spend_limit_uact": types.StringType, "spend_limit_uakt": types.StringType,
	"scopes": types.SetType{ElemType: types.StringType},
}

func text(s string) types.String { return types.StringValue(s) }

// deposit reads the nested attribute; the zero value when there is none or it is not known yet.
func (m *authzModel) deposit(ctx context.Context) (depositModel, diag.Diagnostics) {
	var d depositModel
	if m.Deposit.IsNull() || m.Deposit.IsUnknown() {
		return d, nil
	}
	problems := m.Deposit.As(ctx, &d, basetypes.ObjectAsOptions{})
	return d, problems
}

// settle fills the computed part of a plan from configuration and prior state; nil is a new grant. It reports whether
// apply would grant anything, and whether the grant stands under another type of message than the prior one.
func (m *authzModel) settle(
	ctx context.Context, state *authzModel, problems *diag.Diagnostics,
) (grants, replaces bool) {
	deposit, more := m.deposit(ctx)
	problems.Append(more...)
	switch {
	case m.Deposit.IsUnknown():
		m.Kind, m.MessageType = types.StringUnknown(), types.StringUnknown()
		deposit.UACT, deposit.UAKT = types.StringUnknown(), types.StringUnknown()
	case m.Deposit.IsNull():
		m.Kind = text(chain.KindGeneric)
	default:
		m.Kind, m.MessageType = text(chain.KindDeposit), text(deploy.DepositMessage)
	}
	m.RemainingUACT, m.RemainingUAKT = deposit.UACT, deposit.UAKT
	m.ID, m.Granter = types.StringUnknown(), types.StringUnknown()
	if state == nil || !same(m.Grantee, state.Grantee) {
		return true, false
	}
	if !same(m.MessageType, state.MessageType) {
		return true, true
	}
	m.ID, m.Granter = state.ID, state.Granter
	if !m.ExpiresAt.IsUnknown() && !m.ExpiresAt.IsNull() && timeOf(m.ExpiresAt).Equal(timeOf(state.ExpiresAt)) {
		m.ExpiresAt = state.ExpiresAt
	}
	if m.sameGrant(*state) {
		m.RemainingUACT, m.RemainingUAKT = state.RemainingUACT, state.RemainingUAKT
		return false, false
	}
	return true, false
}

// sameGrant reports whether two models of one type of message ask the same of the chain.
func (m *authzModel) sameGrant(other authzModel) bool {
	return same(m.Kind, other.Kind) && same(m.ExpiresAt, other.ExpiresAt) &&
		!m.Deposit.IsUnknown() && m.Deposit.Equal(other.Deposit)
}

// wanted is the grant a plan asks for.
func (m *authzModel) wanted(ctx context.Context) (chain.Authorization, diag.Diagnostics) {
	want := chain.Authorization{
		Grantee: m.Grantee.ValueString(), Kind: m.Kind.ValueString(), MessageType: m.MessageType.ValueString(),
		ExpiresAt: timeOf(m.ExpiresAt),
	}
	if m.Deposit.IsNull() {
		return want, nil
	}
	deposit, problems := m.deposit(ctx)
	want.SpendLimits = sdk.NewCoins(append(coinOf(coin.UACT, deposit.UACT), coinOf(coin.UAKT, deposit.UAKT)...)...)
	var scopes []string
	problems.Append(deposit.Scopes.ElementsAs(ctx, &scopes, false)...)
	slices.Sort(scopes)
	for _, s := range slices.Backward(scopes) { // deployment before bid
		want.Scopes = append(want.Scopes,
			escrowv1.DepositAuthorization_Scope(escrowv1.DepositAuthorization_Scope_value[s]))
	}
	return want, problems
}

// setFound writes what the chain holds.
func (m *authzModel) setFound(ctx context.Context, id authzID, found chain.Authorization) diag.Diagnostics {
	imported := m.Grantee.IsNull()
	prior, problems := m.deposit(ctx)
	m.setID(id)
	m.Kind, m.ExpiresAt = text(found.Kind), timeValue(found.ExpiresAt, m.ExpiresAt)
	m.RemainingUACT, m.RemainingUAKT = types.StringNull(), types.StringNull()
	m.Deposit = types.ObjectNull(depositTypes)
	if found.Kind != chain.KindDeposit {
		return problems
	}
	deposit := depositModel{}
	deposit.UACT, m.RemainingUACT = limits(found.SpendLimits, coin.UACT, prior.UACT, imported)
	deposit.UAKT, m.RemainingUAKT = limits(found.SpendLimits, coin.UAKT, prior.UAKT, imported)
	var scopes []string
	for _, s := range found.Scopes {
		scopes = append(scopes, s.String())
	}
	var more diag.Diagnostics
	deposit.Scopes, more = types.SetValueFrom(ctx, types.StringType, scopes)
	problems.Append(more...)
	m.Deposit, more = types.ObjectValueFrom(ctx, depositTypes, deposit)
	return append(problems, more...)
}

// limits are a limit and what remains of it. The chain drops a denom that is used up.
func limits(found sdk.Coins, denom string, prior types.String, imported bool) (limit, remaining types.String) {
	left := found.AmountOf(denom)
	if left.IsZero() && prior.IsNull() {
		return types.StringNull(), types.StringNull()
	}
	return limitValue(left, prior, imported), text(left.String())
}

func (m *authzModel) setID(id authzID) {
	m.ID = text(id.String())
	m.Granter, m.Grantee, m.MessageType = text(id.granter), text(id.grantee), text(id.messageType)
}

func (m *authzModel) identity() authzIdentity {
	return authzIdentity{Granter: m.Granter, Grantee: m.Grantee, MessageType: m.MessageType}
}
