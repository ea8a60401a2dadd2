// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/lease"
)

// TestCheaperNote speaks of somebody else who may win and is cheaper by the share that was asked for, and of nobody
// else.
func TestCheaperNote(t *testing.T) {
	t.Parallel()
	offer := func(addr, price, refusal string) market.Offer {
		o := market.Offer{Seller: market.Seller{Addr: addr}, Refusal: refusal}
		if price != "" {
			o.Basis = market.FromOwnBids
			o.Price = coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(price)}
		}
		return o
	}
	for name, test := range map[string]struct {
		offers []market.Offer
		says   string
	}{
		"exactly as much cheaper":  {[]market.Offer{offer("other", "80", "")}, "other is expected to ask about 35.06 (20 %"},
		"not cheap enough":         {[]market.Offer{offer("other", "80.01", "")}, ""},
		"the holder itself":        {[]market.Offer{offer("holder", "10", "")}, ""},
		"may not win":              {[]market.Offer{offer("other", "10", "over the ceiling")}, ""},
		"price unknown":            {[]market.Offer{offer("other", "", "")}, ""},
		"the next who may":         {[]market.Offer{offer("holder", "5", ""), offer("other", "50", "")}, "(50 % less"},
		"nobody is cheaper":        {[]market.Offer{offer("other", "120", "")}, ""},
		"nobody else is there":     {nil, ""},
		"a dearer one comes first": {[]market.Offer{offer("one", "90", ""), offer("two", "95", "")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			note := lease.CheaperNote("holder", math.LegacyNewDec(100), math.LegacyNewDec(20),
				market.Outlook{Offers: test.offers}, coin.DefaultBlockTime)
			if test.says == "" {
				require.Empty(t, note)
				return
			}
			require.Contains(t, note, test.says)
			require.Contains(t, note, "Nothing is planned because of it")
		})
	}
}
