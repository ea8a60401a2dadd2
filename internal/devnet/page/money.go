// SPDX-License-Identifier: Apache-2.0

package page

import (
	"fmt"
	"strconv"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// price makes a price of the chain's.
func price(c sdk.DecCoin) Price {
	if c.Amount.IsNil() {
		c.Amount = math.LegacyZeroDec()
	}
	return Price{
		PerBlock: coin.Trim(c.Amount), Denom: c.Denom,
		USDPerMonth: coin.PerBlock{Denom: c.Denom, Amount: c.Amount}.USDPerMonth(ReferenceBlockTime),
	}
}

// decimal is the amount; zero for the zero price.
func (p Price) decimal() (math.LegacyDec, error) {
	if p.PerBlock == "" {
		return math.LegacyZeroDec(), nil
	}
	return math.LegacyNewDecFromStr(p.PerBlock)
}

// plus adds prices of one denom; the zero price has any.
func (p Price) plus(q Price) (Price, error) {
	switch {
	case p.Denom == "":
		return q, nil
	case q.Denom == "":
		return p, nil
	case p.Denom != q.Denom:
		return p, nil // another currency: the chain takes one only
	}
	a, err := p.decimal()
	if err != nil {
		return Price{}, err
	}
	b, err := q.decimal()
	if err != nil {
		return Price{}, err
	}
	return price(sdk.DecCoin{Denom: p.Denom, Amount: a.Add(b)}), nil
}

// String is "12.5 uact/block, 5.48 USD/month"; "" for the zero price.
func (p Price) String() string {
	switch {
	case p.PerBlock == "":
		return ""
	case p.USDPerMonth == "":
		return p.PerBlock + " " + p.Denom + "/block"
	default:
		return p.PerBlock + " " + p.Denom + "/block, " + p.USDPerMonth + " USD/month"
	}
}

const (
	milliPerCore = 1000
	mib          = 1 << 20
	gib          = 1 << 30
)

// wants says what a group asks for, a text for each kind of replica: "2 × 0.5 cpu, 1 GiB memory, 1 GiB storage".
func wants(spec deploymentv1beta4.GroupSpec) []string {
	var out []string
	for _, unit := range spec.Resources {
		out = append(out, fmt.Sprintf("%d × %s", unit.Count, resources(unit.Resource)))
	}
	return out
}

func resources(r resourcesv1beta4.Resources) string {
	text := "nothing"
	if r.CPU != nil {
		cores := math.LegacyNewDecFromInt(r.CPU.Units.Val).QuoInt64(milliPerCore)
		text = coin.Trim(cores) + " cpu"
	}
	if r.Memory != nil {
		text += ", " + amount(r.Memory.Quantity.Val) + " memory"
	}
	for _, s := range r.Storage {
		kind := " storage"
		for _, a := range s.Attributes {
			if a.Key == "class" {
				kind = " storage of class " + a.Value
			}
		}
		text += ", " + amount(s.Quantity.Val) + kind
	}
	if r.GPU != nil && r.GPU.Units.Val.IsPositive() {
		text += ", " + r.GPU.Units.Val.String() + " GPU"
		for i, a := range r.GPU.Attributes {
			text += map[bool]string{true: " ", false: " or "}[i == 0] + a.Key
		}
	}
	return text
}

// amount writes an amount in GiB, or MiB below one.
func amount(n math.Int) string {
	if n.LT(math.NewInt(gib)) {
		return hundredths(n, mib) + " MiB"
	}
	return hundredths(n, gib) + " GiB"
}

// hundredths is n in units of so many, with at most two decimals.
func hundredths(n math.Int, unit int64) string {
	return coin.Trim(math.LegacyNewDecFromInt(n.MulRaw(100).QuoRaw(unit)).QuoInt64(100))
}

func text(n int64, unit string) string { return strconv.FormatInt(n, 10) + unit }
