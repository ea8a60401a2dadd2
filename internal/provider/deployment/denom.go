// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// checkDenom refuses prices that the chain refuses at apply: the SDL's grammar allows any denom.
func checkDenom(doc *sdl.Document, text string, problems *diag.Diagnostics) {
	told := false
	for _, group := range doc.Groups() {
		for _, unit := range group.Resources {
			if unit.Price.Denom != coin.UACT {
				said := fmt.Sprintf("Placement %q is priced in %s. Write denom: uact and an amount in uact per block "+
					"(1000000 uact = 1 USD). Nothing was created or spent.", group.Name, unit.Price.Denom)
				if more := upgradeOf(text, unit.Price.Denom); !told { // once for all placements
					said, told = said+more, more != ""
				}
				problems.AddAttributeError(path.Root("sdl"), "Prices must be in uact", said)
				break
			}
		}
	}
}

// upgradeOf says what sdl_upgrade would make of a text with prices in uakt; "" where it is of no help.
func upgradeOf(text, denom string) string {
	changes := sdl.UpgradePreview([]byte(text))
	if denom != coin.UAKT || len(changes) == 0 {
		return ""
	}
	// Lines that begin with a space are not wrapped by the CLI.
	return "\n\nprovider::akash::sdl_upgrade(<this SDL>, usd_per_akt) changes these values and no other byte; " +
		"usd_per_akt is what one AKT is worth in US dollars, such as \"0.85\":\n   " + strings.Join(changes, "\n   ")
}
