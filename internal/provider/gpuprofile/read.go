// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

var asIs = basetypes.ObjectAsOptions{}

// staleTime bounds what a refresh spends on a note.
const staleTime = 10 * time.Second

// readStale writes the note about the offers.
func (r *profileResource) readStale(ctx context.Context, state *profileModel) {
	if state.ProbeID.IsNull() {
		return
	}
	known, err := state.offered(ctx)
	if err != nil {
		tflog.Debug(ctx, "offers in state cannot be read", map[string]any{"error": err.Error()})
		return
	}
	bounded, cancel := context.WithTimeout(ctx, staleTime)
	defer cancel()
	connection, err := r.Data.Connect(bounded)
	var note string
	if err == nil {
		note, err = connection.Deployer.Staleness(bounded, known)
	}
	if err != nil {
		tflog.Debug(ctx, "whether offers are stale was not found out", map[string]any{"error": err.Error()})
		return
	}
	state.Stale = orNull(note)
}

// offered is what the state knows of the chosen variant's offers.
func (m *profileModel) offered(ctx context.Context) (deploy.Offered, error) {
	var chosen chosenModel
	var offers []offerModel
	problems := m.Chosen.As(ctx, &chosen, asIs)
	problems.Append(m.Offers.ElementsAs(ctx, &offers, false)...)
	known := deploy.Offered{Height: m.ProbedHeight.ValueInt64()}
	problems.Append(chosen.Providers.ElementsAs(ctx, &known.Sellers, false)...)
	if problems.HasError() {
		return known, errors.New(problems.Errors()[0].Detail())
	}
	if at, err := time.Parse(time.RFC3339, m.ProbedAt.ValueString()); err == nil {
		known.At = at
	}
	for _, o := range offers {
		if o.Variant.Equal(chosen.Variant) && o.PricePerBlock.Equal(chosen.PricePerBlock) {
			known.GPU = market.GPU{Vendor: vendorNVIDIA, Model: o.Model.ValueString()}
			price, err := coin.ParseDecimal(o.PricePerBlock.ValueString())
			if err != nil {
				return known, err
			}
			known.PerUnit = coin.PerBlock{Denom: coin.UACT, Amount: price.QuoInt64(max(o.Units.ValueInt64(), 1))}
		}
	}
	return known, nil
}

// readImported fills a state that has nothing but the id of a probe.
func (r *profileResource) readImported(ctx context.Context, state *profileModel, problems *diag.Diagnostics) {
	id, err := ids.ParseDeploymentID(state.ID.ValueString())
	if err != nil {
		problems.AddError("Invalid id in state", err.Error())
		return
	}
	connection, err := r.Data.Connect(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return
	}
	probe, specs, err := connection.Deployer.ReadProbe(ctx, id)
	switch {
	case errors.Is(err, deploy.ErrGone):
		problems.AddError("No such probe", fmt.Sprintf("There is no deployment %s on chain.", id))
		return
	case errors.Is(err, deploy.ErrNoProbe):
		problems.AddError("No probe", err.Error()+".\n\nA profile is imported from the deployment of a probe; "+
			"akash_gpu_profile.NAME.probe_id tells it.")
		return
	case err != nil:
		problems.Append(diags.FromError(err))
		return
	}
	if err := state.fill(ctx, specs); err != nil {
		problems.AddError("Probe cannot be imported", fmt.Sprintf("Deployment %s: %v.\n\nNothing is lost: it is closed. "+
			"Write the profile anew; its first apply sends a probe.", id, err))
		return
	}
	// Ceilings are not on chain: what was seen is judged without, and by the configuration in the next plan.
	p, _, more := state.profile(ctx, terms{blockTime: r.Data.BlockTime})
	problems.Append(more...)
	if problems.HasError() {
		return
	}
	j := p.judge(probe.Offers)
	if j.chosen < 0 {
		problems.AddError("Probe found nothing", fmt.Sprintf("Nobody bid on probe %s, so there is nothing to choose:\n%s\n\n"+
			"Write the profile anew; its first apply sends a probe.", id, j.table()))
		return
	}
	state.putProbe(probe)
	problems.Append(state.put(ctx, j)...)
}

// fill writes what a probe's groups ask for as a configuration would.
func (m *profileModel) fill(ctx context.Context, specs []deploymentv1beta4.GroupSpec) error {
	var variants []variantModel
	for i, spec := range specs {
		r := spec.Resources[0].Resource
		if r.CPU == nil || r.Memory == nil || len(r.Storage) != 1 || spec.Resources[0].Count != 1 {
			return errors.New("its groups are not made like those of a probe")
		}
		var gpus []market.GPU
		for _, a := range r.GPU.Attributes {
			g, ok := market.GPUOfKey(a.Key)
			if !ok {
				return fmt.Errorf("GPU %q is not understood", a.Key)
			}
			gpus = append(gpus, g)
		}
		v, ok := variantOf(r.GPU.Units.Val.Uint64(), gpus)
		if !ok {
			return fmt.Errorf("group %q asks for GPUs in a way that no variant can", spec.Name)
		}
		variants = append(variants, v)
		cpu := types.StringValue(r.CPU.Units.Val.String() + "m")
		memory, storage := size(r.Memory.Quantity.Val.Uint64()), size(r.Storage[0].Quantity.Val.Uint64())
		if i > 0 && (!cpu.Equal(m.CPU) || !memory.Equal(m.Memory) || !storage.Equal(m.Storage)) {
			return errors.New("its groups have different processors, memory or storage")
		}
		m.CPU, m.Memory, m.Storage = cpu, memory, storage
		if err := m.fillPlacement(ctx, spec); err != nil {
			return err
		}
	}
	m.fillDefaults()
	m.Models, m.RefreshTriggers = types.ListNull(types.StringType), types.MapNull(types.StringType)
	list, problems := types.ListValueFrom(ctx, types.ObjectType{AttrTypes: variantTypes}, variants)
	m.Variants = list
	if problems.HasError() {
		return errors.New(problems.Errors()[0].Detail())
	}
	return nil
}

func (m *profileModel) fillPlacement(ctx context.Context, spec deploymentv1beta4.GroupSpec) error {
	attributes := map[string]string{}
	for _, a := range spec.Requirements.Attributes {
		attributes[a.Key] = a.Value
	}
	m.Attributes, m.Auditors = types.MapNull(types.StringType), types.ListNull(types.StringType)
	if len(attributes) > 0 {
		values, problems := types.MapValueFrom(ctx, types.StringType, attributes)
		if problems.HasError() {
			return errors.New(problems.Errors()[0].Detail())
		}
		m.Attributes = values
	}
	if auditors := spec.Requirements.SignedBy.AnyOf; len(auditors) > 0 {
		values, problems := types.ListValueFrom(ctx, types.StringType, auditors)
		if problems.HasError() {
			return errors.New(problems.Errors()[0].Detail())
		}
		m.Auditors = values
	}
	return nil
}

// size writes bytes in the largest unit that they are a whole number of.
func size(bytes uint64) types.String {
	for _, unit := range []struct {
		name  string
		bytes uint64
	}{{"Gi", 1 << 30}, {"Mi", 1 << 20}, {"Ki", 1 << 10}} {
		if bytes >= unit.bytes && bytes%unit.bytes == 0 {
			return types.StringValue(fmt.Sprintf("%d%s", bytes/unit.bytes, unit.name))
		}
	}
	return types.StringValue(fmt.Sprint(bytes))
}
