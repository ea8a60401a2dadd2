// SPDX-License-Identifier: Apache-2.0

package market

import (
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// attrs makes attributes from key, value, key, value.
func attrs(pairs ...string) (out []attributesv1.Attribute) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, attributesv1.Attribute{Key: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// The rules are those of protocol/ip-and-gpu.md section 3.
func TestMatchPlacement(t *testing.T) {
	t.Parallel()
	own := attrs("region", "us-west", "tier", "community")
	west := attrs("region", "us-west")
	signed := audits{"good": west, "other": attrs("host", "akash")}
	for name, tc := range map[string]struct {
		attributes   []attributesv1.Attribute
		allOf, anyOf []string
		want         bool
	}{
		"nothing asked":                    {want: true},
		"own attribute":                    {attributes: west, want: true},
		"other value":                      {attributes: attrs("region", "eu"), want: false},
		"one of two missing":               {attributes: attrs("region", "us-west", "gpu", "yes"), want: false},
		"wildcard key":                     {attributes: attrs("reg*", "us-west"), want: true},
		"signed by any":                    {attributes: west, anyOf: []string{"nobody", "good"}, want: true},
		"own attributes do not count then": {attributes: attrs("tier", "community"), anyOf: []string{"good"}, want: false},
		"each of all must sign all":        {attributes: west, allOf: []string{"good", "other"}, want: false},
		"any record does, nothing asked":   {anyOf: []string{"other"}, want: true},
		"no record":                        {anyOf: []string{"nobody"}, want: false},
		"both kinds must hold":             {allOf: []string{"good"}, anyOf: []string{"nobody"}, want: false},
	} {
		req := attributesv1.PlacementRequirements{
			Attributes: tc.attributes, SignedBy: attributesv1.SignedBy{AllOf: tc.allOf, AnyOf: tc.anyOf},
		}
		require.Equal(t, tc.want, matchPlacement(req, own, signed), name)
	}
}

func TestMatchCapabilities(t *testing.T) {
	t.Parallel()
	own := attrs(
		"capabilities/storage/1/class", "beta2", "capabilities/storage/1/persistent", "true",
		"capabilities/storage/2/class", "ram", "capabilities/storage/2/persistent", "false",
		"capabilities/storage/3/class/deep", "beta3",
		"capabilities/gpu/vendor/nvidia/model/a100", "true",
		"capabilities/gpu/vendor/nvidia/model/a100/ram/80Gi", "true",
	)
	disk := func(class, persistent string) deploymentv1beta4.GroupSpec {
		return spec(nil, attrs("class", class, "persistent", persistent))
	}
	gpu := func(keys ...string) deploymentv1beta4.GroupSpec {
		var want []attributesv1.Attribute
		for _, key := range keys {
			want = append(want, attrs(key, "true")...)
		}
		return spec(&resourcesv1beta4.GPU{
			Units: resourcesv1beta4.ResourceValue{Val: math.NewInt(1)}, Attributes: want,
		}, nil)
	}
	for name, tc := range map[string]struct {
		spec deploymentv1beta4.GroupSpec
		want bool
	}{
		"nothing asked":                 {spec(nil, nil), true},
		"class in one group":            {disk("beta2", "true"), true},
		"ram wants its own group":       {disk("ram", "false"), true},
		"values of two groups":          {disk("beta2", "false"), false},
		"four segments do not count":    {disk("beta3", "true"), false},
		"any GPU":                       {gpu(), true},
		"model":                         {gpu("vendor/nvidia/model/a100"), true},
		"any model":                     {gpu("vendor/nvidia/model/*"), true},
		"model with memory":             {gpu("vendor/nvidia/model/a100/ram/80Gi"), true},
		"other memory":                  {gpu("vendor/nvidia/model/a100/ram/40Gi"), false},
		"one of several models is fine": {gpu("vendor/nvidia/model/h100", "vendor/nvidia/model/a100"), true},
		"other vendor":                  {gpu("vendor/amd/model/*"), false},
	} {
		require.Equal(t, tc.want, matchCapabilities(tc.spec, own), name)
	}
}

func spec(gpu *resourcesv1beta4.GPU, volume []attributesv1.Attribute) deploymentv1beta4.GroupSpec {
	return deploymentv1beta4.GroupSpec{Resources: []deploymentv1beta4.ResourceUnit{{
		Resource: resourcesv1beta4.Resources{GPU: gpu, Storage: []resourcesv1beta4.Storage{{Attributes: volume}}},
	}}}
}
