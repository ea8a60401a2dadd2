// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"regexp"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const pauseLine = `desired_state = "paused"`

// pausedState is the state of a group that desired_state paused after a lease.
func pausedState() values {
	return with(running(), values{
		"desired_state": "paused", "state": "paused", "lease_id": nil, "provider_address": nil, "price_per_block": nil,
		"usd_per_month": nil, "manifest_delivered_hash": nil, "uris": nil, "services": nil,
	})
}

// TestPlanPause knows every value of a pause, keeps data unless it may go, and starts by an auction.
func TestPlanPause(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, owner, nil)
	same := groupOf("7", "aa")
	data := with(groupOf("7", "aa"), values{"spec": specWithData(t)})
	ended := func() values {
		return with(running(), values{"state": "closed", "close_reason": "lease_closed_owner", "ended_in_block": 9})
	}
	for name, test := range map[string]struct {
		state, config values
		// paused plans a pause whose values are all known; auction is a part of the reason for one, "" for none.
		paused           bool
		auction          string
		refused, warning string
	}{
		"pause": {
			state: running(), config: values{"group": same}, paused: true, warning: "nothing more is spent for it",
		},
		"at rest": {state: pausedState(), config: values{"group": same}, paused: true},
		"a new manifest meanwhile": {
			state: pausedState(), config: values{"group": groupOf("7", "bb")}, paused: true,
		},
		"a policy that excludes whoever ran it": {
			state:  pausedState(),
			config: values{"group": same, "bid_policy": values{"deny": []any{seller}}}, paused: true,
		},
		"with data": {state: running(), config: values{"group": data}, refused: "It keeps 1 GiB of beta2"},
		"data may go": {
			state: running(), config: values{"group": data, "allow_data_loss": true}, paused: true,
			warning: "Pause",
		},
		"data gone":    {state: ended(), config: values{"group": data}, paused: true},
		"ended before": {state: ended(), config: values{"group": same}, paused: true},
		"new":          {config: values{"group": same}, paused: true},
		"start": {
			state: pausedState(), config: values{"group": same, "desired_state": nil},
			auction: "was paused and is to run",
		},
		"start by a word": {
			state: pausedState(), config: values{"group": same, "desired_state": "running"},
			auction: "was paused",
		},
		"start with data": {
			state: pausedState(), config: values{"group": data, "desired_state": nil},
			auction: "was paused",
		},
		"paused by somebody": {
			state: ended(), config: values{"group": same, "desired_state": nil}, auction: "or the group paused",
		},
		"not known": {state: running(), config: values{"group": same, "desired_state": acctest.Unknown{}}, auction: "?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := values{"desired_state": "paused"}
			for k, v := range test.config {
				config[k] = v
			}
			planned := o.Plan(t, "akash_lease", test.state, config)
			if test.refused != "" {
				require.Len(t, planned.Errors, 1)
				require.Contains(t, planned.Errors[0], test.refused)
				return
			}
			require.Empty(t, planned.Errors)
			unknown := acctest.Unknown{}
			switch {
			case test.auction == "?":
				require.Equal(t, unknown, planned.Values["auction_reason"])
				require.Equal(t, unknown, planned.Values["manifest_delivered_hash"])
				return
			case test.auction != "":
				require.Contains(t, planned.Values["auction_reason"], test.auction)
				require.Equal(t, unknown, planned.Values["lease_id"])
				require.Equal(t, "aa", planned.Values["manifest_delivered_hash"])
				require.Len(t, planned.Warnings, 1)
				require.Contains(t, planned.Warnings[0], "New auction")
				return
			}
			for name, value := range planned.Values {
				require.NotEqual(t, unknown, value, name)
			}
			for _, name := range []string{
				"lease_id", "provider_address", "price_per_block", "usd_per_month", "manifest_delivered_hash", "uris", "services",
				"close_reason", "ended_in_block", "reclaim_deadline",
			} {
				require.Nil(t, planned.Values[name], name)
			}
			require.Equal(t, "paused", planned.Values["state"])
			require.Equal(t, owner+"/7/1", planned.Values["id"])
			if test.warning == "" {
				require.Empty(t, planned.Warnings)
				return
			}
			require.Len(t, planned.Warnings, 1)
			require.Contains(t, planned.Warnings[0], test.warning)
		})
	}
}

// pauseMessages are what somebody else sends to pause and start a deployment's only group.
func pauseMessages(t *testing.T, deploymentID string) (pause, start sdk.Msg) {
	t.Helper()
	id, err := ids.ParseGroupID(deploymentID + "/1")
	require.NoError(t, err)
	group := chain.PBGroupID(id)
	return &deploymentv1beta4.MsgPauseGroup{ID: group}, &deploymentv1beta4.MsgStartGroup{ID: group}
}

// TestAccLease_pause pauses a group and starts it again, with new manifests and other people's hands in between; the
// deployment stays the same, and nothing is spent for it meanwhile.
func TestAccLease_pause(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, acctest.NoRefusal())
	owner := net.Owner(t, acctest.Tenant)
	provider := net.ProviderBlock(t, acctest.Tenant, "")
	with := func(greeting string, lines ...string) string {
		return provider + acctest.Deployment("web", acctest.Web{Env: []string{"GREETING=" + greeting}}.SDL()) +
			acctest.Lease("web", append(lines, allBids)...)
	}
	var id, lease string
	atRest := resource.ComposeTestCheckFunc(
		acctest.Same(deployment, "id", &id),
		resource.TestCheckResourceAttr(web, "state", "paused"),
		resource.TestCheckNoResourceAttr(web, "lease_id"), resource.TestCheckNoResourceAttr(web, "close_reason"),
		acctest.Look(func() {
			require.Equal(t, "paused", groupState(t, net, id))
			require.Empty(t, activeWith(t, net, id))
			require.Len(t, net.Deployments(t, owner, ""), 1)
		}))
	update := func(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
		return acctest.Plan(append(checks, plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate))...)
	}
	reason := func(pattern string) plancheck.PlanCheck {
		return plancheck.ExpectKnownValue(web, tfjsonpath.New("auction_reason"),
			knownvalue.StringRegexp(regexp.MustCompile(pattern)))
	}
	var spent string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: with("one"),
				Check: resource.ComposeTestCheckFunc(
					acctest.Keep(deployment, "id", &id), acctest.Keep(web, "lease_id", &lease)),
			},
			{
				Config: with("one", pauseLine),
				ConfigPlanChecks: update(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionNoop),
					plancheck.ExpectKnownValue(web, tfjsonpath.New("lease_id"), knownvalue.Null())),
				Check: resource.ComposeTestCheckFunc(atRest, acctest.Look(func() {
					require.Equal(t, []string{"lease_closed_owner"}, closed(t, net, id))
				})),
			},
			{
				Config: with("one", pauseLine), ConfigPlanChecks: acctest.NoChange(),
				Check: acctest.Keep(deployment, "escrow.spent_uact", &spent),
			},
			{
				ResourceName: web, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"bids", "auction_reason", "group", "bid_policy"},
			},
			{
				Config:           with("two", pauseLine), // a manifest that nobody gets yet
				ConfigPlanChecks: update(plancheck.ExpectResourceAction(deployment, plancheck.ResourceActionUpdate)),
				Check:            atRest,
			},
			{
				PreConfig: func() { // somebody starts it
					_, start := pauseMessages(t, id)
					net.Send(t, acctest.Tenant, start)
				},
				Config: with("two", pauseLine), ConfigPlanChecks: update(),
				Check: resource.ComposeTestCheckFunc(atRest, acctest.Same(deployment, "escrow.spent_uact", &spent)),
			},
			{
				Config: with("two"), ConfigPlanChecks: update(reason("was paused and is to run")),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), acctest.Differs(web, "lease_id", &lease),
					acctest.Keep(web, "lease_id", &lease),
					leasedTo(t, net, &id, acctest.Cheapest),
					acctest.Look(func() { require.Equal(t, []string{"GREETING=two"}, net.Running(t, lease)["web"]) })),
			},
			{Config: with("two"), ConfigPlanChecks: acctest.NoChange()},
			{
				PreConfig: func() { // somebody pauses it
					pause, _ := pauseMessages(t, id)
					net.Send(t, acctest.Tenant, pause)
				},
				Config:           with("two", `desired_state = "running"`),
				ConfigPlanChecks: update(reason(`\(lease_closed_owner\): .*or the group paused`)),
				Check:            leasedTo(t, net, &id, acctest.Cheapest),
			},
			{Config: with("two", pauseLine), Check: atRest}, // and destroyed as it is
		},
		CheckDestroy: acctest.Look(func() { require.Empty(t, net.Deployments(t, owner, "active")) }),
	})
}

// TestAccLease_createdPaused holds no auction until the group is to run.
func TestAccLease_createdPaused(t *testing.T) {
	t.Parallel()
	net, config := start(t)
	var id string
	none := acctest.Look(func() {
		require.Equal(t, "paused", groupState(t, net, id))
		require.Empty(t, net.Leases(t, id))
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config + acctest.Lease("web", allBids, pauseLine),
				Check:  resource.ComposeTestCheckFunc(acctest.Keep(deployment, "id", &id), none),
			},
			{
				PreConfig: func() { // bids are asked for by somebody, and nothing is leased
					_, start := pauseMessages(t, id)
					net.Send(t, acctest.Tenant, start)
				},
				RefreshState: true, ExpectNonEmptyPlan: true,
				Check: resource.TestCheckResourceAttr(web, "state", "open"),
			},
			{Config: config + acctest.Lease("web", allBids, pauseLine), Check: none},
			{
				Config: config + acctest.Lease("web", allBids),
				Check: resource.ComposeTestCheckFunc(
					acctest.Same(deployment, "id", &id), leasedTo(t, net, &id, acctest.Cheapest)),
			},
		},
	})
}

// TestAccLease_startRefused: starting a group is asked for, unlike a repair, so a bad forecast refuses it.
func TestAccLease_startRefused(t *testing.T) {
	t.Parallel()
	net, _ := start(t)
	config := net.ProviderBlock(t, acctest.Tenant, `preflight = "error"`) +
		acctest.Deployment("web", acctest.Web{}.SDL())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config + acctest.Lease("web", pauseLine)},
			{
				Config:      config + acctest.Lease("web", `bid_policy = { regions = ["mars"] }`),
				ExpectError: acctest.Says("nobody can run this", "was paused and is to run", "Nothing was created or spent"),
			},
			{Config: config + acctest.Lease("web", pauseLine), ConfigPlanChecks: acctest.NoChange()},
		},
	})
}

// TestAccLease_pausedKeepsData: a new resource that wants a pause finds a lease with data, which no plan could know of.
func TestAccLease_pausedKeepsData(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t, acctest.NoRefusal())
	w := net.NewWorkspace(t, acctest.Tenant, `variable "state" { default = "running" }
variable "consent" { default = false }
`+acctest.Deployment("web", acctest.Web{Volume: "1Gi"}.SDL(), "deletion_protection = false")+
		acctest.Lease("web", allBids, "desired_state = var.state", "allow_data_loss = var.consent"))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	id := only(t, net)
	runs := activeWith(t, net, id)
	require.Len(t, runs, 1)
	w.MustRun(t, "state", "rm", "akash_lease.web")
	text, err := w.Run(t, "apply", "-auto-approve", "-no-color", "-var=state=paused")
	require.Error(t, err)
	text = acctest.Unwrapped(text)
	require.Contains(t, text, "Persistent data would be lost: "+id+"/1")
	require.Contains(t, text, "It keeps 1 GiB of beta2")
	require.Equal(t, runs, activeWith(t, net, id))
	w.MustRun(t, "apply", "-auto-approve", "-no-color", "-var=state=paused", "-var=consent=true")
	require.Equal(t, "paused", groupState(t, net, id))
	require.Empty(t, activeWith(t, net, id))
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
	require.Empty(t, net.Deployments(t, net.Owner(t, acctest.Tenant), "active"))
}
