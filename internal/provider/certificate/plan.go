// SPDX-License-Identifier: Apache-2.0

package certificate

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
)

// ValidateConfig refuses a certificate that would be renewed by every apply.
func (r *certificateResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		_, problems := m.validFor()
		resp.Diagnostics.Append(problems...)
	}
}

// validFor is how long a certificate is to hold, and checks that it is longer than renew_before; 0 while either is not
// known. Null stands for the default.
func (m *model) validFor() (time.Duration, diag.Diagnostics) {
	if m.ValidFor.IsUnknown() || m.RenewBefore.IsUnknown() {
		return 0, nil
	}
	texts := [2]string{defaultValidFor, defaultRenewBefore}
	if !m.ValidFor.IsNull() {
		texts[0] = m.ValidFor.ValueString()
	}
	if !m.RenewBefore.IsNull() {
		texts[1] = m.RenewBefore.ValueString()
	}
	validFor, err := time.ParseDuration(texts[0])
	early, earlyErr := time.ParseDuration(texts[1])
	var problems diag.Diagnostics
	switch {
	case err != nil || earlyErr != nil:
		return 0, nil // the validators say it
	case early >= validFor:
		problems.AddAttributeError(path.Root("renew_before"), "Renewal before the beginning", fmt.Sprintf(
			"renew_before is %s and valid_for is %s: every apply would renew the certificate. Lower renew_before below "+
				"valid_for. Nothing was published.", texts[1], texts[0]))
	case validFor < time.Minute:
		problems.AddAttributeError(path.Root("valid_for"), "Too short", fmt.Sprintf(
			"valid_for is %s; a certificate that ends before its transaction is in a block is of no use. Take at least 1m.",
			texts[0]))
	}
	return validFor, problems
}

// ModifyPlan decides from configuration and state alone whether the certificate stays or is renewed.
func (r *certificateResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		plan.planFresh()
		if r.Data != nil && r.Data.Owner != "" {
			plan.Owner = types.StringValue(r.Data.Owner)
		}
		r.checkGrants(ctx, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	kept := state
	kept.ValidFor, kept.RenewBefore, kept.Timeouts = plan.ValidFor, plan.RenewBefore, plan.Timeouts
	if state.renewedBy(plan) {
		kept.planFresh()
		kept.ID, kept.Owner = state.ID, state.Owner
		resp.Diagnostics.Append(r.checkOwner(state)...)
		r.checkGrants(ctx, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &kept)...)
}

// renewedBy tells whether a plan renews the certificate of the state.
func (m *model) renewedBy(plan model) bool {
	return m.RenewalReason.ValueString() != "" || !m.ValidFor.Equal(plan.ValidFor)
}

// planFresh is what is known of a certificate before it is made.
func (m *model) planFresh() {
	unknown := types.StringUnknown()
	m.ID, m.Owner, m.Serial, m.NotBefore, m.NotAfter = unknown, unknown, unknown, unknown, unknown
	m.CertificatePEM, m.PublicKeyPEM, m.PrivateKeyPEM = unknown, unknown, unknown
	m.State, m.RenewalReason = types.StringValue(stateValid), types.StringNull()
}

func (r *certificateResource) checkGrants(ctx context.Context, problems *diag.Diagnostics) {
	if r.Data != nil {
		problems.Append(r.Data.CheckGrants(ctx, deploy.CertificateNeeds())...)
	}
}

// checkOwner refuses to touch another account's certificate.
func (r *certificateResource) checkOwner(state model) diag.Diagnostics {
	if r.Data == nil {
		return nil
	}
	return r.Data.CheckOwner("Certificate", state.Owner.ValueString(), "Certificate "+state.ID.ValueString())
}
