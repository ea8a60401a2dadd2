// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestFindEC2GPU(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]migrate.EC2GPU{
		"p3.8xlarge": {
			GPU: migrate.EC2Device{Model: "v100", GiB: 16, Interface: "sxm"}, Units: 4, VCPU: 32, MemoryGiB: 244,
			Match: migrate.Exact,
		},
		"p3dn.24xlarge": {
			GPU: migrate.EC2Device{Model: "v100", GiB: 32, Interface: "sxm"}, Units: 8, VCPU: 96, MemoryGiB: 768,
			Match: migrate.Exact,
		},
		"p4de.24xlarge": {
			GPU: migrate.EC2Device{Model: "a100", GiB: 80, Interface: "sxm"}, Units: 8, VCPU: 96, MemoryGiB: 1152,
			Match: migrate.Exact,
		},
		"p5.4xlarge": {
			GPU: migrate.EC2Device{Model: "h100", GiB: 80, Interface: "sxm"}, Units: 1, VCPU: 16, MemoryGiB: 256,
			Match: migrate.Exact,
		},
		"g4dn.12xlarge": {
			GPU: migrate.EC2Device{Model: "t4", GiB: 16, Interface: "pcie"}, Units: 4, VCPU: 48, MemoryGiB: 192,
			Match: migrate.Exact,
		},
		"g5.xlarge": {
			GPU: migrate.EC2Device{Model: "a10", GiB: 24, Interface: "pcie"}, Units: 1, VCPU: 4, MemoryGiB: 16,
			Match: migrate.Substitute,
		},
		"g6e.48xlarge": {
			GPU: migrate.EC2Device{Model: "l40s", GiB: 48, Interface: "pcie"}, Units: 8, VCPU: 192, MemoryGiB: 1536,
			Match: migrate.Unlisted,
		},
	} {
		got, err := migrate.FindEC2GPU(name)
		require.NoError(t, err)
		want.Type, want.Alternatives = name, got.Alternatives
		require.Equal(t, want, got)
	}
}

// What is called exact and every alternative is a device that Akash providers can report; an alternative has as much
// memory at least.
func TestEC2GPUsAreInTheListOfDevices(t *testing.T) {
	t.Parallel()
	known := func(d migrate.EC2Device) bool { return sdl.KnownGPU(d.Model, d.GiB, d.Interface) }
	for _, family := range migrate.EC2GPUFamilies() {
		types := migrate.EC2GPUTypes(family)
		require.NotEmpty(t, types)
		for _, found := range types {
			require.Equal(t, found.Match == migrate.Exact, known(found.GPU), "%s", found.Type)
			require.Positive(t, found.Units)
			require.GreaterOrEqual(t, found.MemoryGiB, 2*found.VCPU, "%s", found.Type)
			for _, other := range found.Alternatives {
				require.True(t, known(other), "%s: %v", found.Type, other)
				require.GreaterOrEqual(t, other.GiB, found.GPU.GiB, "%s: %v", found.Type, other)
				require.NotEqual(t, found.GPU, other)
			}
		}
	}
}

func TestFindEC2GPUSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"g5.mega":      "of this family there are g5.12xlarge, g5.16xlarge, g5.24xlarge, g5.2xlarge",
		"g4ad.xlarge":  "AMD",
		"trn1.2xlarge": "Trainium is Amazon's alone",
		"g5g.xlarge":   "ARM",
		"m5.large":     "known families: g4dn, g5, g6, g6e, gr6, p3, p3dn, p4d, p4de, p5, p5e, p5en, p6-b200, p6-b300",
		"g5":           "of this family there are",
		"":             "is no instance type such as g5.xlarge; known families",
		"P5.48xlarge":  `is written "p5.48xlarge"`,
	} {
		_, err := migrate.FindEC2GPU(name)
		require.ErrorContains(t, err, want, name)
	}
}
