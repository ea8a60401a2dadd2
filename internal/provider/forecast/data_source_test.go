// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"fmt"
	"regexp"
	"testing"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const web = "data.akash_forecast.web"

func ask(text, more string) string {
	return fmt.Sprintf("data \"akash_forecast\" \"web\" {\n  sdl = %s%s\n}\n", acctest.Indent(text), more)
}

func group(attribute string) string { return "groups.dcloud." + attribute }

// lately makes every Akash provider run a web of somebody else's, at 10, 20 and 30 uact a block.
func lately(t *testing.T) devnet.Options {
	t.Helper()
	doc, problems := sdl.Parse([]byte(acctest.Web{}.SDL()))
	require.Empty(t, problems)
	var options devnet.Options
	for i, name := range []string{"amber", "birch", "cedar"} {
		options.Deployments = append(options.Deployments, devnet.Deployment{
			Owner: devnet.Tenant2, DSeq: uint64(i + 1), Hash: doc.Hash(), Groups: doc.Groups(),
			Leases: []devnet.Lease{{
				AkashProvider: name,
				Price:         sdk.DecCoin{Denom: coin.UACT, Amount: math.LegacyNewDec(int64(i+1) * 10)},
			}},
		})
	}
	return options
}

// TestAccForecast_told answers from what is registered, free and was bid lately.
func TestAccForecast_told(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "known Akash providers and prices", lately(t))
	block := dev.ProviderBlock(t, acctest.Tenant, "")
	check := func(attribute, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(web, attribute, value)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: block + ask(acctest.Web{}.SDL(), "\n  price_ceiling = { usd_per_month = 9 }"),
				Check: resource.ComposeTestCheckFunc(
					check("prospect", "likely"), check(group("eligible"), "3"), check(group("registered"), "3"),
					check(group("low_usd_per_month"), "4.38"), check(group("median_usd_per_month"), "8.77"),
					check(group("high_usd_per_month"), "13.15"), check(group("ceiling_usd_per_month"), "9.00"),
					check(group("offers.0.provider_address"), dev.Address(t, acctest.Cheapest)),
					check(group("offers.0.price_per_block"), "10"), check(group("offers.0.price_from"), "its bid for the same"),
					resource.TestCheckNoResourceAttr(web, group("offers.1.refusal")),
					resource.TestMatchResourceAttr(web, group("offers.2.refusal"), regexp.MustCompile("^over ")),
					check(group("expected_provider_address"), dev.Address(t, acctest.Cheapest)),
					check(group("headline"), "web: 2 of 3 that can run this fit, 4.38–13.15 USD/month, ceiling 9.00"),
				),
			},
			{
				Config: block + ask(acctest.Web{}.SDL(), "\n  price_ceiling = { usd_per_month = 4 }"),
				Check:  check("prospect", "too_dear"),
			},
			{
				Config: block + ask(acctest.Web{CPU: "40"}.SDL(), ""),
				Check: resource.ComposeTestCheckFunc(
					check("prospect", "too_dear"), check(group("eligible"), "1"), // the SDL's price is for a small one
					check(group("offers.0.provider_address"), dev.Address(t, acctest.Dearest)),
					check(group("offers.0.price_from"), "its other bids"),
					check(group("excluded.0.constraint"), "no machine with 40 CPU free"), check(group("excluded.0.count"), "2"),
				),
			},
			{
				Config: block + ask(acctest.Web{}.SDL(),
					fmt.Sprintf("\n  bid_policy = { deny = [%q] }", dev.Address(t, acctest.Cheapest))),
				Check: resource.ComposeTestCheckFunc(
					check(group("eligible"), "2"), check(group("excluded.0.constraint"), "on the deny list"),
					check(group("excluded.0.provider_addresses.0"), dev.Address(t, acctest.Cheapest)),
				),
			},
		},
	})
}

// TestAccForecast_screened has gateways that say what they would bid: their word beats what is expected.
func TestAccForecast_screened(t *testing.T) {
	t.Parallel()
	options := lately(t)
	options.AkashProviders = akashprovider.DefaultSpecs()
	options.AkashProviders[0].BidScreening = true
	dev := acctest.StartDevnet(t, "gateways that answer more than the network's", options)
	price := coin.Trim(dev.Price(t, acctest.Cheapest)) // and the account has sent a transaction, so its key is known
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + ask(acctest.Web{}.SDL(), ""),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(web, group("offers.0.provider_address"), dev.Address(t, acctest.Cheapest)),
				resource.TestCheckResourceAttr(web, group("offers.0.price_from"), "its gateway"),
				resource.TestCheckResourceAttr(web, group("offers.0.price_per_block"), price),
				resource.TestCheckResourceAttr(web, group("offers.1.price_from"), "its bid for the same"),
			),
		}},
	})
}

// TestAccForecast_silent plans on when gateways do not answer, and says so.
func TestAccForecast_silent(t *testing.T) {
	t.Parallel()
	dev := acctest.StartDevnet(t, "faults", lately(t))
	dev.AllFaults(akashprovider.Faults{GatewayDown: true})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: dev.ProviderBlock(t, acctest.Tenant, "") + ask(acctest.Web{}.SDL(), ""),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(web, "prospect", "unreadable"),
				resource.TestCheckResourceAttr(web, group("silent"), "3"),
				resource.TestCheckResourceAttr(web, group("excluded.0.constraint"), "gateway does not answer"),
			),
		}},
	})
}

// TestAccForecast_deadMarket has no chain to ask: the plan stands all the same.
func TestAccForecast_deadMarket(t *testing.T) {
	t.Parallel()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: `
provider "akash" {
  network  = "custom"
  chain_id = "nobody"
  grpc     = ["http://127.0.0.1:1"]
  owner    = "akash1365yvmc4s7awdyj3n2sav7xfx76adc6dnmlx63"
}
` + ask(acctest.Web{}.SDL(), ""),
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttr(web, "prospect", "unreadable"),
				resource.TestCheckNoResourceAttr(web, "read_at"),
				resource.TestCheckResourceAttr(web, group("offers.#"), "0"),
			),
		}},
	})
}
