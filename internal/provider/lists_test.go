// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestAccLists lists what an account has: each thing in the list of its own noun alone, importable by the identity that
// the list gives, and whole in the list as it is after an import.
func TestAccLists(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].LeasedIPs = 4
	}
	dev := acctest.StartDevnet(t, "addresses to lease", devnet.Options{AkashProviders: specs}, acctest.NoRefusal())
	kept := acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web") +
		acctest.Deployment("idle", acctest.Web{Groups: []string{"east", "west"}}.SDL(), "depends_on = [akash_lease.web]") +
		"resource \"akash_ip_endpoint\" \"shop\" {\nname = \"shop\"\ndepends_on = [akash_deployment.idle]\n}\n"
	gone := acctest.Deployment("old", acctest.Web{}.SDL(), "depends_on = [akash_ip_endpoint.shop]")
	block := dev.ProviderBlock(t, acctest.Tenant, "")
	other := dev.Owner(t, devnet.Tenant2)
	var web, idle, shop, old, seller string
	check := func(*terraform.State) error {
		lists := dev.NewLists(t, acctest.Tenant)
		found := lists.List(t, "akash_deployment", nil, 0, true)
		require.Equal(t, []string{web + " (dcloud)", idle + " (east, west)"}, names(found))
		require.Empty(t, found[0].Problems)
		require.Contains(t, found[1].Problems[0], "has no active lease")
		same(t, lists, "akash_deployment", found)
		require.Len(t, lists.List(t, "akash_deployment", nil, 1, false), 1, "limit")
		require.True(t, lists.List(t, "akash_deployment", nil, 1, false)[0].Resource.IsNull(), "only identities were wanted")
		require.Empty(t, lists.List(t, "akash_deployment", map[string]any{"owner": other}, 0, false))

		found = lists.List(t, "akash_lease", nil, 0, true)
		require.Equal(t, []string{web + "/1 with " + seller}, names(found))
		require.Empty(t, found[0].Problems)
		same(t, lists, "akash_lease", found)
		for about, config := range map[string]map[string]any{
			"dseq": {"dseq": "7"}, "state": {"state": "reclaiming"}, "owner": {"owner": other},
			"provider_address": {"provider_address": other},
		} {
			require.Empty(t, lists.List(t, "akash_lease", config, 0, false), about)
		}
		_, dseq, _ := strings.Cut(web, "/")
		require.Len(t, lists.List(t, "akash_lease", map[string]any{
			"dseq": dseq, "state": "active", "provider_address": seller,
		}, 0, false), 1)

		found = lists.List(t, "akash_ip_endpoint", nil, 0, true)
		require.Equal(t, []string{shop + " (shop)"}, names(found))
		same(t, lists, "akash_ip_endpoint", found)

		for _, noun := range []string{"akash_deployment", "akash_lease", "akash_ip_endpoint"} {
			refused := lists.List(t, noun, map[string]any{"owner": "nobody"}, 0, false)
			require.Len(t, refused, 1)
			require.Contains(t, refused[0].Problems[0], "akash1…")
		}
		return nil
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: block + kept + gone,
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep("akash_deployment.web", "id", &web), acctest.Keep("akash_deployment.idle", "id", &idle),
					acctest.Keep("akash_ip_endpoint.shop", "id", &shop), acctest.Keep("akash_deployment.old", "id", &old),
					acctest.Keep("akash_lease.web", "provider_address", &seller)),
			},
			{Config: block + kept, Check: check},
		},
	})
}

func names(found []acctest.Listed) (names []string) {
	for _, item := range found {
		names = append(names, item.Name)
	}
	return names
}

// same wants each thing as an import of it leaves it. Money that is spent by the block is left out.
func same(t *testing.T, lists *acctest.Lists, noun string, found []acctest.Listed) {
	t.Helper()
	for _, item := range found {
		imported, problems := lists.Import(t, noun, item.Identity)
		require.Equal(t, problems, item.Problems, "told at an import and in a list")
		differences, err := imported.Diff(item.Resource)
		require.NoError(t, err)
		for _, d := range differences {
			if d.Value1 == nil || d.Value2 == nil || leaf(*d.Value1) && !strings.Contains(d.Path.String(), "escrow") {
				require.Fail(t, "listed and imported differ", "%s %s", item.Name, d)
			}
		}
	}
}

func leaf(v tftypes.Value) bool {
	return v.Type().Is(tftypes.String) || v.Type().Is(tftypes.Bool) || v.Type().Is(tftypes.Number)
}
