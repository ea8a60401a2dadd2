// SPDX-License-Identifier: Apache-2.0

package bidpolicy_test

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bidpolicy"
)

const one, two = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj", "akash1urv8703cxqny9mcqdu8enh4mdhx0x55daad67a"

func object(values map[string]attr.Value) types.Object {
	kinds := map[string]attr.Type{}
	for name, value := range values {
		kinds[name] = value.Type(context.Background())
	}
	return types.ObjectValueMust(kinds, values)
}

func list(elements ...attr.Value) types.List { return types.ListValueMust(types.StringType, elements) }

func text(s string) attr.Value { return types.StringValue(s) }

func TestRead_laysLeaseOverProviderBlock(t *testing.T) {
	t.Parallel()
	block := object(map[string]attr.Value{
		"window": text("90s"), "min_bids": types.Int64Value(3), "deny": list(text(one)), "regions": list(text("eu-*")),
		"strategy": text("spread"),
		"attributes": types.MapValueMust(types.StringType, map[string]attr.Value{
			"tier": text("pro"), "host": text("akash"),
		}),
	})
	lease := object(map[string]attr.Value{
		"window": text("30s"), "min_bids": types.Int64Null(), "deny": list(text(two)), "strategy": types.StringNull(),
		"distinct_from": list(
			text("akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c/7/1/1/"+one), types.StringUnknown(), text(two),
		),
		"weights": object(map[string]attr.Value{"price": text("2.5"), "record": types.StringNull()}),
	})
	p, problems := bidpolicy.Read(lease, block)
	require.Empty(t, problems)
	require.Equal(t, 30*time.Second, p.Window)
	require.Equal(t, 3, p.MinBids)
	require.Equal(t, []string{two}, p.Market.Deny, "the lease's own list replaces the other")
	require.Equal(t, []string{"eu-*"}, p.Market.Regions)
	require.Equal(t, market.Spread, p.Market.Strategy)
	require.Equal(t, []string{one, two}, p.Market.DistinctFrom, "a lease stands for its Akash provider")
	require.Equal(t, []attributesv1.Attribute{{Key: "host", Value: "akash"}, {Key: "tier", Value: "pro"}},
		p.Market.Attributes)
	require.Equal(t, "2.500000000000000000", p.Market.Weights.Price.String())
	require.True(t, p.Market.Weights.Record.IsNil())
	require.True(t, p.Judges)
}

func TestRead_defaults(t *testing.T) {
	t.Parallel()
	none := types.ObjectNull(nil)
	p, problems := bidpolicy.Read(none, none)
	require.Empty(t, problems)
	require.Equal(t, bidpolicy.Policy{
		Market: market.Policy{Weights: market.DefaultWeights()}, Window: time.Minute, MinBids: 1, Judges: true,
	}, p)
}

func TestRead_knowsWhenARunningLeaseCannotBeJudged(t *testing.T) {
	t.Parallel()
	none := types.ObjectNull(nil)
	for name, test := range map[string]struct {
		lease, block types.Object
		judges       bool
	}{
		"lease unknown": {lease: types.ObjectUnknown(nil), block: none},
		"block unknown": {lease: none, block: types.ObjectUnknown(nil)},
		"deny unknown":  {lease: object(map[string]attr.Value{"deny": types.ListUnknown(types.StringType)}), block: none},
		"a part of allow": {
			lease: object(map[string]attr.Value{"allow": list(text(one), types.StringUnknown())}), block: none,
		},
		"a part of what is overridden": {
			lease: object(map[string]attr.Value{"deny": list(text(one))}), judges: true,
			block: object(map[string]attr.Value{"deny": types.ListUnknown(types.StringType)}),
		},
		"regions": {
			lease: object(map[string]attr.Value{"regions": types.ListUnknown(types.StringType)}), block: none, judges: true,
		},
	} {
		p, problems := bidpolicy.Read(test.lease, test.block)
		require.Empty(t, problems, name)
		require.Equal(t, test.judges, p.Judges, name)
	}
}
