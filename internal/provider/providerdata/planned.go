// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Planned is what one deployment's plan costs.
type Planned struct {
	// Name tells people which deployment it is.
	Name string
	// Deposit is what apply will pay into escrow for it, in uact; zero for nothing.
	Deposit math.Int
	// PerMonth is the most that its leases can cost, in uact a month.
	PerMonth math.LegacyDec
}

// Totals are of all deployments planned in this process so far.
type Totals struct {
	// Deposit is in uact, PerMonth in uact a month.
	Deposit  math.Int
	PerMonth math.LegacyDec
	// Depositing and Deployments are how many have a part in these.
	Depositing, Deployments int

	planned []Planned
}

// Budget is the provider block's budget. The zero value is no limit.
type Budget struct {
	// PerMonth is in uact a month; nil is no limit.
	PerMonth math.LegacyDec
	// DepositUACT and SpendUAKT limit what one process pays; nil is no limit.
	DepositUACT, SpendUAKT math.Int
}

// Plan notes what a deployment costs and returns the totals. A deployment that is planned twice, as for a replacement,
// counts once: key is the same for both. Once this process applies, plans are repeated one by one, when others may have
// been paid already: then the totals are of this deployment alone.
func (d *Data) Plan(key string, p Planned) Totals {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.planned == nil {
		d.planned = map[string]Planned{}
	}
	if key == "" {
		key = fmt.Sprintf("new %d", len(d.planned))
	}
	d.planned[key] = p
	counted := slices.Collect(maps.Values(d.planned))
	if d.applying {
		counted = []Planned{p}
	}
	t := Totals{Deposit: math.ZeroInt(), PerMonth: math.LegacyZeroDec(), Deployments: len(counted), planned: counted}
	for _, one := range counted {
		if one.Deposit.IsPositive() {
			t.Depositing++
			t.Deposit = t.Deposit.Add(one.Deposit)
		}
		t.PerMonth = t.PerMonth.Add(one.PerMonth)
	}
	return t
}

// Applying notes that this process applies.
func (d *Data) Applying() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.applying = true
}

func (d *Data) isApplying() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.applying
}

// Dearest lists the deployments that cost most a month, each on a line.
func (t Totals) Dearest() string {
	const most = 10
	slices.SortFunc(t.planned, func(a, b Planned) int {
		switch {
		case a.PerMonth.GT(b.PerMonth):
			return -1
		case a.PerMonth.LT(b.PerMonth):
			return 1
		default:
			return cmp.Compare(a.Name, b.Name)
		}
	})
	var lines []string
	for i, p := range t.planned {
		if i == most {
			lines = append(lines, fmt.Sprintf(" and %d more", len(t.planned)-most))
			break
		}
		lines = append(lines, fmt.Sprintf(" %s: at most %s USD/month", p.Name, coin.USD(p.PerMonth)))
	}
	return strings.Join(lines, "\n")
}
