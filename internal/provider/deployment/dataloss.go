// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// keepsKey is where a plan's private state says what persistent storage the deployment in state keeps: the second of
// the two calls that plan a replacement, which -replace asks for too, knows no state.
const keepsKey = "keeps"

// keeps says what persistent storage the groups in state keep, as in "dcloud: 10 GiB of beta2"; "" is none.
func keeps(ctx context.Context, groups types.Map) string {
	onChain, _ := specsIn(ctx, groups) // problems of reading state were told before
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(onChain)) {
		spec, err := sdl.ParseGroupText(onChain[name].Spec.ValueString())
		if err != nil {
			continue // of a state that does not know it
		}
		if kept := deploy.PersistentStorage(spec); kept != "" {
			texts = append(texts, name+": "+kept)
		}
	}
	return strings.Join(texts, "; ")
}

// checkDataLoss refuses to replace a deployment whose persistent storage goes with it, unless the configuration allows
// that. what names the reason.
func (p *planner) checkDataLoss(kept, what string) {
	if kept == "" || p.plan.AllowDataLoss.ValueBool() || p.plan.AllowDataLoss.IsUnknown() {
		return
	}
	p.resp.Diagnostics.AddAttributeError(path.Root("allow_data_loss"), "Persistent data would be lost: "+what, fmt.Sprintf(
		"This plan replaces a deployment that keeps persistent storage (%s). It goes with the old deployment, also with "+
			"create_before_destroy: nothing copies it to the new one. Nothing was changed.\n\nCopy the data and set "+
			"allow_data_loss = true, or undo the change that replaces the deployment.", kept))
}

// checkForced is [planner.checkDataLoss] for a replacement that the configuration did not ask for, as -replace does:
// the first call leaves in private state what the second one needs.
func (p *planner) checkForced(ctx context.Context, private providerdata.PrivateReader) {
	if p.state == nil {
		var kept string
		if text, _ := private.GetKey(ctx, keepsKey); len(text) > 0 && json.Unmarshal(text, &kept) == nil {
			p.checkDataLoss(kept, "replacement asked for")
		}
		return
	}
	text, err := json.Marshal(keeps(ctx, p.state.Groups))
	if err == nil {
		p.resp.Diagnostics.Append(p.resp.Private.SetKey(ctx, keepsKey, text)...)
	}
}
