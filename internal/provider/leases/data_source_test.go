// SPDX-License-Identifier: Apache-2.0

package leases_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// list is what a data source told.
type list struct {
	Complete bool             `json:"complete"`
	Height   *int64           `json:"height"`
	Leases   []map[string]any `json:"leases"`
}

// TestAccLeases_listed has two groups: of one the Akash provider gave the lease up, so that there was a second
// auction, the other is being taken back. The lists are those of a configuration that has nothing else.
func TestAccLeases_listed(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	specs[0].ReclamationWindow = 24 * time.Hour // the cheapest, who then must announce what it ends
	dev := acctest.StartDevnet(t, "the hand of an Akash provider", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal())
	net := dev.Network
	cheapest := net.Address(t, acctest.Cheapest)
	groups := acctest.Web{Groups: []string{"east", "west"}}
	w := net.NewWorkspace(t, acctest.Tenant, acctest.Deployment("web", groups.SDL())+
		acctest.LeaseOf("east", "web", "east", fmt.Sprintf("bid_policy = { deny = [%q] }", cheapest))+
		acctest.LeaseOf("west", "web", "west", fmt.Sprintf("bid_policy = { allow = [%q] }", cheapest)))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	found := net.Deployments(t, net.Owner(t, acctest.Tenant), "active")
	require.Len(t, found, 1)
	id := ids.DeploymentID{Owner: found[0].Deployment.ID.Owner, DSeq: found[0].Deployment.ID.DSeq}
	first := net.Leases(t, id.String())
	require.Len(t, first, 2)
	dev.KillLease(t, idOf(first[0]))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	dev.ReclaimLease(t, idOf(first[1]))

	said := ask(t, net, map[string]string{
		"all": "", "active": `state = "active"`, "reclaiming": `state = "reclaiming"`, "closed": `state = "closed"`,
		"starved": `state = "insufficient_funds"`, "deployment": fmt.Sprintf(`dseq = "%d"`, id.DSeq),
		"with": fmt.Sprintf("provider_address = %q", first[0].ID.Provider), "elsewhere": `dseq = "42"`,
		"other": fmt.Sprintf("owner = %q", net.Owner(t, devnet.Tenant2)),
	})
	onChain := net.Leases(t, id.String())
	require.Len(t, onChain, 3, "east twice, and west")
	require.Len(t, said["all"].Leases, 3)
	require.NotNil(t, said["all"].Height)
	var with int
	for i, lease := range onChain { // ordered as the list is
		told := said["all"].Leases[i]
		require.Equal(t, idOf(lease), told["id"])
		require.Equal(t, id.Group(lease.ID.GSeq).String(), told["group_id"])
		require.Equal(t, fmt.Sprint(id.DSeq), told["dseq"])
		require.EqualValues(t, lease.ID.GSeq, told["gseq"])
		require.EqualValues(t, lease.ID.OSeq, told["oseq"])
		require.Equal(t, lease.ID.Provider, told["provider_address"])
		require.Equal(t, lease.State.String(), told["state"])
		require.Equal(t, coin.Trim(lease.Price.Amount), told["price_per_block"])
		require.Equal(t, "uact", told["denom"])
		require.Equal(t, coin.PerBlock{Denom: coin.UACT, Amount: lease.Price.Amount}.USDPerMonth(coin.DefaultBlockTime),
			told["usd_per_month"])
		require.EqualValues(t, lease.CreatedAt, told["created_height"])
		for _, amount := range []string{"withdrawn_uact", "not_withdrawn_uact", "owed_uact"} {
			require.Regexp(t, `^\d+(\.\d+)?$`, told[amount], amount)
		}
		if lease.ID.Provider == first[0].ID.Provider {
			with++
		}
	}
	ended, again, reclaimed := said["all"].Leases[0], said["all"].Leases[1], said["all"].Leases[2]
	require.EqualValues(t, onChain[0].ClosedOn, ended["ended_in_block"])
	require.Equal(t, "lease_closed_reason_unstable", ended["close_reason"])
	require.Contains(t, ended["close_reason_text"], "its Akash provider gave up")
	require.NotEqual(t, "0", ended["withdrawn_uact"], "what it earned was paid out when it ended")
	require.Equal(t, "24h0m0s", reclaimed["reclamation_window"])
	for _, name := range []string{
		"reclamation_window", "ended_in_block", "close_reason", "close_reason_text", "reclaim_started_at",
		"reclaim_deadline", "reclaim_reason",
	} {
		require.Nil(t, again[name], name)
	}
	require.Equal(t, "reclaiming", reclaimed["state"])
	deadline := time.Unix(onChain[2].Reclamation.Deadline, 0).UTC()
	require.Equal(t, deadline.Format(time.RFC3339), reclaimed["reclaim_deadline"])
	require.Equal(t, deadline.Add(-24*time.Hour).Format(time.RFC3339), reclaimed["reclaim_started_at"])
	require.Equal(t, "lease_closed_reason_decommission", reclaimed["reclaim_reason"])
	require.Nil(t, reclaimed["close_reason"])

	for name, want := range map[string]int{
		"active": 1, "reclaiming": 1, "closed": 1, "starved": 0, "deployment": 3, "with": with, "elsewhere": 0, "other": 0,
	} {
		require.Len(t, said[name].Leases, want, name)
		require.True(t, said[name].Complete, name)
	}
	require.Equal(t, ended["id"], said["closed"].Leases[0]["id"])
	net.CloseDeployment(t, acctest.Tenant, id.String())
	require.Len(t, ask(t, net, map[string]string{"closed": `state = "closed"`})["closed"].Leases, 3)
}

func idOf(lease marketv1.Lease) string {
	id := ids.DeploymentID{Owner: lease.ID.Owner, DSeq: lease.ID.DSeq}.Group(lease.ID.GSeq)
	return id.Order(lease.ID.OSeq).Bid(lease.ID.Provider).String()
}

// ask reads data sources with the given arguments, by name.
func ask(t *testing.T, net *acctest.Network, arguments map[string]string) map[string]list {
	t.Helper()
	var text string
	for name, more := range arguments {
		text += fmt.Sprintf("data \"akash_leases\" %[1]q {\n  %[2]s\n}\n"+
			"output %[1]q {\n  value = data.akash_leases.%[1]s\n}\n",
			name, more)
	}
	w := net.NewWorkspace(t, acctest.Tenant, text)
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	var outputs map[string]struct {
		Value list `json:"value"`
	}
	require.NoError(t, json.Unmarshal([]byte(w.MustRun(t, "output", "-json")), &outputs))
	said := map[string]list{}
	for name, output := range outputs {
		said[name] = output.Value
	}
	return said
}

// TestAccLeases_deadChain: a plan goes on without the chain, and not with a wrong one.
func TestAccLeases_deadChain(t *testing.T) {
	t.Parallel()
	net := acctest.Start(t)
	block := func(endpoint, more string) string {
		return fmt.Sprintf(`
provider "akash" {
  network  = "custom"
  chain_id = "nowhere-1"
  grpc     = [%q]
  owner    = %q
}
data "akash_leases" "x" {%s}
`, endpoint, net.Owner(t, acctest.Tenant), more)
	}
	at := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.akash_leases.x", tfjsonpath.New(name), check)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: block(net.Endpoint(), ""), ExpectError: acctest.Says("Wrong chain id")},
			{Config: block(net.Endpoint(), `state = "lost"`), ExpectError: acctest.Says("value must be one of")},
			{Config: block(net.Endpoint(), `dseq = "0"`), ExpectError: acctest.Says("want a whole number")},
			{Config: block(net.Endpoint(), `provider_address = "x"`), ExpectError: acctest.Says("an address such as")},
			{
				Config: block("http://127.0.0.1:1", ""),
				ConfigStateChecks: []statecheck.StateCheck{
					at("leases", knownvalue.ListSizeExact(0)), at("complete", knownvalue.Bool(false)),
					at("height", knownvalue.Null()),
				},
			},
		},
	})
}
