// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// deafAddress is an address nobody listens at.
func deafAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// TestAccProvider_refused configures the Terraform provider wrongly: each error says what to do and nothing is spent.
func TestAccProvider_refused(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	tenant := network.Account(t, acctest.Tenant)
	have := func() math.Int { return network.Balance(t, tenant.Address, coin.UACT) }
	before, fees := have(), network.Balance(t, tenant.Address, coin.UAKT)
	key := fmt.Sprintf("key = { mnemonic = %q, hd_path = %q }", tenant.Mnemonic, tenant.HDPath)
	endpoint := fmt.Sprintf("grpc = [%q]", network.Endpoint())
	chain := fmt.Sprintf("chain_id = %q", network.ChainID())
	cases := map[string]struct {
		lines []string
		says  *regexp.Regexp
		apply bool
	}{
		"wrong chain id": {
			lines: []string{key, endpoint, `chain_id = "akashnet-2"`},
			says:  acctest.Says("Wrong chain id", network.ChainID(), "Nothing was signed or sent", "chain_id"),
		},
		"no endpoint answers": {
			lines: []string{key, chain, fmt.Sprintf("grpc = [%q]", "http://"+deafAddress(t))},
			says:  acctest.Says("No endpoint answers", "127.0.0.1", "Nothing was changed"),
		},
		"no account": {
			lines: []string{chain, endpoint},
			says:  acctest.Says("No account", "AKASH_MNEMONIC", "Set key (to apply) or owner (to plan only)"),
		},
		"owner only, at apply": {
			lines: []string{chain, endpoint, fmt.Sprintf("owner = %q", tenant.Address)}, apply: true,
			says: acctest.Says("No signing key", "AKASH_MNEMONIC", "Nothing was changed", "Set key in the provider block"),
		},
		"owner and key disagree": {
			lines: []string{chain, endpoint, key, fmt.Sprintf("owner = %q", network.Owner(t, acctest.Poor))},
			says:  acctest.Says("Key and owner disagree", tenant.Address, network.Owner(t, acctest.Poor)),
		},
		"owner not allowed": {
			lines: []string{chain, endpoint, key, fmt.Sprintf("allowed_owners = [%q]", network.Owner(t, acctest.Poor))},
			says:  acctest.Says("Account not allowed", tenant.Address, "Nothing was signed"),
		},
		"two keys": {
			lines: []string{chain, endpoint, `key = { mnemonic = "a", private_key = "b" }`},
			says:  acctest.Says("More than one key", "only one of mnemonic"),
		},
		"not a network": {
			lines: []string{key, `network = "moon"`}, says: acctest.Says("Invalid Attribute Value Match", "moon"),
		},
	}
	t.Run("cases", func(t *testing.T) { // done when all are
		for name, test := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				lines := test.lines
				if !strings.Contains(strings.Join(lines, " "), "network =") {
					lines = append(lines, `network = "custom"`)
				}
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: acctest.Factories(),
					Steps: []resource.TestStep{{
						Config: "provider \"akash\" {\n" + strings.Join(lines, "\n") + "\n}\n" +
							acctest.Deployment("web", acctest.Web{}.SDL()),
						PlanOnly: !test.apply, ExpectError: test.says,
					}},
				})
			})
		}
	})
	require.Equal(t, before, have())
	require.Equal(t, fees, network.Balance(t, tenant.Address, coin.UAKT))
	require.Empty(t, network.Deployments(t, tenant.Address, ""))
}

// TestAccProvider_ownerOnly plans without any key.
func TestAccProvider_ownerOnly(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	owner := network.Owner(t, acctest.Tenant)
	config := fmt.Sprintf("provider \"akash\" {\n network = \"custom\"\n chain_id = %q\n grpc = [%q]\n owner = %q\n}\n",
		network.ChainID(), network.Endpoint(), owner)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:   config + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web"),
			PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("akash_deployment.web", plancheck.ResourceActionCreate),
			}},
		}},
	})
}

// TestAccProvider_malformedMnemonic wants an error that quotes no word of the mnemonic, with one letter wrong.
func TestAccProvider_malformedMnemonic(t *testing.T) {
	t.Parallel()
	const words = "letter advice cage absurd amount doctor acoustic avoid letter advice cage abovee"
	said := ""
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		ErrorCheck: func(err error) error {
			said = acctest.Unwrapped(err.Error())
			return nil
		},
		Steps: []resource.TestStep{{
			Config: "provider \"akash\" {\n  key = { mnemonic = \"" + words + "\" }\n}\n" +
				acctest.Deployment("web", acctest.Web{}.SDL()),
			PlanOnly: true,
		}},
	})
	require.Contains(t, said, "Key cannot be used")
	require.Contains(t, said, "Nothing was signed or sent")
	for word := range strings.FieldsSeq(words) {
		require.NotContains(t, said, word)
	}
}

// TestAccProvider_unknown has a provider block that only apply can fill in: the plan waits, says nothing wrong and asks
// no other network, and one apply does it all.
func TestAccProvider_unknown(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	account := network.Account(t, acctest.Tenant)
	values := map[string]string{
		"network": "custom", "chain_id": network.ChainID(), "grpc": network.Endpoint(), "mnemonic": account.Mnemonic,
	}
	for unknown := range values {
		t.Run(unknown, func(t *testing.T) {
			t.Parallel()
			input, block := "", map[string]string{}
			for name, value := range values {
				block[name] = fmt.Sprintf("%q", value)
				if name == unknown {
					input, block[name] = value, "terraform_data.late.output"
				}
			}
			config := fmt.Sprintf(`
resource "terraform_data" "late" { input = %q }
provider "akash" {
  network  = %s
  chain_id = %s
  grpc     = [%s]
  key      = { mnemonic = %s, hd_path = %q }
}
`, input, block["network"], block["chain_id"], block["grpc"], block["mnemonic"], account.HDPath)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: config + acctest.Deployment("web", acctest.Web{}.SDL()),
					Check:  resource.TestCheckResourceAttr("akash_deployment.web", "owner", account.Address),
				}},
			})
		})
	}
}
