// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// feeModel is akash_fee_grant in configuration, plan and state.
type feeModel struct {
	ID              types.String   `tfsdk:"id"`
	Granter         types.String   `tfsdk:"granter"`
	Grantee         types.String   `tfsdk:"grantee"`
	SpendLimit      types.String   `tfsdk:"spend_limit_uakt"`
	AllowedMessages types.Set      `tfsdk:"allowed_messages"`
	ExpiresAt       types.String   `tfsdk:"expires_at"`
	Kind            types.String   `tfsdk:"kind"`
	Remaining       types.String   `tfsdk:"remaining_uakt"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

type feeIdentity struct {
	Granter types.String `tfsdk:"granter"`
	Grantee types.String `tfsdk:"grantee"`
}

// settle fills the computed part of a plan from configuration and prior state; nil is a new grant. It reports whether
// apply would grant anything.
func (m *feeModel) settle(state *feeModel) (grants bool) {
	switch {
	case m.AllowedMessages.IsUnknown():
		m.Kind = types.StringUnknown()
	case m.AllowedMessages.IsNull():
		m.Kind = types.StringValue(chain.KindBasic)
	default:
		m.Kind = types.StringValue(chain.KindAllowedMsg)
	}
	m.Remaining = m.SpendLimit
	if state == nil || !same(m.Grantee, state.Grantee) {
		m.ID, m.Granter = types.StringUnknown(), types.StringUnknown()
		return true
	}
	m.ID, m.Granter = state.ID, state.Granter
	if !m.ExpiresAt.IsUnknown() && !m.ExpiresAt.IsNull() && timeOf(m.ExpiresAt).Equal(timeOf(state.ExpiresAt)) {
		m.ExpiresAt = state.ExpiresAt
	}
	grants = !m.sameGrant(*state)
	if !grants {
		m.Remaining = state.Remaining
	}
	return grants
}

// sameGrant reports whether two models ask the same of the chain.
func (m *feeModel) sameGrant(other feeModel) bool {
	return same(m.Kind, other.Kind) && same(m.SpendLimit, other.SpendLimit) && same(m.ExpiresAt, other.ExpiresAt) &&
		!m.AllowedMessages.IsUnknown() && m.AllowedMessages.Equal(other.AllowedMessages)
}

// wanted is the allowance a plan asks for.
func (m *feeModel) wanted(ctx context.Context) (chain.FeeAllowance, diag.Diagnostics) {
	want := chain.FeeAllowance{
		Grantee: m.Grantee.ValueString(), Kind: m.Kind.ValueString(), ExpiresAt: timeOf(m.ExpiresAt),
	}
	if !m.SpendLimit.IsNull() {
		want.SpendLimit = sdk.NewCoins(coinOf(coin.UAKT, m.SpendLimit)...)
	}
	if m.AllowedMessages.IsNull() {
		return want, nil
	}
	problems := m.AllowedMessages.ElementsAs(ctx, &want.AllowedMessages, false)
	return want, problems
}

// setFound writes what the chain holds.
func (m *feeModel) setFound(ctx context.Context, found chain.FeeAllowance) diag.Diagnostics {
	imported := m.Grantee.IsNull()
	m.setID(found.Granter, found.Grantee)
	m.Kind, m.ExpiresAt = types.StringValue(found.Kind), timeValue(found.ExpiresAt, m.ExpiresAt)
	m.Remaining = types.StringNull()
	if found.SpendLimit == nil {
		m.SpendLimit = types.StringNull()
	} else {
		left := found.SpendLimit.AmountOf(coin.UAKT)
		m.Remaining = types.StringValue(left.String())
		m.SpendLimit = limitValue(left, m.SpendLimit, imported)
	}
	m.AllowedMessages = types.SetNull(types.StringType)
	if len(found.AllowedMessages) == 0 {
		return nil
	}
	set, problems := types.SetValueFrom(ctx, types.StringType, found.AllowedMessages)
	m.AllowedMessages = set
	return problems
}

func (m *feeModel) setID(granter, grantee string) {
	m.ID = types.StringValue(granter + "/" + grantee)
	m.Granter, m.Grantee = types.StringValue(granter), types.StringValue(grantee)
}
