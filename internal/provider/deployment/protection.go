// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

func protectionAttribute() schema.Attribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Whether Terraform refuses to close this deployment, be it to destroy or to replace it. What " +
			"counts is the value in state: set `false` and apply, before you destroy or replace. Nothing on chain knows of " +
			"it, and a change sends no transaction. Default `true` when a group keeps persistent storage, else `false`. " +
			"Example: `false`.",
	}
}

// protectedKey is where a plan's private state says whether the deployment in state is protected: the second of the two
// calls that plan a replacement, which -replace asks for too, knows no state.
const protectedKey = "protected"

// protectionOf is the default of deletion_protection.
func protectionOf(specs []deploymentv1beta4.GroupSpec) types.Bool {
	for _, spec := range specs {
		if deploy.PersistentStorage(spec) != "" {
			return types.BoolValue(true)
		}
	}
	return types.BoolValue(false)
}

// protected reports whether Terraform must not close the deployment. A state from before there was the attribute goes
// by the default.
func (m *model) protected(ctx context.Context) bool {
	if m.DeletionProtection.IsNull() {
		return keeps(ctx, m.Groups) != ""
	}
	return m.DeletionProtection.ValueBool()
}

// fillProtection gives a state without deletion_protection, an imported or an older one, the default.
func (m *model) fillProtection(ctx context.Context) {
	if m.DeletionProtection.IsNull() {
		m.DeletionProtection = types.BoolValue(m.protected(ctx))
	}
}

// planProtection plans deletion_protection where the configuration leaves it open. A state from before there was the
// attribute does not differ for its lack.
func (p *planner) planProtection(configured types.Bool) {
	switch {
	case !configured.IsNull():
		return // as it is configured
	case p.state != nil && !p.creates && p.state.DeletionProtection.IsNull():
		p.plan.DeletionProtection = types.BoolNull()
	case p.laid == nil:
		p.plan.DeletionProtection = types.BoolUnknown()
	default:
		p.plan.DeletionProtection = protectionOf(p.specs)
	}
}

// checkProtection refuses a replacement of what is protected, also one that the configuration did not ask for.
func (p *planner) checkProtection(ctx context.Context, private providerdata.PrivateReader) {
	if p.state == nil {
		if text, _ := private.GetKey(ctx, protectedKey); string(text) == "true" {
			p.resp.Diagnostics.Append(refusedReplacement("The deployment"))
		}
		return
	}
	protected := p.state.protected(ctx)
	p.resp.Diagnostics.Append(
		p.resp.Private.SetKey(ctx, protectedKey, []byte(strconv.FormatBool(protected)))...)
	if protected && p.creates {
		p.resp.Diagnostics.Append(refusedReplacement("Deployment " + p.state.ID.ValueString()))
	}
}

func refusedReplacement(what string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "Replacement of a protected deployment",
		what+" has deletion_protection on in state, and this plan replaces it. Nothing was changed; it runs on.\n\n"+
			"Undo what replaces it, or set deletion_protection = false and apply that alone, then make the change. With "+
			"persistent storage the change also needs allow_data_loss = true.")
}

// checkDestroy refuses to destroy what is protected.
func (m *model) checkDestroy(ctx context.Context, problems *diag.Diagnostics) {
	if !m.protected(ctx) {
		return
	}
	storage := ""
	if kept := keeps(ctx, m.Groups); kept != "" {
		storage = fmt.Sprintf(" It keeps persistent storage (%s), which goes when it is closed.", kept)
	}
	problems.AddError("Deployment is protected: "+m.ID.ValueString(), "It has deletion_protection on in state, so it is "+
		"not closed."+storage+" Nothing was changed; it runs on, and its escrow pays for it.\n\nTo end it, set "+
		"deletion_protection = false in its configuration (put its block back if it is gone), apply, then destroy.")
}
