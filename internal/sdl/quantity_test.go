// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestQuantities(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint64{"512Mi": 512 << 20, "1.5G": 1_500_000_000, "7": 7, "0": 0} {
		got, err := sdl.ParseSize(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]uint64{"500m": 500, "0.5": 500, "64": 64_000} {
		got, err := sdl.ParseCPU(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "much", "-1", "512mi", "1e30", "nan", "8Ei"} {
		_, err := sdl.ParseSize(text)
		require.Error(t, err, text)
	}
	for _, text := range []string{"", "m", "-1", "0.5m", "5000000", "nan"} {
		_, err := sdl.ParseCPU(text)
		require.Error(t, err, text)
	}
}
