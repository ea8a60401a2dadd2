// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// Internals for the tests of this package.
var (
	ParseQuantity     = parseQuantity
	WholeOf           = wholeOf
	LesserInventoryOf = lesserInventoryOf
)

// InventoryOf reads what a gateway tells over gRPC.
func InventoryOf(status *providerv1.Status) (*market.Inventory, error) { return inventoryOf(status) }

// ReadGateways returns the inventories in the bytes of a cache file, by key.
func ReadGateways(text []byte, now time.Time) (map[string]*market.Inventory, error) {
	entries, err := decodeFile(text, now, soundAnswer)
	found := map[string]*market.Inventory{}
	for key, e := range entries {
		found[key] = e.Value.Inventory
	}
	return found, err
}

// ReadPrices returns the observations in the bytes of a cache file.
func ReadPrices(text []byte, now time.Time) ([]market.Observation, error) {
	entries, err := decodeFile(text, now, soundPrices)
	return entries[theOne[0]].Value.Observations, err
}

// Under returns what was told as if parent had started this process.
func (t *Told) Under(parent string) *Told {
	t.parent = parent
	return t
}
