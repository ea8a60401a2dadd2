// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"errors"
	"fmt"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Limits of the network, hard-coded there too (protocol/lifecycle.md 2.1).
const (
	mebibyte = 1 << 20
	tebibyte = 1 << 40

	minCPU, maxCPU         = 10, 384_000 // thousandths of a core
	minMemory, maxMemory   = mebibyte, 2 * tebibyte
	minStorage, maxStorage = 5 * mebibyte, 32 * tebibyte
	maxGPU                 = 24
	maxUnitPrice           = 10_000_000 // per block, in the price's denom
	totalFactor            = 50         // a group may ask for this many times a unit's maximum
)

// validateGroupSpecs checks all groups of a deployment together.
func validateGroupSpecs(specs []deploymentv1beta4.GroupSpec) error {
	if len(specs) == 0 {
		return ErrInvalidGroups
	}
	names, denom := map[string]bool{}, priceDenom(&specs[0])
	for i := range specs {
		if other := priceDenom(&specs[i]); other != denom {
			return errorsmod.Wrapf(ErrInvalidPrice, "inconsistent group denomination: %s != %s", denom, other)
		}
		if err := validateGroupSpec(&specs[i]); err != nil {
			return err
		}
		if names[specs[i].Name] {
			return errorsmod.Wrapf(ErrDuplicateGroupName, "duplicate deployment group name %s", specs[i].Name)
		}
		names[specs[i].Name] = true
	}
	if denom == "" {
		return errorsmod.Wrapf(ErrInvalidPrice, "unsupported denomination %s", denom)
	}
	return nil
}

// priceDenom is what a group is priced in; its units have one denom.
func priceDenom(spec *deploymentv1beta4.GroupSpec) string {
	if len(spec.Resources) == 0 {
		return ""
	}
	return spec.Resources[0].Price.Denom
}

// validateGroupSpec checks sizes first, then totals, then prices.
func validateGroupSpec(spec *deploymentv1beta4.GroupSpec) error {
	if spec.Name == "" {
		return errors.New("empty group spec name denomination")
	}
	ids := map[uint32]bool{}
	for i := range spec.Resources {
		r := &spec.Resources[i].Resource
		if err := validateResources(r); err != nil {
			return err
		}
		if ids[r.ID] {
			return fmt.Errorf("duplicate resources ID (%d) within group", r.ID)
		}
		ids[r.ID] = true
	}
	if err := validateTotals(spec.Resources); err != nil {
		return err
	}
	for i := range spec.Resources {
		price := spec.Resources[i].Price
		if err := validatePrice(price); err != nil {
			return fmt.Errorf("group %s: %w", spec.Name, err)
		}
		if denom := priceDenom(spec); price.Denom != denom {
			return fmt.Errorf("multi-denonimation group: (%s == %s fails)", price.Denom, denom)
		}
	}
	return nil
}

// validateTotals checks what a group asks for altogether, storage left out.
func validateTotals(units []deploymentv1beta4.ResourceUnit) error {
	cpu, memory, gpu := math.ZeroInt(), math.ZeroInt(), math.ZeroInt()
	for i := range units {
		count, r := math.NewIntFromUint64(uint64(units[i].Count)), &units[i].Resource
		cpu = cpu.Add(value(r.CPU.Units).Mul(count))
		memory = memory.Add(value(r.Memory.Quantity).Mul(count))
		gpu = gpu.Add(value(r.GPU.Units).Mul(count))
	}
	if err := total("CPU", cpu, maxCPU*totalFactor); err != nil {
		return err
	}
	if !gpu.IsZero() {
		if err := total("GPU", gpu, maxGPU*totalFactor); err != nil {
			return err
		}
	}
	return total("memory", memory, maxMemory*totalFactor)
}

func total(what string, n math.Int, high int64) error {
	if !n.IsPositive() || n.GT(math.NewInt(high)) {
		return fmt.Errorf("invalid total %s (%d > %s > 0 fails)", what, high, n)
	}
	return nil
}

func validateResources(r *resourcesv1beta4.Resources) error {
	if r.ID == 0 {
		return errors.New("error: invalid resources ID (> 0 fails)")
	}
	if err := validateComputeUnits(r); err != nil {
		return err
	}
	if r.Storage == nil {
		return errors.New("error: invalid unit storage, cannot be nil")
	}
	for _, volume := range r.Storage {
		if n := value(volume.Quantity); n.LT(math.NewInt(minStorage)) || n.GT(math.NewInt(maxStorage)) {
			return fmt.Errorf("error: invalid unit storage (%d > %s > %d fails)", int64(maxStorage), n, minStorage)
		}
		if err := attributes("Storage", volume.Attributes); err != nil {
			return err
		}
	}
	return nil
}

// attributes checks keys. The detail in front makes the error lose its code, as on the network.
func attributes(what string, attrs []attributesv1.Attribute) error {
	if err := stateless.Attributes(attrs); err != nil {
		return fmt.Errorf("error: invalid %s attributes: %w", what, err)
	}
	return nil
}

func validateComputeUnits(r *resourcesv1beta4.Resources) error {
	if r.CPU == nil {
		return errors.New("error: invalid unit CPU, cannot be nil")
	}
	if err := within("CPU", value(r.CPU.Units), minCPU, maxCPU); err != nil {
		return err
	}
	if err := attributes("CPU", r.CPU.Attributes); err != nil {
		return err
	}
	if r.GPU == nil {
		return errors.New("error: invalid unit GPU, cannot be nil")
	}
	if err := within("GPU", value(r.GPU.Units), 0, maxGPU); err != nil {
		return err
	}
	if value(r.GPU.Units).IsZero() && len(r.GPU.Attributes) > 0 {
		return errors.New("error: invalid GPU state. attributes cannot be present if units == 0")
	}
	if err := attributes("GPU", r.GPU.Attributes); err != nil {
		return err
	}
	if r.Memory == nil {
		return errors.New("error: invalid unit memory, cannot be nil")
	}
	if err := within("memory", value(r.Memory.Quantity), minMemory, maxMemory); err != nil {
		return err
	}
	return attributes("Memory", r.Memory.Attributes)
}

func validatePrice(price sdk.DecCoin) error {
	if !price.IsValid() {
		return errors.New("error: invalid price object")
	}
	if price.Amount.GT(math.LegacyNewDec(maxUnitPrice)) {
		return fmt.Errorf("error: invalid unit price (%d > %s fails)", maxUnitPrice, price)
	}
	return nil
}

// within words its error as the network does, which names the maximum twice.
func within(what string, n math.Int, low, high int64) error {
	if n.LT(math.NewInt(low)) || n.GT(math.NewInt(high)) {
		return fmt.Errorf("error: invalid unit %s (%d > %s > %d fails)", what, high, n, high)
	}
	return nil
}

// value reads a quantity; one that never arrived counts as zero.
func value(v resourcesv1beta4.ResourceValue) math.Int {
	if v.Val.IsNil() {
		return math.ZeroInt()
	}
	return v.Val
}
