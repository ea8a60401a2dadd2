// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"fmt"
	"strings"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// mostPerGPU is what a probe lets Akash providers ask for a GPU, in uact a block: 60 USD an hour. It is far above any
// ceiling, so that bids over the ceiling are seen too; nothing is leased, so nobody pays it.
const mostPerGPU = 100_000

// request is the probe for the variants.
func (m *profileModel) request(ctx context.Context, p profile) (deploy.ProbeRequest, diag.Diagnostics) {
	in := sdl.Model{
		Services: map[string]sdl.ModelService{}, Compute: map[string]sdl.ModelCompute{},
		Placement: map[string]sdl.ModelPlacement{},
	}
	attributes := map[string]string{}
	var auditors []string
	var problems diag.Diagnostics
	if !m.Attributes.IsNull() {
		problems.Append(m.Attributes.ElementsAs(ctx, &attributes, false)...)
	}
	if !m.Auditors.IsNull() {
		problems.Append(m.Auditors.ElementsAs(ctx, &auditors, false)...)
	}
	if problems.HasError() {
		return deploy.ProbeRequest{}, problems
	}
	for i, v := range p.variants {
		name := fmt.Sprintf("variant-%02d", i+1) // groups are sorted by name
		in.Services[name] = sdl.ModelService{
			Image: "probe", Expose: []sdl.ModelExpose{{Port: 80, To: []sdl.ModelExposeTo{{Global: true}}}},
		}
		gpu := v.gpu
		in.Compute[name] = sdl.ModelCompute{
			CPU: m.CPU.ValueString(), Memory: m.Memory.ValueString(),
			Storage: []sdl.ModelVolume{{Name: "default", Size: m.Storage.ValueString()}}, GPU: &gpu,
		}
		most := math.LegacyNewDec(mostPerGPU).MulInt64(int64(min(gpu.Units, maxUnits)))
		if !v.ceiling.None() && v.ceiling.Limit.Amount.GT(most) {
			most = math.LegacyMinDec(v.ceiling.Limit.Amount.Ceil(), math.LegacyNewDec(chainMost))
		}
		in.Placement[name] = sdl.ModelPlacement{
			Attributes: attributes, SignedByAnyOf: auditors, Pricing: map[string]string{name: coin.Trim(most)},
		}
		in.Deployment = append(in.Deployment, sdl.ModelDeployment{Service: name, Placement: name, Profile: name, Count: 1})
	}
	_, doc, found := sdl.Build(in)
	if doc == nil {
		problems.Append(blame(found)...)
		return deploy.ProbeRequest{}, problems
	}
	return deploy.ProbeRequest{Groups: doc.Groups(), Hash: doc.Hash(), BidWindow: p.window}, problems
}

// chainMost is the highest price of a unit that the chain takes, in uact a block.
const chainMost = 10_000_000

// blame finds the attribute behind a problem of the SDL that a probe is made of. The shape is the same for all
// variants, so each of its problems is told once.
func blame(found sdl.Problems) diag.Diagnostics {
	var problems diag.Diagnostics
	for _, p := range found.Errors() {
		detail := p.Message
		if p.Remedy != "" {
			detail += "\n\n→ " + p.Remedy
		}
		at := path.Empty()
		for part, attribute := range map[string]string{
			".cpu": "cpu", ".memory": "memory", ".storage": "storage", ".attributes": "attributes", ".signedBy": "auditors",
		} {
			if strings.Contains(p.Path, part) && !strings.Contains(p.Path, ".gpu") {
				at = path.Root(attribute)
			}
		}
		if at.Equal(path.Empty()) {
			problems.AddError("Invalid profile", detail)
			continue
		}
		problems.Append(diag.NewAttributeErrorDiagnostic(at, "Invalid "+at.String(), detail))
	}
	return problems
}

// asked are what the variants were or will be asked with, by label: everything that a bid depends on but the price.
func (m *profileModel) asked(ctx context.Context, p profile) (map[string]string, diag.Diagnostics) {
	request, problems := m.request(ctx, p)
	if problems.HasError() {
		return nil, problems
	}
	asked := map[string]string{}
	for i, v := range p.variants {
		text, err := bare(request.Groups[i])
		if err != nil {
			problems.AddError("Invalid profile", err.Error())
			return nil, problems
		}
		asked[v.label] = text
	}
	return asked, problems
}

// bare is a group without its name and price.
func bare(group deploymentv1beta4.GroupSpec) (string, error) {
	group.Name = ""
	units := make([]deploymentv1beta4.ResourceUnit, 0, len(group.Resources))
	for _, unit := range group.Resources {
		unit.Resource.ID, unit.Price.Amount = 0, math.LegacyZeroDec()
		units = append(units, unit)
	}
	group.Resources = units
	text, err := sdl.GroupJSON(group)
	return string(text), err
}
