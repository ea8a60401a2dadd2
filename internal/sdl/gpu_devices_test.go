// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestGPUDevicesCanAllBeAskedFor(t *testing.T) {
	t.Parallel()
	devices := sdl.GPUDevices()
	require.Len(t, devices, 84)
	seen := map[sdl.GPUDevice]bool{}
	for _, d := range devices {
		require.False(t, seen[d], "%s is there twice", d)
		seen[d] = true
		text := fmt.Sprintf(`{"version": "2.0", "services": {"a": {"image": "a", "expose": [{"port": 80, "to": [{"global":
 true}]}]}}, "profiles": {"compute": {"a": {"resources": {"cpu": {"units": 1}, "memory": {"size": "1Gi"}, "storage":
 {"size": "1Gi"}, "gpu": %s}}}, "placement": {"a": {"pricing": {"a": {"denom": "uact", "amount": 1}}}}},
 "deployment": {"a": {"a": {"profile": "a", "count": 1}}}}`, sdl.ModelGPU{Units: 2, Models: []sdl.ModelGPUModel{{
			Model: d.Model, RAM: fmt.Sprintf("%dGi", d.GiB), Interface: d.Interface,
		}}}.Flow())
		doc, problems := sdl.Parse([]byte(text))
		require.NotNil(t, doc, problems.String())
		gpu := doc.Groups()[0].Resources[0].Resource.GPU
		require.Equal(t, "2", gpu.Units.Val.String())
		require.Equal(t, fmt.Sprintf("vendor/nvidia/model/%s/ram/%dGi/interface/%s", d.Model, d.GiB, d.Interface),
			gpu.Attributes[0].Key)
	}
}

func TestKnownGPU(t *testing.T) {
	t.Parallel()
	require.True(t, sdl.KnownGPU("h100", 0, ""))
	require.True(t, sdl.KnownGPU("a100", 40, "sxm"))
	require.True(t, sdl.KnownGPU("", 141, "sxm"))
	require.False(t, sdl.KnownGPU("h100", 24, ""))
	require.False(t, sdl.KnownGPU("t4", 0, "sxm"))
	require.False(t, sdl.KnownGPU("h101", 0, ""))
}

func TestNearGPUs(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{
		"H100": "h100", "h10o": "h100", "RTX 4090": "rtx4090", "NVIDIA GeForce RTX 3090 Ti": "rtx3090ti",
		"4090": "rtx4090", "a6000": "a5000", "Tesla T4": "t4", "h200-nvl": "h200nvl",
	} {
		near := sdl.NearGPUs(name)
		require.NotEmpty(t, near, name)
		require.Equal(t, first, near[0], "%s: %v", name, near)
		require.LessOrEqual(t, len(near), 3)
	}
	require.Empty(t, sdl.NearGPUs("mi300x-oam"))
	require.Empty(t, sdl.NearGPUs(""))
}

func TestModelGPUFlow(t *testing.T) {
	t.Parallel()
	require.Equal(t, "{units: 1, attributes: {vendor: {nvidia: }}}", sdl.ModelGPU{Units: 1}.Flow())
	require.Equal(t, `{units: 4, attributes: {vendor: {nvidia: [{model: "h100"}, `+
		`{model: "a100", ram: "80Gi", interface: "sxm"}]}}}`,
		sdl.ModelGPU{Units: 4, Models: []sdl.ModelGPUModel{
			{Model: "h100"}, {Model: "a100", RAM: "80Gi", Interface: "sxm"},
		}}.Flow())
}
