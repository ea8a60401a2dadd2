// SPDX-License-Identifier: Apache-2.0

package gpuprofile

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ceiling"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// judgement is what offers mean for the variants. It depends on nothing else, so that a plan may repeat it.
type judgement struct {
	profile
	offers  [][]market.GPUOffer
	results []market.VariantResult
	chosen  int // -1 for none
}

// judge chooses among offers, which are variant by variant.
func (p profile) judge(offers [][]market.GPUOffer) judgement {
	var ceilings []market.Ceiling
	for _, v := range p.variants {
		ceilings = append(ceilings, v.ceiling)
	}
	j := judgement{profile: p, offers: offers}
	j.chosen, j.results = market.ChooseVariant(ceilings, offers, p.blockTime)
	return j
}

// unasked chooses without offers: the first variant that the list of devices knows, else the first.
func (p profile) unasked() judgement {
	j := judgement{profile: p, offers: make([][]market.GPUOffer, len(p.variants))}
	for i, v := range p.variants {
		if v.listed() {
			j.chosen = i
			break
		}
	}
	for i := range p.variants {
		result := market.VariantResult{Reason: "not asked: probe is never"}
		if i == j.chosen {
			result.Reason = "chosen unasked: probe is never"
		}
		j.results = append(j.results, result)
	}
	return j
}

// table lists how each variant ended. Each line starts with a space, so that Terraform does not wrap it.
func (j judgement) table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, r := range j.results {
		_, _ = fmt.Fprintf(w, " %d.\t%s\t%s\n", i+1, j.variants[i].label, r.Reason) // a builder takes everything
	}
	_ = w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

// put writes what is chosen and why.
func (m *profileModel) put(ctx context.Context, j judgement) diag.Diagnostics {
	m.putGPU(j.variants[j.chosen])
	var problems diag.Diagnostics
	results := make([]resultModel, 0, len(j.results))
	for i, r := range j.results {
		results = append(results, resultModel{
			Variant: types.StringValue(j.variants[i].label), Offers: types.Int64Value(int64(r.Offers)),
			Acceptable: types.Int64Value(int64(r.Acceptable)), Reason: types.StringValue(r.Reason),
			Cheapest: j.hourly(r.Cheapest),
		})
	}
	m.Results, problems = types.ListValueFrom(ctx, types.ObjectType{AttrTypes: resultTypes}, results)
	m.Chosen = types.ObjectValueMust(chosenTypes, j.chosenValues())
	offers := []offerModel{}
	for i, of := range j.offers {
		for _, o := range of {
			offers = append(offers, j.offer(j.variants[i], o))
		}
	}
	list, more := types.ListValueFrom(ctx, types.ObjectType{AttrTypes: offerTypes}, offers)
	m.Offers = list
	problems.Append(more...)
	return problems
}

// putGPU writes what follows from the variant alone, without a look at any offer.
func (m *profileModel) putGPU(v variant) {
	m.SDL = types.StringValue(v.gpu.Flow())
	objectType := types.ObjectType{AttrTypes: gpuModelTypes}
	models := types.ListNull(objectType)
	if len(v.gpu.Models) > 0 {
		var elements []attr.Value
		for _, g := range v.gpu.Models {
			elements = append(elements, types.ObjectValueMust(gpuModelTypes, map[string]attr.Value{
				"model": types.StringValue(g.Model), "ram": orNull(g.RAM), "interface": orNull(g.Interface),
			}))
		}
		models = types.ListValueMust(objectType, elements)
	}
	m.GPU = types.ObjectValueMust(gpuTypes, map[string]attr.Value{
		"units": types.Int64Value(int64(min(v.gpu.Units, maxUnits))), "models": models,
	})
	m.PriceCeiling = types.ObjectNull(ceiling.AttrTypes)
	if !v.ceiling.None() {
		m.PriceCeiling = types.ObjectValueMust(ceiling.AttrTypes, map[string]attr.Value{
			ceiling.USDPerMonth: types.StringNull(), ceiling.USDPerHour: types.StringNull(),
			ceiling.UACTPerBlock: types.StringValue(coin.Trim(v.ceiling.Limit.Amount)),
		})
	}
}

func (j judgement) hourly(o *market.GPUOffer) types.String {
	if o == nil {
		return types.StringNull()
	}
	return orNull(o.PerUnit().USDPerHour(j.blockTime))
}

func (j judgement) chosenValues() map[string]attr.Value {
	v := j.variants[j.chosen]
	values := map[string]attr.Value{
		"variant": types.StringValue(v.label), "position": types.Int64Value(int64(j.chosen) + 1),
		"model": types.StringNull(), "usd_per_gpu_hour": types.StringNull(), "price_per_block": types.StringNull(),
	}
	if len(v.gpu.Models) == 1 {
		values["model"] = types.StringValue(v.gpu.Models[0].Model)
	}
	sellers := []attr.Value{}
	for _, o := range j.acceptable() {
		if len(sellers) == 0 {
			values["model"], values["usd_per_gpu_hour"] = types.StringValue(o.GPU.Model), j.hourly(&o)
			values["price_per_block"] = types.StringValue(coin.Trim(o.Price.Amount))
		}
		sellers = append(sellers, types.StringValue(o.Bid.ProviderAddr))
	}
	values["provider_addresses"] = types.ListValueMust(types.StringType, sellers)
	return values
}

// acceptable are the offers of the chosen variant that are not over its ceiling, cheapest first.
func (j judgement) acceptable() []market.GPUOffer {
	var all []market.GPUOffer
	for _, o := range j.offers[j.chosen] {
		if j.variants[j.chosen].ceiling.Allows(o) {
			all = append(all, o)
		}
	}
	return all
}

func (j judgement) offer(v variant, o market.GPUOffer) offerModel {
	return offerModel{
		Variant: types.StringValue(v.label), Provider: types.StringValue(o.Bid.ProviderAddr),
		Model: types.StringValue(o.GPU.Model), VRAM: orNull(o.GPU.RAM), Interface: orNull(o.GPU.Interface),
		Units:         types.Int64Value(int64(min(o.Units, maxUnits))),
		USDPerGPUHour: j.hourly(&o), USDPerHour: orNull(o.Price.USDPerHour(j.blockTime)),
		PricePerBlock: types.StringValue(coin.Trim(o.Price.Amount)), Height: types.Int64Value(o.Height),
	}
}

// known reads the offers of a state back, for these variants.
func (m *profileModel) known(ctx context.Context, p profile) ([][]market.GPUOffer, diag.Diagnostics) {
	var list []offerModel
	problems := m.Offers.ElementsAs(ctx, &list, false)
	offers := make([][]market.GPUOffer, len(p.variants))
	for _, o := range list {
		for i, v := range p.variants {
			if v.label != o.Variant.ValueString() {
				continue
			}
			price, err := coin.ParseDecimal(o.PricePerBlock.ValueString())
			if err != nil {
				problems.AddError("State cannot be read", "An offer's price_per_block: "+err.Error())
				continue
			}
			offers[i] = append(offers[i], market.GPUOffer{
				Bid: ids.BidID{ProviderAddr: o.Provider.ValueString()},
				GPU: market.GPU{
					Vendor: vendorNVIDIA, Model: o.Model.ValueString(), RAM: o.VRAM.ValueString(),
					Interface: o.Interface.ValueString(),
				},
				Units: uint64(max(o.Units.ValueInt64(), 1)), Height: o.Height.ValueInt64(),
				Price: coin.PerBlock{Denom: coin.UACT, Amount: price},
			})
		}
	}
	return offers, problems
}

// variantOf describes what a group on chain asks for; ok is false when no variant can.
func variantOf(units uint64, models []market.GPU) (v variantModel, ok bool) {
	v.Units = types.Int64Value(int64(min(units, maxUnits)))
	if len(models) == 1 {
		g := models[0]
		if g.Model != "*" {
			v.Model, v.VRAM, v.Interface = types.StringValue(g.Model), orNull(g.RAM), orNull(g.Interface)
		}
		return v, g.Vendor == vendorNVIDIA
	}
	least, same := "", map[string]bool{}
	var floor uint64
	for _, g := range models {
		var gib uint64
		if _, err := fmt.Sscanf(g.RAM, "%dGi", &gib); err != nil {
			return v, false
		}
		if least == "" || gib < floor {
			least, floor = g.RAM, gib
		}
		same[g.Model] = true
		v.Interface = orNull(g.Interface)
	}
	v.MinVRAM = orNull(least)
	if len(same) == 1 {
		v.Model = types.StringValue(models[0].Model)
	}
	// Only what means the same again is an answer.
	again := atLeast(v.Model.ValueString(), least, v.Interface.ValueString())
	if len(again) != len(models) {
		return v, false
	}
	for _, g := range models {
		found := false
		for _, m := range again {
			found = found || m == (sdl.ModelGPUModel{Model: g.Model, RAM: g.RAM, Interface: g.Interface})
		}
		if !found {
			return v, false
		}
	}
	return v, true
}
