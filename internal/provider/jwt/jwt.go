// SPDX-License-Identifier: Apache-2.0

// Package jwt is akash_jwt: a token for gateways of Akash providers, as an ephemeral resource and as a data source.
// Nothing happens on chain: the key signs, and nobody else is asked.
package jwt

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// defaultLifetime is what the network's reference client takes.
const defaultLifetime = "15m"

// model is the same for both kinds.
type model struct {
	Access      types.String `tfsdk:"access"`
	Scope       types.List   `tfsdk:"scope"`
	LeaseID     types.String `tfsdk:"lease_id"`
	Services    types.List   `tfsdk:"services"`
	Permissions types.List   `tfsdk:"permissions"`
	Lifetime    types.String `tfsdk:"lifetime"`
	Owner       types.String `tfsdk:"owner"`
	Token       types.String `tfsdk:"token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// validate judges the configuration as far as it is known. owner is "" where it is not.
func (m model) validate(ctx context.Context, owner string) diag.Diagnostics {
	grant, known, problems := m.grant(ctx, owner)
	if !known || problems.HasError() {
		return problems
	}
	if err := grant.Validate(); err != nil {
		problems.AddAttributeError(path.Root("access"), "Invalid access", fmt.Sprintf(
			"%v.\n\nfull takes nothing else; scoped takes scope; granular takes permissions, or lease_id with scope and "+
				"services. Gateways refuse any other token.", err))
	}
	return problems
}

// fill makes the token.
func (m *model) fill(ctx context.Context, data *providerdata.Data, now time.Time) diag.Diagnostics {
	var problems diag.Diagnostics
	switch {
	case data.Key == nil && data.Owner == "":
		problems.AddError("Signing key not known yet", "The provider block depends on values that only apply knows, so no "+
			"token can be made now.")
		return problems
	case data.Key == nil:
		problems.AddError("No signing key", "A token is signed by its owner's key, and the provider block has none; none of "+
			"the environment variables "+providerdata.KeyVariables+" is set either.\n\nSet key in the provider block.")
		return problems
	case data.Key.Address() != data.Owner:
		problems.AddError("Key of another account", fmt.Sprintf("The key belongs to %s, which acts for %s and cannot sign a "+
			"token for it: gateways take the owner's alone.\n\nLet %s make the token, or publish a certificate for it with "+
			"akash_certificate.", data.Key.Address(), data.Owner, data.Owner))
		return problems
	}
	problems.Append(m.validate(ctx, data.Owner)...)
	if problems.HasError() {
		return problems
	}
	grant, _, more := m.grant(ctx, data.Owner)
	problems.Append(more...)
	lifetime, err := time.ParseDuration(cmp.Or(m.Lifetime.ValueString(), defaultLifetime))
	if err != nil {
		problems.AddAttributeError(path.Root("lifetime"), "Invalid lifetime", err.Error())
		return problems
	}
	expiresAt := now.Add(lifetime).Truncate(time.Second)
	token, err := gateway.GrantToken(data.Key, grant, now, expiresAt)
	if err != nil {
		problems.AddError("Token cannot be made", fmt.Sprintf("%v\n\nNothing was sent.", err))
		return problems
	}
	m.Token, m.Owner = types.StringValue(token), types.StringValue(data.Owner)
	m.ExpiresAt = types.StringValue(expiresAt.UTC().Format(time.RFC3339))
	return problems
}
