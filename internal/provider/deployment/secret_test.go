// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

const secret = "correct-horse-battery-staple"

// TestAccDeployment_secrets gives an environment variable that nobody may see: plans mask it wherever it stands, an
// error of the gateway does not quote it, and the journal never hears of it or of the key.
func TestAccDeployment_secrets(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "faults", devnet.Options{})
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	net.AllFaults(akashprovider.Faults{RefuseManifests: -1})
	account := net.Account(t, acctest.Tenant)
	config := provider + acctest.Deployment("web", acctest.Web{}.SDL(), `env = { web = { PASSWORD = "`+secret+`" } }`) +
		acctest.Lease("web", `bid_policy = { min_bids = 3 }`)
	var refusal, id, lease string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		ErrorCheck: func(err error) error {
			refusal = acctest.Unwrapped(err.Error())
			return nil
		},
		Steps: []resource.TestStep{
			{Config: config, ConfigPlanChecks: acctest.Plan(acctest.Masked(secret))},
			{
				PreConfig: func() {
					require.Contains(t, refusal, "Manifest refused")
					require.NotContains(t, refusal, secret)
					noFileSays(t, os.Getenv(journal.EnvStateDir), secret, account.Mnemonic) // not retired yet
					net.AllFaults(akashprovider.Faults{})
				},
				Config: config,
				ConfigPlanChecks: acctest.Plan(acctest.Masked(secret),
					plancheck.ExpectSensitiveValue(web, tfjsonpath.New("env"))),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectSensitiveValue(web, tfjsonpath.New("env")),
					statecheck.ExpectSensitiveValue(web, tfjsonpath.New("groups").AtMapKey("dcloud").AtMapKey("manifest")),
					statecheck.ExpectSensitiveValue("akash_lease.web", tfjsonpath.New("group").AtMapKey("manifest")),
				},
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep("akash_lease.web", "lease_id", &lease),
					acctest.Look(func() {
						require.Contains(t, net.Running(t, lease)["web"], "PASSWORD="+secret)
					}),
				),
			},
			{ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ExpectNonEmptyPlan: true},
		},
	})
}

// noFileSays looks for texts in every file of a folder.
func noFileSays(t *testing.T, dir string, texts ...string) {
	t.Helper()
	require.NotEmpty(t, dir)
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // other tests remove their files at the same time
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		files++
		for _, text := range texts {
			require.NotContains(t, string(content), text, path)
		}
		return err
	}))
	require.Positive(t, files, "the journal is where the test looks")
}
