// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// The chain keeps a group's prices fixed once it exists. They are the SDL's, lowered to the ceilings that are in force
// when the deployment is created; from then on the groups in state say what they are, and a ceiling filters bids alone.

// termsOf is what provider block and resource say about money.
func (r *deploymentResource) termsOf(ctx context.Context, m model) (terms, diag.Diagnostics) {
	t := r.terms()
	own, known, problems := ceiling.Read(ctx, m.PriceCeiling, t.blockTime, ceiling.FromDeployment)
	t.ceiling = ceiling.Tightest(own, t.ceiling)
	t.open = t.open || !known
	return t, problems
}

// specsOf is what the groups of a deployment are on chain, as the plan has it, in the order of the document.
func (r *deploymentResource) specsOf(
	ctx context.Context, plan model, doc *sdl.Document,
) ([]deploymentv1beta4.GroupSpec, diag.Diagnostics) {
	terms, problems := r.termsOf(ctx, plan)
	planned, more := specsIn(ctx, plan.Groups)
	problems.Append(more...)
	return fixed(doc, planned, terms.ceiling), problems
}

// fixed takes each group of the document as known has it, or, where that does not, as it would be created under the
// ceiling.
func fixed(
	doc *sdl.Document, known map[string]groupModel, limit market.Ceiling,
) []deploymentv1beta4.GroupSpec {
	specs := make([]deploymentv1beta4.GroupSpec, 0, len(doc.Groups()))
	for _, spec := range doc.Groups() {
		spec = market.Cap(spec, limit)
		if group, there := known[spec.Name]; there && !group.Spec.IsUnknown() {
			if found, err := sdl.ParseGroupText(group.Spec.ValueString()); err == nil {
				spec = found
			}
		}
		specs = append(specs, spec)
	}
	return specs
}

// unchanged reports whether the chain's group is the one that the document's would make: as it is, under the ceilings
// now in force, or under those that were in force for the same text.
func unchanged(onChain string, spec deploymentv1beta4.GroupSpec, before *sdl.Document, limit market.Ceiling) bool {
	text, err := sdl.GroupText(spec)
	if err != nil {
		return false
	}
	if onChain == text {
		return true
	}
	if capped, err := sdl.GroupText(market.Cap(spec, limit)); err == nil && onChain == capped {
		return true
	}
	if oldPriced(onChain, spec, before) {
		return true
	}
	if before == nil {
		return false
	}
	for _, old := range before.Groups() {
		was, err := sdl.GroupText(old)
		if err == nil && old.Name == spec.Name && was == text {
			return true
		}
	}
	return false
}

// oldPriced reports whether the chain's group is the document's but for prices that are not in uact, which an SDL of
// today cannot say. Once an SDL in uact was applied, another price in it is a change like any.
func oldPriced(onChain string, spec deploymentv1beta4.GroupSpec, before *sdl.Document) bool {
	found, err := sdl.ParseGroupText(onChain)
	if err != nil || inUACT(found) || len(found.Resources) != len(spec.Resources) {
		return false
	}
	if before != nil {
		for _, old := range before.Groups() {
			if old.Name == spec.Name && inUACT(old) {
				return false // compared with that one
			}
		}
	}
	for i := range found.Resources {
		found.Resources[i].Price = spec.Resources[i].Price
	}
	was, err := sdl.GroupText(found)
	is, more := sdl.GroupText(spec)
	return err == nil && more == nil && was == is
}

// inUACT reports whether all prices of a group are in uact.
func inUACT(spec deploymentv1beta4.GroupSpec) bool {
	for _, unit := range spec.Resources {
		if unit.Price.Denom != coin.UACT {
			return false
		}
	}
	return true
}
