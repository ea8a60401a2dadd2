// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// TestAccDeployment_dataLoss replaces a deployment with persistent storage only by consent, and one without it always.
func TestAccDeployment_dataLoss(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	owner := net.Owner(t, acctest.Tenant)
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	with := func(w acctest.Web, lines ...string) string {
		return provider + acctest.Deployment("web", w.SDL(), append(lines, `deletion_protection = false`)...)
	}
	const consent = `allow_data_loss = true`
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: with(acctest.Web{Volume: "1Gi"}), Check: acctest.Keep("akash_deployment.web", "id", &id)},
			{
				Config: with(acctest.Web{Volume: "1Gi", CPU: "200m"}),
				ExpectError: acctest.Says("Persistent data would be lost: group dcloud changes", "dcloud: 1 GiB of beta2",
					"allow_data_loss = true"),
			},
			{
				Config:      with(acctest.Web{}),
				ExpectError: acctest.Says("Persistent data would be lost"),
			},
			{
				PreConfig: func() { require.Len(t, net.Deployments(t, owner, "active"), 1) },
				Config:    with(acctest.Web{Volume: "1Gi", Env: []string{"GREETING=new"}}), // of the manifest alone
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction("akash_deployment.web", plancheck.ResourceActionUpdate)),
				Check: acctest.Same("akash_deployment.web", "id", &id),
			},
			{
				Config: with(acctest.Web{Volume: "1Gi", CPU: "200m"}, consent),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction("akash_deployment.web", plancheck.ResourceActionDestroyBeforeCreate)),
				Check: resource.ComposeTestCheckFunc(
					acctest.Differs("akash_deployment.web", "id", &id),
					acctest.Look(func() { require.Len(t, net.Deployments(t, owner, "active"), 1) })),
			},
		},
		CheckDestroy: acctest.Look(func() {
			require.Empty(t, net.Deployments(t, owner, "active"), "destroying without protection needs no consent")
		}),
	})
}

// TestAccDeployment_dataLossByReplace refuses what -replace asks for, too.
func TestAccDeployment_dataLossByReplace(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	w := net.NewWorkspace(t, acctest.Tenant, `variable "consent" { default = false }
`+acctest.Deployment("web", acctest.Web{Volume: "1Gi"}.SDL(), "allow_data_loss = var.consent",
		"deletion_protection = false"))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	text, err := w.Run(t, "plan", "-no-color", "-replace=akash_deployment.web")
	require.Error(t, err)
	require.Contains(t, acctest.Unwrapped(text), "Persistent data would be lost: replacement asked for")
	text = w.MustRun(t, "plan", "-no-color", "-replace=akash_deployment.web", "-var=consent=true")
	require.Contains(t, text, "1 to add, 0 to change, 1 to destroy")
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
}
