// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// importedKey is set in private state from an import, or from a state of the old Terraform provider, to the first
// update: for that long, plans explain what the configuration would change.
const importedKey = "imported"

const usdInUACT = 1_000_000

// readImported fills what only the configuration knows otherwise: the deposit, and the SDL. An SDL of an old state is
// kept while it is what runs; else one is rendered from the chain and the manifest that the gateways run.
func (r *deploymentResource) readImported(
	ctx context.Context, deployer *deploy.Deployer, found deploy.Deployment, state *model, problems *diag.Diagnostics,
) {
	manifest := types.StringNull()
	if doc := runs(state.SDL, found.Hash); doc != nil {
		manifest = types.StringValue(string(doc.ManifestJSON()))
	} else if recovered, err := deployer.RecoverManifest(ctx, found); err == nil {
		state.SDL = types.StringValue(string(recovered.SDL))
		manifest = types.StringValue(string(recovered.Manifest))
	} else {
		state.SDL = types.StringNull()
		problems.AddWarning("Manifest not recovered", fmt.Sprintf(
			"The manifest of deployment %s could not be read back from its Akash providers: %v\n\n"+
				"Write the SDL it was made from into the configuration. If its hash is the one on chain, the first apply only "+
				"changes state; if it is not, the plan says what differs.", found.ID, err))
	}
	hash := types.StringValue(hex.EncodeToString(found.Hash))
	notice := types.StringNull()
	if found.Reclamation > 0 {
		notice = types.StringValue(market.WindowText(found.Reclamation))
	}
	groups, more := groupsValue(found.Specs(), shared{
		id: types.StringValue(found.ID.String()), hash: hash, manifest: manifest, ceiling: state.PriceCeiling,
		notice: notice, secrets: types.ListNull(types.StringType),
	})
	problems.Append(more...)
	state.Groups, state.DepositSources = groups, balanceOnly()
	state.LabelsAll = r.Data.LabelsAll(state.Labels)
	state.MaxUSDPerMonth = types.StringValue(
		market.Most(found.Specs(), r.Data.Ceiling).USDPerMonth(r.Data.BlockTime))
	state.DepositTarget = types.StringValue(found.Balance.Add(found.Spent).TruncateInt().String())
	state.Deposit = depositUSD(coin.Trim(found.Balance.Add(found.Spent).QuoInt64(usdInUACT)))
	if old := oldPrices(found); len(old) > 0 {
		problems.AddWarning("Deployment "+found.ID.String()+" is not priced in uact", fmt.Sprintf(
			"The chain has the price of group %s in another denomination, from before the network took uact, and keeps it. "+
				"Its leases are not counted in US dollars: funded_until and max_usd_per_month leave them out. The configuration "+
				"still takes prices in uact only; sdl_upgrade turns the SDL into one. That alone is no change; a new price is, "+
				"and replaces the deployment.", strings.Join(old, ", ")))
	}
}

// runs gives an SDL whose manifest has the hash on chain, nil for any other.
func runs(text types.String, hash []byte) *sdl.Document {
	doc, _ := sdl.Parse([]byte(text.ValueString()))
	if doc == nil || !bytes.Equal(doc.Hash(), hash) {
		return nil
	}
	return doc
}

// oldPrices lists the groups that are not priced in uact, by name.
func oldPrices(found deploy.Deployment) []string {
	var names []string
	for _, spec := range found.Specs() {
		if !inUACT(spec) {
			names = append(names, spec.Name)
		}
	}
	return names
}

// unread reports a state that no refresh has completed since it came from the old Terraform provider: what the chain
// has is not in it, and without that nobody can tell an update from a replacement.
func (m *model) unread(problems *diag.Diagnostics) bool {
	if !m.Groups.IsNull() || m.ID.IsNull() {
		return false
	}
	problems.AddError("Deployment not read yet", fmt.Sprintf("The state of deployment %s comes from the old Terraform "+
		"provider and lacks what is on chain. Nothing was changed.\n\nPlan once without -refresh=false.", m.ID.ValueString()))
	return true
}

// tellImported says what the first plan after an import would change, since the CLI can only compare a rendered text
// with a written one, or nothing with it.
func (p *planner) tellImported(ctx context.Context, private providerdata.PrivateReader) {
	mark, problems := private.GetKey(ctx, importedKey)
	p.resp.Diagnostics.Append(problems...)
	if len(mark) == 0 || p.laid == nil || p.state == nil || p.resp.Diagnostics.HasError() {
		return
	}
	onChain, problems := specsIn(ctx, p.state.Groups)
	p.resp.Diagnostics.Append(problems...)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(onChain)) {
		before, err := sdl.ParseGroupText(onChain[name].Spec.ValueString())
		if err != nil {
			continue
		}
		lines = append(lines, p.groupLines(name, before)...)
	}
	for _, spec := range p.laid.Groups() {
		if _, there := onChain[spec.Name]; !there && p.creates {
			lines = append(lines, "group "+spec.Name+": only in the configuration")
		}
	}
	if len(lines) == 0 {
		lines = []string{"the reclamation window"}
	}
	switch {
	case p.creates:
		p.resp.Diagnostics.AddAttributeWarning(path.Root("sdl"), "Imported deployment "+p.state.ID.ValueString()+
			" is not the configured one", "Apply would close it and open another. Its groups on chain and in the "+
			"configuration differ in\n"+indented(lines)+"\nTo keep it, write these into the SDL as they are on chain.")
	case !p.plan.Hash.IsUnknown() && !p.plan.Hash.Equal(p.state.Hash):
		p.resp.Diagnostics.AddAttributeWarning(path.Root("sdl"), "Imported deployment "+p.state.ID.ValueString()+
			" runs another manifest", p.otherManifest(onChain))
	}
}

// groupLines lists what differs between a group on chain and the configured one; prices in another denomination are
// the same.
func (p *planner) groupLines(name string, before deploymentv1beta4.GroupSpec) []string {
	for _, spec := range p.laid.Groups() {
		if spec.Name != name {
			continue
		}
		if !p.creates || !inUACT(before) {
			return nil
		}
		var lines []string
		for _, difference := range sdl.GroupDifferences(before, market.Cap(spec, p.terms.ceiling)) {
			lines = append(lines, "group "+name+": "+difference)
		}
		return lines
	}
	return []string{"group " + name + ": only on chain"}
}

// otherManifest explains a hash that is not the one on chain.
func (p *planner) otherManifest(onChain map[string]groupModel) string {
	text := fmt.Sprintf("The groups are the same, so it stays. On chain is the manifest hash\n %s\nand the configured "+
		"SDL has\n %s\nApply puts the latter on chain, and an akash_lease of it delivers the manifest, with which changed "+
		"services start anew.", p.state.Hash.ValueString(), p.plan.Hash.ValueString())
	for _, group := range onChain {
		if group.Manifest.IsNull() || group.Manifest.IsUnknown() {
			break
		}
		lines := sdl.ManifestDifferences([]byte(group.Manifest.ValueString()), p.laid.ManifestJSON())
		if len(lines) == 0 {
			return text + " They differ in the order of variables or services alone, which counts."
		}
		return text + " What runs and what is configured differ in\n" + indented(lines)
	}
	return text + "\n\nWhat runs could not be read, so nobody can say what differs: an image, a variable or their order " +
		"is enough. For a first apply that only changes state, write the very SDL it was made from."
}

// indented puts each line on one of its own, which the CLI does not wrap.
func indented(lines []string) string {
	const most = 20
	more := ""
	if len(lines) > most {
		more = fmt.Sprintf("\n … and %d more", len(lines)-most)
		lines = lines[:most]
	}
	return " " + strings.Join(lines, "\n ") + more
}
