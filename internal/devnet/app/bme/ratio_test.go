// SPDX-License-Identifier: Apache-2.0

package bme

import (
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
)

func TestEpochsStretchUnderTheWarning(t *testing.T) {
	t.Parallel()
	params := bmev1.Params{CircuitBreakerWarnThreshold: 9500, MinEpochBlocks: 10, EpochBlocksBackoffPercent: 10}
	for bps, want := range map[int64]int64{
		20_000: 10, 9500: 10, 9491: 10, 9490: 11, 9480: 12, 9470: 13, 9400: 25, 9001: 1067, 100: 14_400,
	} {
		require.Equal(t, want, epochBlocks(params, bps), bps)
	}
	params.EpochBlocksBackoffPercent = 0
	require.EqualValues(t, 10, epochBlocks(params, 9001))
}

func TestRatioInBasisPoints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "0.90009": 9000, "0.95": 9500, "15.625": 156_250, "1000000000000": 1<<32 - 1,
		"10000000000000000000000": 1<<32 - 1,
	} {
		require.Equal(t, want, inBPS(math.LegacyMustNewDecFromStr(text)), text)
	}
}
