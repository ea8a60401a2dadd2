// SPDX-License-Identifier: Apache-2.0

package ipendpoint

import (
	"context"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// checkName refuses a second endpoint of one name that would race the first for an Akash provider: the loser gets no
// address. A policy that is not known yet depends on something that is made before, so that there is no race.
func (p *planner) checkName(ctx context.Context) {
	if p.plan.Name.IsUnknown() || p.plan.Name.IsNull() || !p.known {
		return
	}
	if policy, err := p.plan.BidPolicy.ToTerraformValue(ctx); err != nil || !policy.IsFullyKnown() {
		return
	}
	name := p.plan.Name.ValueString()
	meets := p.Data.PlanEndpoint(p.countedAs(ctx), providerdata.Endpoint{
		Name: name, Allow: p.bids.Market.Allow, Deny: p.bids.Market.Deny,
	})
	if !meets {
		return
	}
	p.resp.Diagnostics.AddAttributeError(namePath, fmt.Sprintf("Two IP endpoints named %q", name), "Another "+
		"akash_ip_endpoint of this plan has the same name, and both may go to the same Akash provider, where one name is "+
		"one address: the second would get none. Nothing was created or spent.\n\nGive them different names. To have one "+
		"name with several Akash providers, keep them apart: by bid_policy.allow with nobody in common, or by\n"+
		" bid_policy = { distinct_from = [akash_ip_endpoint.FIRST.provider_address] }\nin the second, which then waits "+
		"for the first.")
}
