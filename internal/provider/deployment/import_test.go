// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// TestAccDeployment_import takes over a running workload in every way there is, each time with a clean plan.
func TestAccDeployment_import(t *testing.T) {
	t.Parallel()
	_, provider := start(t)
	config := provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=hello", "EMPTY="}}.SDL()) +
		acctest.Lease("web")
	dseq := func(s *terraform.State) (string, error) {
		_, dseq, _ := strings.Cut(s.RootModule().Resources[web].Primary.ID, "/")
		return dseq, nil
	}
	var whole string
	steps := []resource.TestStep{
		{Config: config, Check: acctest.Keep("akash_lease.web", "lease_id", &whole)},
		// The SDL is rendered from chain and gateway: it says the same in other words.
		{
			ResourceName: web, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"sdl", "escrow", "funded_until"},
		},
		{
			ResourceName: web, ImportState: true, ImportStateIdFunc: dseq, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"sdl", "escrow", "funded_until"},
		},
		{ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
		{ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		{
			ResourceName: "akash_lease.web", ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"bids", "auction_reason"},
		},
		{
			ResourceName: "akash_lease.web", ImportState: true, ImportStateVerify: true,
			ImportStateIdFunc:       func(*terraform.State) (string, error) { return whole, nil },
			ImportStateVerifyIgnore: []string{"bids", "auction_reason"},
		},
		{ResourceName: "akash_lease.web", ImportState: true, ImportStateKind: resource.ImportBlockWithID},
		{ResourceName: "akash_lease.web", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		{
			ResourceName: "akash_lease.web", ImportState: true,
			ImportStateIdFunc: func(*terraform.State) (string, error) {
				return strings.Replace(whole, "/1/1/", "/1/2/", 1), nil // an order that never was
			},
			ExpectError: acctest.Says("Another lease in this group", "Nothing was imported"),
		},
		{
			ResourceName: web, ImportState: true, ImportStateId: "not an id",
			ExpectError: acctest.Says("Invalid import id", "owner/dseq"),
		},
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// TestAccDeployment_importWhole starts from nothing but a configuration with import blocks, as a person who moves to
// Terraform does: the apply imports both and changes nothing.
func TestAccDeployment_importWhole(t *testing.T) {
	t.Parallel()
	net, provider := start(t)
	config := provider + acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web")
	var id, lease string
	forget := provider + `
removed {
  from = akash_lease.web
  lifecycle { destroy = false }
}
removed {
  from = akash_deployment.web
  lifecycle { destroy = false }
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease)),
			},
			{Config: forget},
			{
				Config: config, ResourceName: web, ImportState: true, ImportStatePersist: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return id, nil },
			},
			{
				Config: config, ResourceName: "akash_lease.web", ImportState: true, ImportStatePersist: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return id + "/1", nil },
			},
			{Config: config, ConfigPlanChecks: acctest.NoChange()},
			{
				// An imported workload is changed like any other.
				Config: provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=changed"}}.SDL()) +
					acctest.Lease("web"),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("akash_lease.web", plancheck.ResourceActionUpdate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &id), acctest.Same("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() {
						if got := net.Running(t, lease)["web"]; len(got) != 1 || got[0] != "GREETING=changed" {
							t.Errorf("runs with %v", got)
						}
					}),
				),
			},
		},
	})
}
