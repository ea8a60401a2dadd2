// SPDX-License-Identifier: Apache-2.0

package certificate_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const address = "akash_certificate.me"

func certificate(lines string) string {
	return "resource \"akash_certificate\" \"me\" {\n" + lines + "\n}\n"
}

// serials of an account's certificates in a state, as the chain has them.
func serials(t *testing.T, network *acctest.Devnet, state string) []string {
	t.Helper()
	answer, err := certv1.NewQueryClient(network.Inside.Conn()).Certificates(t.Context(), &certv1.QueryCertificatesRequest{
		Filter: certv1.CertificateFilter{Owner: network.Owner(t, acctest.Tenant), State: state},
	})
	require.NoError(t, err)
	found := []string{}
	for _, c := range answer.Certificates {
		found = append(found, c.Serial)
	}
	return found
}

// revoke revokes a certificate past Terraform, and waits until an endpoint that lags knows it too.
func revoke(t *testing.T, network *acctest.Devnet, serial string) {
	t.Helper()
	network.Send(t, acctest.Tenant,
		&certv1.MsgRevokeCertificate{ID: certv1.ID{Owner: network.Owner(t, acctest.Tenant), Serial: serial}})
	later := network.Inside.Height() + 3
	acctest.Eventually(t, "three blocks more", func() bool { return network.Inside.Height() >= later })
}

func TestAccCertificate(t *testing.T) {
	t.Parallel()
	network := acctest.StartDevnet(t, "an account without certificates", devnet.Options{})
	provider := network.ProviderBlock(t, acctest.Tenant, "")
	owner := network.Owner(t, acctest.Tenant)
	var id, first, second, third, private string
	updates := acctest.Plan(plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy: func(*terraform.State) error {
			require.Empty(t, serials(t, network, "valid"))
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config: provider + certificate(""),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(address, "id", &id), acctest.Keep(address, "serial", &first),
					acctest.Keep(address, "private_key_pem", &private),
					resource.TestCheckResourceAttr(address, "owner", owner),
					resource.TestCheckResourceAttr(address, "state", "valid"),
					resource.TestCheckNoResourceAttr(address, "renewal_reason"),
					acctest.Look(func() {
						require.Equal(t, owner+"/"+first, id)
						require.Equal(t, []string{first}, serials(t, network, "valid"))
					}),
				),
			},
			{ // nothing to do, and a change of the margin alone sends nothing
				Config:           provider + certificate(`renew_before = "24h"`),
				ConfigPlanChecks: updates,
				Check:            acctest.Look(func() { require.Equal(t, []string{first}, serials(t, network, "valid")) }),
			},
			{ // another lifetime: the next one is published and the last revoked at once
				Config:           provider + certificate("valid_for = \"48h\"\nrenew_before = \"24h\""),
				ConfigPlanChecks: updates,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(address, "serial", &second), acctest.Same(address, "id", &id),
					acctest.Differs(address, "private_key_pem", &private),
					acctest.Look(func() {
						require.Equal(t, []string{second}, serials(t, network, "valid"))
						require.Equal(t, []string{first}, serials(t, network, "revoked"))
					}),
				),
			},
			{ // revoked by somebody: the plan says why, and another is published
				PreConfig: func() { revoke(t, network, second) },
				Config:    provider + certificate("valid_for = \"48h\"\nrenew_before = \"24h\""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				}},
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(address, "serial", &third), acctest.Same(address, "id", &id),
					acctest.Look(func() { require.Equal(t, []string{third}, serials(t, network, "valid")) }),
				),
			},
			{ // an import knows no private key, so it is renewed next
				ResourceName: address, ImportState: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return owner + "/" + third, nil },
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					require.Len(t, states, 1)
					require.Equal(t, third, states[0].Attributes["serial"])
					require.Empty(t, states[0].Attributes["private_key_pem"])
					require.Equal(t, "its private key is not known here", states[0].Attributes["renewal_reason"])
					return nil
				},
			},
			{
				ResourceName: address, ImportState: true, ImportStateId: "akash1x/1",
				ExpectError: acctest.Says("Invalid import id", "owner/serial"),
			},
			{ // the end is nearer than renew_before from the beginning: the next refresh says so
				Config:             provider + certificate("valid_for = \"1h\"\nrenew_before = \"59m50s\""),
				ExpectNonEmptyPlan: true,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					plancheck.ExpectSensitiveValue(address, tfjsonpath.New("private_key_pem")),
				}},
			},
		},
	})
}

func TestAccCertificate_refused(t *testing.T) {
	t.Parallel()
	network := acctest.StartDevnet(t, "an account without certificates", devnet.Options{})
	provider := network.ProviderBlock(t, acctest.Tenant, "")
	for name, test := range map[string]struct{ lines, title, says string }{
		"no longer than the margin": {`valid_for = "720h"`, "Renewal before the beginning", "every apply would renew"},
		"a moment":                  {"valid_for = \"2s\"\nrenew_before = \"1s\"", "Too short", "at least 1m"},
		"no duration":               {`valid_for = "1 year"`, "Invalid value", "not a duration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: provider + certificate(test.lines), PlanOnly: true, ExpectError: acctest.Says(test.title, test.says),
				}},
			})
		})
	}
	require.Empty(t, serials(t, network, ""))
}

// TestAccCertificate_gateway publishes a certificate, and has another Terraform provider of the same run deliver a
// manifest with it. Every token is refused meanwhile, so it cannot have been one.
func TestAccCertificate_gateway(t *testing.T) {
	t.Parallel()
	network := acctest.StartDevnet(t, "faults", devnet.Options{})
	network.AllFaults(akashprovider.Faults{ExpiredTokens: 1 << 20})
	account := network.Account(t, acctest.Tenant)
	block := func(lines string) string {
		return fmt.Sprintf("provider \"akash\" {\n network = \"custom\"\n chain_id = %q\n grpc = [%q]\n "+
			"key = { mnemonic = %q, hd_path = %q }\n%s\n}\n",
			network.ChainID(), network.Endpoint(), account.Mnemonic, account.HDPath, lines)
	}
	publisher := block(`alias = "publisher"`)
	user := block(`gateway_auth = {
  certificate_pem = akash_certificate.me.certificate_pem
  private_key_pem = akash_certificate.me.private_key_pem
}`)
	web := acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	var lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: publisher + user + certificate("provider = akash.publisher") + web,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_lease.web", "lease_id", &lease),
					resource.TestCheckResourceAttr("akash_lease.web", "state", "active"),
				),
			},
			{
				PreConfig: func() {
					network.AllFaults(akashprovider.Faults{})
					require.NotNil(t, network.Running(t, lease), "the manifest is there")
				},
				Config: publisher + user + certificate("provider = akash.publisher") + web, PlanOnly: true,
			},
		},
	})
}
