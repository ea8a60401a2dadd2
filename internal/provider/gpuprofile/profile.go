// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// variant is one GPU of the list of preferences.
type variant struct {
	// label names it in state and texts, such as "a100/80Gi/sxm x2". Two variants with one label ask for the same.
	label string
	gpu   sdl.ModelGPU
	// ceiling is for everything together.
	ceiling market.Ceiling
	at      path.Path
}

// profile is a configuration, decoded.
type profile struct {
	variants  []variant
	blockTime time.Duration
	window    time.Duration
	never     bool
}

// terms are what the provider block says.
type terms struct {
	ceiling   market.Ceiling
	blockTime time.Duration
}

// profile decodes what is asked for. known is false while a part of it is not known.
func (m *profileModel) profile(ctx context.Context, t terms) (p profile, known bool, problems diag.Diagnostics) {
	p = profile{blockTime: t.blockTime, never: m.Probe.ValueString() == probeNever}
	for _, scalar := range []types.String{m.Ceiling, m.CPU, m.Memory, m.Storage, m.Probe, m.BidWindow} {
		if scalar.IsUnknown() {
			return p, false, nil
		}
	}
	if m.Models.IsUnknown() || m.Variants.IsUnknown() || m.Units.IsUnknown() || m.Auditors.IsUnknown() ||
		m.Attributes.IsUnknown() {
		return p, false, nil
	}
	if window, err := time.ParseDuration(m.BidWindow.ValueString()); err == nil {
		p.window = window // the validators say when it is none
	}
	list, places, problems := m.list(ctx)
	if problems.HasError() {
		return p, false, problems
	}
	seen := map[string]bool{}
	for i, one := range list {
		for _, part := range []types.String{one.Model, one.VRAM, one.MinVRAM, one.Interface, one.Ceiling} {
			if part.IsUnknown() {
				return p, false, problems
			}
		}
		if one.Units.IsUnknown() {
			return p, false, problems
		}
		if one.Units.IsNull() {
			one.Units = m.Units
		}
		v, err := one.variant(m.Ceiling, t)
		if err == nil && seen[v.label] {
			err = fmt.Errorf("%s is in the list twice; remove one of them", v.label)
		}
		if err != nil {
			problems.AddAttributeError(places[i], "Invalid variant", err.Error())
			continue
		}
		seen[v.label] = true
		v.at = places[i]
		p.variants = append(p.variants, v)
	}
	return p, !problems.HasError(), problems
}

// list is the variants, or the models as such, each with its place in the configuration.
func (m *profileModel) list(ctx context.Context) (list []variantModel, places []path.Path, problems diag.Diagnostics) {
	if !m.Variants.IsNull() {
		problems = m.Variants.ElementsAs(ctx, &list, false)
		for i := range list {
			places = append(places, path.Root("variants").AtListIndex(i))
		}
		return list, places, problems
	}
	var models []types.String
	problems = m.Models.ElementsAs(ctx, &models, false)
	for i, one := range models {
		list = append(list, variantModel{Model: one})
		places = append(places, path.Root("models").AtListIndex(i))
	}
	return list, places, problems
}

// variant decodes one element, whose units are set. The lowest of the ceilings counts.
func (v variantModel) variant(ofProfile types.String, t terms) (variant, error) {
	model, vram, least := v.Model.ValueString(), v.VRAM.ValueString(), v.MinVRAM.ValueString()
	face := v.Interface.ValueString()
	switch {
	case vram != "" && model == "":
		return variant{}, fmt.Errorf("vram = %q needs a model; min_vram = %q asks for any model with as much", vram, vram)
	case face != "" && model == "" && least == "":
		return variant{}, fmt.Errorf("interface = %q needs a model or min_vram", face)
	}
	units := v.Units.ValueInt64()
	out := variant{label: label(model, vram, least, face, units)}
	out.gpu.Units = uint64(max(units, 0))
	switch {
	case least != "":
		if out.gpu.Models = atLeast(model, least, face); len(out.gpu.Models) == 0 {
			return variant{}, fmt.Errorf("the network's list of devices has nothing like %s", out.label)
		}
	case model != "":
		out.gpu.Models = []sdl.ModelGPUModel{{Model: model, RAM: vram, Interface: face}}
	}
	out.ceiling = t.ceiling
	for _, own := range []struct {
		text types.String
		of   string
	}{{ofProfile, "profile"}, {v.Ceiling, "variant"}} {
		if own.text.IsNull() {
			continue
		}
		usd, err := coin.ParseDecimal(own.text.ValueString())
		if err != nil {
			return variant{}, fmt.Errorf("ceiling_usd_per_hour: %w", err)
		}
		out.ceiling = ceiling.Tightest(market.Ceiling{
			Limit: coin.PerBlockFromUSDPerHour(usd.MulInt64(units), t.blockTime),
			Text:  own.text.ValueString() + " USD per GPU-hour", Source: own.of,
		}, out.ceiling)
	}
	return out, nil
}

// label names a variant.
func label(model, vram, least, face string, units int64) string {
	words := []string{model}
	if model == "" {
		words[0] = "any"
	}
	switch {
	case vram != "":
		words = append(words, vram)
	case least != "":
		words = append(words, least+"+")
	}
	if face != "" {
		words = append(words, face)
	}
	text := strings.Join(words, "/")
	if units > 1 {
		text += fmt.Sprintf(" x%d", units)
	}
	return text
}

// atLeast lists the devices with so much memory as models to ask for.
func atLeast(model, least, face string) []sdl.ModelGPUModel {
	var floor uint64
	if _, err := fmt.Sscanf(least, "%dGi", &floor); err != nil {
		return nil
	}
	var models []sdl.ModelGPUModel
	seen := map[sdl.ModelGPUModel]bool{}
	for _, d := range sdl.GPUDevices() {
		one := sdl.ModelGPUModel{Model: d.Model, RAM: fmt.Sprintf("%dGi", d.GiB), Interface: face}
		if d.GiB < floor || (model != "" && d.Model != model) || (face != "" && d.Interface != face) || seen[one] {
			continue
		}
		seen[one] = true
		models = append(models, one)
	}
	return models
}

// listed reports whether the network's list of devices has what the variant asks for.
func (v variant) listed() bool {
	if len(v.gpu.Models) == 0 {
		return true
	}
	for _, m := range v.gpu.Models {
		var gib uint64
		if m.RAM != "" {
			if _, err := fmt.Sscanf(m.RAM, "%dGi", &gib); err != nil {
				return false
			}
		}
		if sdl.KnownGPU(m.Model, gib, m.Interface) {
			return true
		}
	}
	return false
}

// warnUnlisted says what the list of devices does not know. It is no error: the list may be older than a device.
func (p profile) warnUnlisted(problems *diag.Diagnostics) {
	for _, v := range p.variants {
		if v.listed() {
			continue
		}
		model := v.gpu.Models[0].Model
		what := fmt.Sprintf("The network's list of devices has no GPU %q", model)
		hint := "."
		if sdl.KnownGPU(model, 0, "") {
			var sizes []string
			for _, d := range sdl.GPUDevices() {
				if d.Model == model {
					sizes = append(sizes, d.String())
				}
			}
			what = fmt.Sprintf("The network's list of devices has no %s", strings.Split(v.label, " ")[0])
			hint = "; it has " + strings.Join(sizes, ", ") + "."
		} else if near := sdl.NearGPUs(model); len(near) > 0 {
			hint = "; did you mean " + strings.Join(near, ", ") + "?"
		}
		problems.AddAttributeWarning(v.at, "Unknown GPU "+v.label, what+hint+" Akash providers may offer newer ones; a "+
			"probe tells.")
	}
}
