// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

func TestWithGPUs(t *testing.T) {
	t.Parallel()
	amber := akashprovider.DefaultSpecs()[0]
	for _, model := range akashprovider.GPUModels() {
		with, ok := amber.WithGPUs(model, 3, 150)
		require.True(t, ok, model)
		require.Len(t, with.Inventory, len(amber.Inventory)+1)
		added := with.Inventory[len(amber.Inventory)]
		require.Equal(t, uint64(3), added.GPUs[0].Units)
		require.Equal(t, "true", with.Attributes["capabilities/gpu/vendor/nvidia/model/"+model])
		require.True(t, with.Pricing.GPUUSDPerHour[model].IsPositive())
	}
	require.Empty(t, amber.Pricing.GPUUSDPerHour, "the spec itself stays")
	require.NotContains(t, amber.Attributes, "capabilities/gpu/vendor/nvidia/model/h100")

	h100, _ := amber.WithGPUs("h100", 1, 100)
	dearer, _ := amber.WithGPUs("h100", 1, 110)
	require.True(t, dearer.Pricing.GPUUSDPerHour["h100"].GT(h100.Pricing.GPUUSDPerHour["h100"]))
	twice, _ := h100.WithGPUs("t4", 2, 100)
	require.Len(t, twice.Inventory, len(amber.Inventory)+2)
	require.Len(t, twice.Pricing.GPUUSDPerHour, 2)

	_, ok := amber.WithGPUs("voodoo2", 1, 100)
	require.False(t, ok)
	require.Equal(t, "h200", akashprovider.GPUModels()[0])
}
