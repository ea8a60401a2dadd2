// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestAccLease_attestation has machines prove what they are, before the apply ends: a chip of a vendor that is not
// trusted and an old report fail it, with the lease ended or kept; a good report is told of; and what is asked later of
// a lease that runs leaves it running whatever comes of it.
func TestAccLease_attestation(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	specs[0] = specs[0].Confidential()
	dev := acctest.StartDevnet(t, "confidential computing", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal(), acctest.NoLoss())
	net := dev.Network
	seller := dev.Seller(t, acctest.Cheapest)
	vendor, err := seller.ChipVendor()
	require.NoError(t, err)
	keys := httptest.NewServer(vendor)
	t.Cleanup(keys.Close)
	block := dev.ProviderBlock(t, acctest.Tenant, "")
	config := block + acctest.Deployment("web", acctest.Web{TEE: "cpu", Count: 2}.SDL())
	roots := "trusted_roots = <<EOT\n" + string(vendor.RootsPEM()) + "EOT\n"
	with := func(required bool, lines ...string) string {
		return config + acctest.Lease("web", "bid_policy = { window = \"2s\" }", fmt.Sprintf(
			"attestation = {\n required = %t\n key_server_url = %q\n %s\n}", required, keys.URL, strings.Join(lines, "\n")))
	}
	fault := func(what string) func() {
		return func() { seller.SetFaults(akashprovider.Faults{Attestation: what}) }
	}
	var id, measurement string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: block + acctest.Deployment("web", acctest.Web{}.SDL()) +
					acctest.Lease("web", "attestation = { required = true }"),
				ExpectError: acctest.Says("Nothing to attest", "no service of group \"dcloud\" has params.tee", "tee: cpu",
					"Nothing was created or spent"),
			},
			{
				Config:      with(true, `trusted_roots = "nobody"`),
				ExpectError: acctest.Says("Invalid roots", "no self-signed certificate", "/vcek/v1/Milan/cert_chain"),
			},
			{
				Config: with(true), // AMD knows nothing of a simulated chip
				ExpectError: acctest.Says("Attestation failed", "replica 0 of service web of lease",
					"not certified by a trusted root", `The lease was ended because on_failure is "close"`,
					"count its secrets as known", "bid_policy.deny"),
			},
			{
				PreConfig: func() {
					id = only(t, net)
					require.Empty(t, activeWith(t, net, id))
					require.Equal(t, "paused", groupState(t, net, id))
					fault(akashprovider.AttestOldNonce)()
				},
				Config:      strings.Replace(with(true, roots), "bid_policy", "on_failure = \"keep\"\nbid_policy", 1),
				ExpectError: acctest.Says("Attestation failed", "not an answer to this nonce", "costs"),
			},
			{
				PreConfig: func() {
					require.Equal(t, []string{seller.Address()}, activeWith(t, net, id), "it was kept for a look")
					fault("")()
				},
				Config: with(true, roots),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest),
					resource.TestCheckResourceAttr(web, "attested.%", "1"),
					resource.TestCheckResourceAttr(web, "attested.web.platform", "snp"),
					resource.TestCheckResourceAttr(web, "attested.web.measurements.#", "2"),
					resource.TestMatchResourceAttr(web, "attested.web.measurements.1", regexp.MustCompile(`^[0-9a-f]{96}$`)),
					acctest.Keep(web, "attested.web.measurements.0", &measurement),
					resource.TestCheckResourceAttr(web, "attested.web.revocation_checked", "true"),
					resource.TestMatchResourceAttr(web, "attested.web.verified_height", regexp.MustCompile(`^[1-9]`)),
				),
			},
			{Config: with(true, roots), ConfigPlanChecks: acctest.NoChange()},
			{
				Config: with(true, roots, `measurements = ["`+strings.Repeat("0", 96)+`"]`),
				ConfigPlanChecks: acctest.Plan(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate)),
				ExpectError: acctest.Says("Attestation failed", "measurement is not one that is allowed",
					"launched with something else"),
			},
			{
				PreConfig: func() {
					require.Equal(t, []string{seller.Address()}, activeWith(t, net, id), "it ran before")
					require.Len(t, measurement, 96)
					fault(akashprovider.AttestNone)()
				},
				Config: with(false, roots),
				Check: resource.ComposeTestCheckFunc(
					resource.TestCheckResourceAttr(web, "attested.%", "0"), leasedTo(t, net, &id, acctest.Cheapest)),
			},
			{Config: with(false, roots), ConfigPlanChecks: acctest.NoChange()},
			{
				Config: config + acctest.Lease("web"),
				Check:  resource.TestCheckNoResourceAttr(web, "attested.%"),
			},
		},
	})
}
