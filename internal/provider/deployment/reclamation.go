// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// reclamationChanges reports whether the SDL asks for another reclamation window than the prior one, which the chain
// keeps fixed like a group.
func (p *planner) reclamationChanges(doc *sdl.Document) bool {
	old, _ := sdl.Parse([]byte(p.state.SDL.ValueString()))
	if p.state.SDL.IsNull() || old == nil {
		return false
	}
	before, _ := old.ReclamationMinWindow()
	now, _ := doc.ReclamationMinWindow()
	return before != now
}

// notice plans what groups say of the reclamation window. A deployment that was imported without its SDL has the
// chain's, whatever the configuration's SDL asks for.
func (p *planner) notice(ctx context.Context, doc *sdl.Document) types.String {
	if p.creates || !p.state.SDL.IsNull() {
		return noticeOf(doc)
	}
	onChain, problems := specsIn(ctx, p.state.Groups)
	p.resp.Diagnostics.Append(problems...)
	return noticeIn(onChain, doc)
}

// noticeOf is the reclamation window that a document asks for; null for none.
func noticeOf(doc *sdl.Document) types.String {
	if window, ok := doc.ReclamationMinWindow(); ok {
		return types.StringValue(market.WindowText(window))
	}
	return types.StringNull()
}

// noticeIn is what known groups say of it, all the same; the document's where there are none.
func noticeIn(known map[string]groupModel, doc *sdl.Document) types.String {
	for _, group := range known {
		return group.Notice
	}
	return noticeOf(doc)
}
