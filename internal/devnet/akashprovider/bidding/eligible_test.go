// SPDX-License-Identifier: Apache-2.0

package bidding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

func TestFacts_refuses(t *testing.T) {
	t.Parallel()
	own := attrs(
		"region", "us-west", "host", "akash",
		"capabilities/storage/1/class", "beta2", "capabilities/storage/1/persistent", "true",
		"capabilities/storage/2/class", "ram", "capabilities/storage/2/persistent", "false",
		"capabilities/gpu/vendor/nvidia/model/a100", "true",
		"capabilities/gpu/vendor/nvidia/model/a100/ram/80Gi", "true",
	)
	audited := []auditv1.AuditedProvider{
		{Auditor: "akash1one", Attributes: attrs("region", "us-west")},
		{Auditor: "akash1two", Attributes: attrs("host", "akash")},
	}
	placed := func(req attributesv1.PlacementRequirements) deploymentv1beta4.GroupSpec {
		g := group(unit(1))
		g.Requirements = req
		return g
	}
	with := func(edits ...func(*deploymentv1beta4.ResourceUnit)) deploymentv1beta4.GroupSpec {
		return group(unit(1, edits...))
	}
	type signedBy = attributesv1.SignedBy
	required := func(all, anyOf []string, pairs ...string) deploymentv1beta4.GroupSpec {
		return placed(attributesv1.PlacementRequirements{
			SignedBy: signedBy{AllOf: all, AnyOf: anyOf}, Attributes: attrs(pairs...),
		})
	}
	for _, c := range []struct {
		name string
		spec deploymentv1beta4.GroupSpec
		want error
	}{
		{"nothing required", group(unit(1)), nil},
		{"attribute", required(nil, nil, "region", "us-west"), nil},
		{"other value", required(nil, nil, "region", "eu"), bidding.ReasonProviderAttributes},
		{"pattern", required(nil, nil, "reg*", "us-west"), nil},
		{"pattern stays in its segment", required(nil, nil, "capabilities/*", "beta2"), bidding.ReasonProviderAttributes},
		{"pattern by segment", required(nil, nil, "capabilities/storage/*/class", "beta2"), nil},
		{"bad pattern", required(nil, nil, "[", "us-west"), bidding.ReasonProviderAttributes},

		{"class it has", with(withVolume(gib, "class", "beta2", "persistent", "true")), nil},
		{"class it lacks", with(withVolume(gib, "class", "beta3", "persistent", "true")), bidding.ReasonCapabilities},
		{"parts of two groups", with(withVolume(gib, "class", "ram", "persistent", "true")), bidding.ReasonCapabilities},
		{"ram", with(withVolume(gib, "class", "ram", "persistent", "false")), nil},

		{"gpu by model", with(withGPU(1, "vendor/nvidia/model/a100")), nil},
		{"any gpu", with(withGPU(1, "vendor/nvidia/model/*")), nil},
		{"gpu with ram", with(withGPU(1, "vendor/nvidia/model/a100/ram/80Gi")), nil},
		{"gpu with other ram", with(withGPU(1, "vendor/nvidia/model/a100/ram/40Gi")), bidding.ReasonCapabilities},
		{"any model with ram", with(withGPU(1, "vendor/nvidia/model/*/ram/80Gi")), nil},
		{"either gpu", with(withGPU(1, "vendor/nvidia/model/h100", "vendor/nvidia/model/a100")), nil},
		{"other gpu", with(withGPU(1, "vendor/nvidia/model/h100")), bidding.ReasonCapabilities},

		{"too many volumes", with(withVolume(gib), withVolume(gib), withVolume(gib), withVolume(gib)), bidding.ReasonVolumes},

		{"signed by all", required([]string{"akash1one"}, nil, "region", "us-west"), nil},
		{"not all of it signed", required([]string{"akash1two"}, nil, "region", "us-west"), bidding.ReasonSignatures},
		{
			"two halves do not add up", required([]string{"akash1one", "akash1two"}, nil, "region", "us-west"),
			bidding.ReasonSignatures,
		},
		{"signed by any", required(nil, []string{"akash1x", "akash1one"}, "region", "us-west"), nil},
		{"signed by none of them", required(nil, []string{"akash1x"}, "region", "us-west"), bidding.ReasonSignatures},
		{"all and any", required([]string{"akash1one"}, []string{"akash1x"}, "region", "us-west"), bidding.ReasonSignatures},
		{"any record will do when nothing is required", required([]string{"akash1two"}, nil), nil},
		{"no record at all", required([]string{"akash1x"}, nil), bidding.ReasonSignatures},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := bidding.Facts{Attributes: own, Audited: audited}.Refuses(c.spec)
			require.Equal(t, c.want, err)
		})
	}

	picky := bidding.Facts{Attributes: own, Required: attrs("organization", "us")}
	require.Equal(t, bidding.ReasonOrderAttributes, picky.Refuses(group(unit(1))))
}
