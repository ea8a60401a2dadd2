// SPDX-License-Identifier: Apache-2.0

package bidding_test

import (
	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const (
	mib = 1 << 20
	gib = 1 << 30
)

func value(n int64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: sdkmath.NewInt(n)}
}

func attrs(pairs ...string) []attributesv1.Attribute {
	var out []attributesv1.Attribute
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, attributesv1.Attribute{Key: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// unit is half a core, 512 MiB of memory and of ephemeral storage and one endpoint, offered 1000uact.
func unit(count uint32, edits ...func(*deploymentv1beta4.ResourceUnit)) deploymentv1beta4.ResourceUnit {
	u := deploymentv1beta4.ResourceUnit{
		Resource: resourcesv1beta4.Resources{
			ID:        1,
			CPU:       &resourcesv1beta4.CPU{Units: value(500)},
			Memory:    &resourcesv1beta4.Memory{Quantity: value(512 * mib)},
			Storage:   []resourcesv1beta4.Storage{{Name: "default", Quantity: value(512 * mib)}},
			GPU:       &resourcesv1beta4.GPU{Units: value(0)},
			Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
		},
		Count: count,
		Price: sdk.DecCoin{Denom: "uact", Amount: sdkmath.LegacyNewDec(1000)},
	}
	for _, edit := range edits {
		edit(&u)
	}
	return u
}

func group(units ...deploymentv1beta4.ResourceUnit) deploymentv1beta4.GroupSpec {
	return deploymentv1beta4.GroupSpec{Name: "dcloud", Resources: units}
}

func withVolume(bytes int64, pairs ...string) func(*deploymentv1beta4.ResourceUnit) {
	return func(u *deploymentv1beta4.ResourceUnit) {
		u.Resource.Storage = append(u.Resource.Storage,
			resourcesv1beta4.Storage{Name: "data", Quantity: value(bytes), Attributes: attrs(pairs...)})
	}
}

func withGPU(units int64, keys ...string) func(*deploymentv1beta4.ResourceUnit) {
	return func(u *deploymentv1beta4.ResourceUnit) {
		var list []attributesv1.Attribute
		for _, key := range keys {
			list = append(list, attributesv1.Attribute{Key: key, Value: "true"})
		}
		u.Resource.GPU = &resourcesv1beta4.GPU{Units: value(units), Attributes: list}
	}
}

func withIP(sequence uint32) func(*deploymentv1beta4.ResourceUnit) {
	return func(u *deploymentv1beta4.ResourceUnit) {
		u.Resource.Endpoints = append(u.Resource.Endpoints,
			resourcesv1beta4.Endpoint{Kind: resourcesv1beta4.Endpoint_LEASED_IP, SequenceNumber: sequence})
	}
}
