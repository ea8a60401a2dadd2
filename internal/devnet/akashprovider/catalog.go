// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"maps"
	"strconv"

	sdkmath "cosmossdk.io/math"
)

// GPUModels lists the models that [Spec.WithGPUs] knows, the dearest first.
func GPUModels() []string {
	var names []string
	for i, c := range cards {
		if i == 0 || cards[i-1].gpu.Model != c.gpu.Model {
			names = append(names, c.gpu.Model)
		}
	}
	return names
}

// WithGPUs gives an Akash provider one more machine that has so many GPUs of a model, priced at percent of their
// middling price unless it has a price for the model already, and advertises them. It returns false for a model
// that [GPUModels] does not list. The spec it is called on stays as it is.
func (s Spec) WithGPUs(model string, units uint64, percent int64) (Spec, bool) {
	for _, c := range cards {
		if c.gpu.Model != model {
			continue
		}
		var classes []string
		if len(s.Inventory) > 0 {
			classes = s.Inventory[0].StorageClasses
		}
		machine := nodes(s.Name, 1, 128_000, 1024, 4000, classes)
		machine[0].Name = s.Name + "-" + strconv.Itoa(len(s.Inventory)+1)
		gpu := c.gpu
		gpu.Units = units
		machine[0].GPUs = []GPU{gpu}
		s.Inventory = append(s.Inventory[:len(s.Inventory):len(s.Inventory)], machine...)
		s.Attributes = attributes(s.Attributes, gpuKeys(machine))
		prices := map[string]sdkmath.LegacyDec{model: sdkmath.LegacyNewDecWithPrec(c.cents*percent, 4)}
		maps.Copy(prices, s.Pricing.GPUUSDPerHour)
		s.Pricing.GPUUSDPerHour = prices
		return s, true
	}
	return s, false
}
