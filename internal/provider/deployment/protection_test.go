// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// TestPlanProtection plans the default by the groups, refuses replacements by what is in state, and finds no difference
// in a state from before there was the attribute.
func TestPlanProtection(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	plain, data := acctest.Web{}.SDL(), acctest.Web{Volume: "1Gi"}.SDL()
	changed := acctest.Web{CPU: "200m"}.SDL()
	for name, test := range map[string]struct {
		prior, config values
		planned       any
		err           string
	}{
		"default without data": {config: values{"sdl": plain}, planned: false},
		"default with data":    {config: values{"sdl": data}, planned: true},
		"configured":           {config: values{"sdl": data, "deletion_protection": false}, planned: false},
		"not known yet":        {config: values{"sdl": acctest.Unknown{}}, planned: acctest.Unknown{}},
		"taken away": {
			prior:  values{"sdl": data, "deletion_protection": false},
			config: values{"sdl": data}, planned: true,
		},
		"replaced while on": {
			prior:  values{"sdl": plain, "deletion_protection": true},
			config: values{"sdl": changed, "deletion_protection": true}, err: "Replacement of a protected deployment",
		},
		"replaced by the apply that turns it off": {
			prior:  values{"sdl": plain, "deletion_protection": true},
			config: values{"sdl": changed, "deletion_protection": false}, err: "apply that alone",
		},
		"replaced while off": {
			prior:  values{"sdl": plain, "deletion_protection": false},
			config: values{"sdl": changed, "deletion_protection": true}, planned: true,
		},
		"data replaced while off": {
			prior:  values{"sdl": data, "deletion_protection": false},
			config: values{"sdl": plain, "allow_data_loss": true}, planned: false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var prior values
			if test.prior != nil {
				prior = created(t, o, someOwner, test.prior)
			}
			planned := o.Plan(t, "akash_deployment", prior, test.config)
			if test.err != "" {
				require.Len(t, planned.Errors, 1)
				require.Contains(t, planned.Errors[0], test.err)
				return
			}
			require.Empty(t, planned.Errors)
			require.Equal(t, test.planned, planned.Values["deletion_protection"])
		})
	}
	for name, sdl := range map[string]string{"plain": plain, "with data": data} {
		older := created(t, o, someOwner, values{"sdl": sdl})
		older["deletion_protection"], older["labels"], older["labels_all"] = nil, nil, nil
		planned := o.Plan(t, "akash_deployment", older, values{"sdl": sdl})
		require.Empty(t, planned.Errors, name)
		require.Equal(t, older, planned.Values, "an older state, "+name)
	}
	older := created(t, o, someOwner, values{"sdl": data})
	older["deletion_protection"] = nil
	planned := o.Plan(t, "akash_deployment", older, values{"sdl": plain, "allow_data_loss": true})
	require.Len(t, planned.Errors, 1, "an older state is protected by the default")
}

// TestPlanLabels lays labels over the provider block's.
func TestPlanLabels(t *testing.T) {
	t.Parallel()
	web := acctest.Web{}.SDL()
	ours := values{"stage": "production", "team": "web"}
	for name, test := range map[string]struct {
		block, config values
		all           any
	}{
		"none":     {all: nil},
		"empty":    {config: values{"labels": values{}}, all: nil},
		"own":      {config: values{"labels": values{"a": "1"}}, all: values{"a": "1"}},
		"defaults": {block: values{"default_labels": ours}, all: ours},
		"own over theirs": {
			values{"default_labels": ours},
			values{"labels": values{"team": "x"}},
			values{"stage": "production", "team": "x"},
		},
		"one not known": {
			values{"default_labels": ours},
			values{"labels": values{"team": acctest.Unknown{}}},
			values{"stage": "production", "team": acctest.Unknown{}},
		},
		"defaults open": {values{"default_labels": acctest.Unknown{}}, values{"labels": values{"a": "1"}}, acctest.Unknown{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := acctest.NewOffline(t, someOwner, test.block)
			config := values{"sdl": web}
			for k, v := range test.config {
				config[k] = v
			}
			planned := o.Plan(t, "akash_deployment", nil, config)
			require.Empty(t, planned.Errors)
			require.Equal(t, test.all, planned.Values["labels_all"])
			require.Equal(t, test.config["labels"], planned.Values["labels"])
		})
	}
}

// TestAccDeployment_deletionProtection refuses to destroy and to replace what is protected, also by -replace and when
// its block is gone, until the protection was applied away.
func TestAccDeployment_deletionProtection(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	owner := net.Owner(t, acctest.Tenant)
	w := net.NewWorkspace(t, acctest.Tenant, `variable "protection" { default = null }
`+acctest.Deployment("web", acctest.Web{Volume: "1Gi"}.SDL(), "deletion_protection = var.protection"))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	before := net.Deployments(t, owner, "active")
	require.Len(t, before, 1)
	refused := func(says string, args ...string) {
		t.Helper()
		text, err := w.Run(t, args...)
		require.Error(t, err)
		text = acctest.Unwrapped(text)
		require.Contains(t, text, says)
		require.Contains(t, text, "Nothing was changed")
		require.Equal(t, before[0].Deployment, net.Deployments(t, owner, "active")[0].Deployment)
	}
	refused("Deployment is protected: "+owner, "plan", "-destroy", "-no-color")
	refused("persistent storage (dcloud: 1 GiB of beta2)", "destroy", "-auto-approve", "-no-color", "-refresh=false")
	refused("Deployment is protected", "destroy", "-auto-approve", "-no-color", "-var=protection=false")
	refused("Replacement of a protected deployment", "plan", "-no-color", "-replace=akash_deployment.web")
	w.MustRun(t, "apply", "-auto-approve", "-no-color", "-var=protection=false")
	require.Equal(t, before[0].Deployment, net.Deployments(t, owner, "active")[0].Deployment)
	require.Equal(t, before[0].EscrowAccount.State.Funds, net.Deployments(t, owner, "active")[0].EscrowAccount.State.Funds)
	w.MustRun(t, "destroy", "-auto-approve", "-no-color", "-var=protection=false")
	require.Empty(t, net.Deployments(t, owner, "active"))
}

// TestAccDeployment_labels keeps labels in state alone: no label changes anything on chain.
func TestAccDeployment_labels(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	const web = "akash_deployment.web"
	with := func(defaults string, lines ...string) string {
		return net.ProviderBlock(t, acctest.Tenant, defaults) + acctest.Deployment("web", acctest.Web{}.SDL(), lines...)
	}
	all := func(labels map[string]string) plancheck.PlanCheck {
		want := map[string]knownvalue.Check{}
		for k, v := range labels {
			want[k] = knownvalue.StringExact(v)
		}
		return plancheck.ExpectKnownValue(web, tfjsonpath.New("labels_all"), knownvalue.MapExact(want))
	}
	stage := `default_labels = { stage = "test" }`
	var id, balance string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:           with(stage, `labels = { team = "a" }`),
				ConfigPlanChecks: acctest.Plan(all(map[string]string{"stage": "test", "team": "a"})),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(web, "id", &id), acctest.Keep(web, "escrow.balance_uact", &balance)),
			},
			{Config: with(stage, `labels = { team = "a" }`), ConfigPlanChecks: acctest.NoChange()},
			{
				Config: with(stage, `labels = { stage = "own" }`),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate), all(map[string]string{"stage": "own"})),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(web, "id", &id), acctest.Same(web, "escrow.balance_uact", &balance)),
			},
			{
				Config: with(``),
				ConfigPlanChecks: acctest.Plan(
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("labels_all"), knownvalue.Null())),
			},
			{
				Config:           with(stage),
				ConfigPlanChecks: acctest.Plan(all(map[string]string{"stage": "test"})),
				Check:            acctest.Same(web, "id", &id),
			},
			{
				Config: with(stage), ResourceName: web, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"timeouts", "sdl", "deposit.%", "deposit.usd", "groups", "funded_until"},
			},
		},
	})
}
