// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	const owner, seller = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c", "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
	const deployment = owner + "/18446744073709551615"
	whole := func(n any) tftypes.Value { return tftypes.NewValue(tftypes.Number, n) }
	want := map[string]tftypes.Value{
		"kind": null, "owner": text(owner), "dseq": text("18446744073709551615"), "gseq": whole(nil), "oseq": whole(nil),
		"provider_address": null, "deployment_id": text(deployment), "group_id": null, "order_id": null, "lease_id": null,
	}
	for _, step := range []struct {
		kind, id string
		adds     map[string]tftypes.Value
	}{ // each adds to the one before
		{"deployment", deployment, nil},
		{"group", deployment + "/2", map[string]tftypes.Value{"gseq": whole(2), "group_id": text(deployment + "/2")}},
		{
			"order", deployment + "/2/4294967295",
			map[string]tftypes.Value{"oseq": whole(4294967295), "order_id": text(deployment + "/2/4294967295")},
		},
		{
			"lease", deployment + "/2/4294967295/" + seller, map[string]tftypes.Value{
				"provider_address": text(seller), "lease_id": text(deployment + "/2/4294967295/" + seller),
			},
		},
	} {
		for name, value := range step.adds {
			want[name] = value
		}
		want["kind"] = text(step.kind)
		got, refused := call(t, "parse_id", text(step.id))
		require.Nil(t, refused, step.id)
		var parts map[string]tftypes.Value
		require.NoError(t, got.As(&parts))
		require.Len(t, parts, len(want))
		for name, value := range want {
			require.True(t, value.Equal(parts[name]), "%s of %s: %s, want %s", name, step.id, parts[name], value)
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	t.Parallel()
	const owner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	for id, why := range map[string]string{
		"": "is none of owner/dseq", owner: "is none of owner/dseq", owner + "/1/1/1/" + owner + "/1": "is none of",
		owner + "/x":         "want a whole number above zero",
		owner + "/0":         "want a whole number above zero",
		owner + "/1/1/":      "want a whole number above zero",
		owner + "/1/1/1/x":   "bech32",
		"akash1/1":           "bech32",
		" " + owner + "/1":   "address",
		owner + "/1/1/1/1/1": "is none of owner/dseq",
	} {
		_, refused := call(t, "parse_id", text(id))
		require.NotNil(t, refused, id)
		require.Contains(t, refused.Text, why, id)
		require.EqualValues(t, 0, *refused.FunctionArgument)
	}
}
