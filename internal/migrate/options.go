// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Options are what no input says and Akash has to know. The zero value is useful. Services are named as in the input.
type Options struct {
	// Images are by service; they come before those of the input, and stand in for what it builds.
	Images map[string]string
	// HTTPPorts are, by service, the container's port that the ingress serves as a web page; 0 for none of them.
	HTTPPorts map[string]uint32
	// Hosts are, by service, names that the ingress answers to besides its own.
	Hosts map[string][]string
	// VolumeSizes are by volume, such as "20Gi"; the others get DefaultVolumeSize.
	VolumeSizes map[string]string
	// StorageClass is that of all volumes that last: "" for [DefaultStorageClass].
	StorageClass string
	// CPU, Memory and EphemeralStorage are for services that do not say how much they need: "" for the defaults.
	CPU, Memory, EphemeralStorage string
	// GPUs are the models that will do; none for any of NVIDIA.
	GPUs []sdl.ModelGPUModel
	// MaxPriceUactPerBlock is the most that a replica may cost, as the SDL has it: "" for the default. What is paid is
	// decided by bids, and limited by the price ceiling of the lease.
	MaxPriceUactPerBlock string
	// AcceptLosses are paths of blockers to do without.
	AcceptLosses []string
}

// What is taken where neither the input nor the options say anything. Sizes are those of a small web service; the price
// is above what the market asks for one, since the lease has a ceiling of its own.
const (
	DefaultCPU              = "0.5"
	DefaultMemory           = "512Mi"
	DefaultEphemeralStorage = "1Gi"
	DefaultVolumeSize       = "10Gi"
	DefaultStorageClass     = "beta2"

	// DefaultMaxPriceUact is in uact per block for a replica without GPUs, DefaultMaxPriceUactPerGPU for each GPU of one.
	DefaultMaxPriceUact       uint64 = 1_000
	DefaultMaxPriceUactPerGPU uint64 = 10_000
)

// Conversion is an input in the words of Akash.
type Conversion struct {
	// SDL is nil as long as there are blockers.
	SDL    []byte
	Report Report
	// SecretVariables are, by service of the SDL, the variables that the input takes from secrets: the SDL has their
	// names and no values, which akash_lease and akash_deployment are given as env_wo.
	SecretVariables map[string][]string
}

// accepts tells whether the loss at a path is accepted.
func (o Options) accepts(path string) bool { return slices.Contains(o.AcceptLosses, path) }

// naming is what an option gives by name, and the names that the input has.
type naming struct {
	option, what string
	given, have  []string
}

// namings are the options that both inputs have.
func (o Options) namings(what string, services, volumes []string) []naming {
	return []naming{
		{"images", what, slices.Sorted(maps.Keys(o.Images)), services},
		{"http_ports", what, slices.Sorted(maps.Keys(o.HTTPPorts)), services},
		{"hosts", what, slices.Sorted(maps.Keys(o.Hosts)), services},
		{"volume_sizes", "volume", slices.Sorted(maps.Keys(o.VolumeSizes)), volumes},
	}
}

// checkNames refuses options for what is not there: a typing mistake would do nothing.
func checkNames(all []naming) error {
	for _, n := range all {
		for _, name := range n.given {
			if !slices.Contains(n.have, name) {
				return fmt.Errorf("%s: there is no %s %q; there are: %s", n.option, n.what, name, orNone(n.have))
			}
		}
	}
	return nil
}

// orDefault is a size that was given, or the default.
func orDefault(given, fallback string) string {
	if given == "" {
		return fallback
	}
	return given
}

// check refuses options that would only fail later, with the option's name.
func (o Options) check() error {
	sizes := map[string]string{"memory": o.Memory, "ephemeral_storage": o.EphemeralStorage}
	for name, size := range o.VolumeSizes {
		sizes[fmt.Sprintf("volume_sizes[%q]", name)] = size
	}
	for name, size := range sizes {
		if size == "" {
			continue
		}
		if _, err := sdl.ParseSize(size); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if o.CPU != "" {
		if _, err := sdl.ParseCPU(o.CPU); err != nil {
			return fmt.Errorf("cpu: %w", err)
		}
	}
	return nil
}
