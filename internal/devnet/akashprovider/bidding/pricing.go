// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	"fmt"
	"strings"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	bytesPerMiB = 1 << 20
	// blocksPerHour and microPerUnit turn USD per hour into uact per block: 1 ACT is 1 USD, and the network's
	// block time of 6 s counts on a devnet too, so that a devnet shows the prices of the network.
	blocksPerHour = 600
	microPerUnit  = 1_000_000
	ephemeral     = "ephemeral"
)

// Pricing is the network's scale formula, in the order's denom per block, and a table of GPU prices. A zero
// value of a field prices that resource at nothing.
type Pricing struct {
	PerMilliCPU   sdkmath.LegacyDec
	PerMiBMemory  sdkmath.LegacyDec
	PerMiBStorage map[string]sdkmath.LegacyDec // by class; "ephemeral" for what is not persistent
	PerEndpoint   sdkmath.LegacyDec
	PerLeasedIP   sdkmath.LegacyDec
	GPUUSDPerHour map[string]sdkmath.LegacyDec // by model; "*" for every other model
	Denom         string                       // the only denom it bids in
	Factor        sdkmath.LegacyDec            // multiplies the sum; nil means 1
	Script        Script                       // names the sum in place of the formula; nil leaves it to that
}

// Price computes the bid for an order from the offered resources, exactly to 18 digits. The error is a
// [Reason]: another denom, a class or model without a price, nothing to pay, or above the order's price.
func (p Pricing) Price(spec deploymentv1beta4.GroupSpec, offer []marketv1beta5.ResourceOffer) (sdk.DecCoin, error) {
	limit, err := p.limit(spec)
	if err != nil {
		return sdk.DecCoin{}, err
	}
	sum, err := p.ask(spec, offer, limit)
	if err != nil {
		return sdk.DecCoin{}, err
	}
	if !p.Factor.IsNil() {
		sum = sum.Mul(p.Factor)
	}
	if !sum.IsPositive() {
		return sdk.DecCoin{}, Reason("pricing calculation failed: zero price")
	}
	if sum.GT(limit) {
		return sdk.DecCoin{}, Reason(fmt.Sprintf("price too high: calculated %s%s, max-price %s%s",
			sum, p.Denom, limit, p.Denom))
	}
	return sdk.DecCoin{Denom: p.Denom, Amount: sum}, nil
}

// formula is the sum of all that has a price.
func (p Pricing) formula(
	spec deploymentv1beta4.GroupSpec, offer []marketv1beta5.ResourceOffer,
) (sdkmath.LegacyDec, error) {
	sum := sdkmath.LegacyZeroDec()
	for _, unit := range offer {
		part, err := p.unit(unit.Resources)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(part.MulInt64(int64(unit.Count)))
		// Endpoints are counted once a unit, whatever the number of replicas.
		sum = sum.Add(orZero(p.PerEndpoint).MulInt64(int64(len(unit.Resources.Endpoints))))
	}
	return sum.Add(orZero(p.PerLeasedIP).MulInt64(int64(leasedIPs(spec)))), nil
}

// limit is the order's price: the sum of unit price times count, in one denom.
func (p Pricing) limit(spec deploymentv1beta4.GroupSpec) (sdkmath.LegacyDec, error) {
	sum := sdkmath.LegacyZeroDec()
	for _, unit := range spec.Resources {
		if unit.Price.Denom != p.Denom {
			return sum, Reason(fmt.Sprintf("unsupported denomination %q", unit.Price.Denom))
		}
		sum = sum.Add(orZero(unit.Price.Amount).MulInt64(int64(unit.Count)))
	}
	return sum, nil
}

// unit prices one replica.
func (p Pricing) unit(r resourcesv1beta4.Resources) (sdkmath.LegacyDec, error) {
	sum := sdkmath.LegacyZeroDec()
	if r.CPU != nil {
		sum = sum.Add(orZero(p.PerMilliCPU).MulInt(r.CPU.Units.Val))
	}
	if r.Memory != nil {
		sum = sum.Add(perMiB(p.PerMiBMemory, r.Memory.Quantity))
	}
	for _, volume := range r.Storage {
		class, persistent := VolumeClass(volume)
		if !persistent {
			class = ephemeral
		}
		price, ok := p.PerMiBStorage[class]
		if !ok {
			return sum, Reason(fmt.Sprintf("pricing calculation failed: no price for storage class %q", class))
		}
		sum = sum.Add(perMiB(price, volume.Quantity))
	}
	if r.GPU == nil || !r.GPU.Units.Val.IsPositive() {
		return sum, nil
	}
	each, err := p.gpu(r.GPU)
	if err != nil {
		return sum, err
	}
	return sum.Add(each.MulInt(r.GPU.Units.Val)), nil
}

// gpu is the price of one device per block; the offer names its model.
func (p Pricing) gpu(gpu *resourcesv1beta4.GPU) (sdkmath.LegacyDec, error) {
	model := ""
	if keys := readGPUKeys(gpu.Attributes); len(keys) > 0 {
		model = strings.ToLower(keys[0].model)
	}
	usd, ok := p.GPUUSDPerHour[model]
	if !ok {
		usd, ok = p.GPUUSDPerHour["*"]
	}
	if !ok {
		return sdkmath.LegacyDec{}, Reason(fmt.Sprintf("pricing calculation failed: no price for GPU model %q", model))
	}
	return usd.MulInt64(microPerUnit).QuoInt64(blocksPerHour), nil
}

// perMiB multiplies before it divides, so that whole MiB stay exact.
func perMiB(price sdkmath.LegacyDec, bytes resourcesv1beta4.ResourceValue) sdkmath.LegacyDec {
	return orZero(price).MulInt(bytes.Val).QuoInt64(bytesPerMiB)
}

func orZero(d sdkmath.LegacyDec) sdkmath.LegacyDec {
	if d.IsNil() {
		return sdkmath.LegacyZeroDec()
	}
	return d
}
