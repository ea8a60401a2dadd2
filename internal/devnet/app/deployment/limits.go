// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"errors"
	"fmt"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
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
	names, denom := map[string]bool{}, ""
	for i := range specs {
		if err := validateGroupSpec(&specs[i]); err != nil {
			return err
		}
		if names[specs[i].Name] {
			return ErrDuplicateGroupName
		}
		names[specs[i].Name] = true
		for _, u := range specs[i].Resources {
			if denom == "" {
				denom = u.Price.Denom
			}
			if u.Price.Denom != denom {
				return fmt.Errorf("error: inconsistent denomination (%s != %s)", denom, u.Price.Denom)
			}
		}
	}
	return nil
}

func validateGroupSpec(spec *deploymentv1beta4.GroupSpec) error {
	if spec.Name == "" {
		return errors.New("empty group spec name denomination")
	}
	if len(spec.Resources) == 0 {
		return fmt.Errorf("group %s: no resources", spec.Name)
	}
	ids := map[uint32]bool{}
	cpu, memory, gpu := math.ZeroInt(), math.ZeroInt(), math.ZeroInt()
	for i := range spec.Resources {
		unit := &spec.Resources[i]
		if err := validateUnit(unit); err != nil {
			return err
		}
		if ids[unit.Resource.ID] {
			return fmt.Errorf("error: duplicate resources ID (%d)", unit.Resource.ID)
		}
		ids[unit.Resource.ID] = true
		count := math.NewIntFromUint64(uint64(unit.Count))
		cpu = cpu.Add(value(unit.Resource.CPU.Units).Mul(count))
		memory = memory.Add(value(unit.Resource.Memory.Quantity).Mul(count))
		gpu = gpu.Add(value(unit.Resource.GPU.Units).Mul(count))
	}
	if err := within("total CPU", cpu, 1, maxCPU*totalFactor); err != nil {
		return err
	}
	if err := within("total GPU", gpu, 0, maxGPU*totalFactor); err != nil {
		return err
	}
	return within("total memory", memory, 1, maxMemory*totalFactor)
}

func validateUnit(unit *deploymentv1beta4.ResourceUnit) error {
	r := &unit.Resource
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
		if err := within("unit storage", value(volume.Quantity), minStorage, maxStorage); err != nil {
			return err
		}
		if err := stateless.Attributes(volume.Attributes); err != nil {
			return errorsmod.Wrap(err, "error: invalid storage attributes")
		}
	}
	return validatePrice(unit.Price)
}

func validateComputeUnits(r *resourcesv1beta4.Resources) error {
	if r.CPU == nil {
		return errors.New("error: invalid unit CPU, cannot be nil")
	}
	if err := within("unit CPU", value(r.CPU.Units), minCPU, maxCPU); err != nil {
		return err
	}
	if err := stateless.Attributes(r.CPU.Attributes); err != nil {
		return errorsmod.Wrap(err, "error: invalid CPU attributes")
	}
	if r.GPU == nil {
		return errors.New("error: invalid unit GPU, cannot be nil")
	}
	if err := within("unit GPU", value(r.GPU.Units), 0, maxGPU); err != nil {
		return err
	}
	if value(r.GPU.Units).IsZero() && len(r.GPU.Attributes) > 0 {
		return errors.New("error: invalid GPU state. attributes cannot be present if units == 0")
	}
	if err := stateless.Attributes(r.GPU.Attributes); err != nil {
		return errorsmod.Wrap(err, "error: invalid GPU attributes")
	}
	if r.Memory == nil {
		return errors.New("error: invalid unit memory, cannot be nil")
	}
	if err := within("unit memory", value(r.Memory.Quantity), minMemory, maxMemory); err != nil {
		return err
	}
	if err := stateless.Attributes(r.Memory.Attributes); err != nil {
		return errorsmod.Wrap(err, "error: invalid memory attributes")
	}
	return nil
}

func validatePrice(price sdk.DecCoin) error {
	if !price.IsValid() {
		return errors.New("error: invalid price object")
	}
	if price.Amount.GT(math.LegacyNewDec(maxUnitPrice)) {
		return fmt.Errorf("error: invalid unit price (%d > %s fails)", maxUnitPrice, price.Amount)
	}
	return nil
}

// within words its error as the network does, which names the maximum twice.
func within(what string, n math.Int, low, high int64) error {
	if n.LT(math.NewInt(low)) || n.GT(math.NewInt(high)) {
		return fmt.Errorf("error: invalid %s (%d > %s > %d fails)", what, high, n, high)
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
