// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	sdkmath "cosmossdk.io/math"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Question is what a [Script] is asked.
type Question struct {
	Spec  deploymentv1beta4.GroupSpec
	Offer []marketv1beta5.ResourceOffer
	// Formula is what the scale formula and the GPU table make of it, without [Pricing.Factor]; zero where they have no
	// price, and then Why says what lacks one.
	Formula sdkmath.LegacyDec
	Why     error
	// Limit is the most that the order pays, in Denom per block.
	Limit sdkmath.LegacyDec
	Denom string
}

// Script names a price per block in place of the formula, as the pricing script of an Akash provider does. An error is
// no bid, and its text the reason for that. It runs under the lock of the Akash provider, which it must not call.
type Script func(Question) (sdkmath.LegacyDec, error)

// ask lets the script have the last word; without one it is the formula's.
func (p Pricing) ask(
	spec deploymentv1beta4.GroupSpec, offer []marketv1beta5.ResourceOffer, limit sdkmath.LegacyDec,
) (sdkmath.LegacyDec, error) {
	formula, why := p.formula(spec, offer)
	if p.Script == nil {
		return formula, why
	}
	if why != nil {
		formula = sdkmath.LegacyZeroDec()
	}
	price, err := p.Script(Question{
		Spec: spec, Offer: offer, Formula: formula, Why: why, Limit: limit, Denom: p.Denom,
	})
	switch {
	case err != nil:
		return sdkmath.LegacyDec{}, Reason("pricing calculation failed: " + err.Error())
	case price.IsNil() || price.IsNegative():
		return sdkmath.LegacyDec{}, Reason("pricing calculation failed: the script named no price")
	default:
		return price, nil
	}
}
