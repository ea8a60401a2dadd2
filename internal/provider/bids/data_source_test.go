// SPDX-License-Identifier: Apache-2.0

package bids_test

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
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// list is what a data source told.
type list struct {
	Complete bool             `json:"complete"`
	Height   *int64           `json:"height"`
	Bids     []map[string]any `json:"bids"`
}

// TestAccBids_listed has an auction that was won and one that waits. The lists are those of a configuration that has
// nothing else.
func TestAccBids_listed(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	specs[0].ReclamationWindow = 24 * time.Hour
	net := acctest.StartDevnet(t, "an Akash provider that announces", devnet.Options{AkashProviders: specs},
		acctest.NoRefusal()).Network
	groups := acctest.Web{Groups: []string{"east", "west"}}
	w := net.NewWorkspace(t, acctest.Tenant, acctest.Deployment("web", groups.SDL())+
		acctest.LeaseOf("east", "web", "east", net.AllBids()))
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	found := net.Deployments(t, net.Owner(t, acctest.Tenant), "active")
	require.Len(t, found, 1)
	id := ids.DeploymentID{Owner: found[0].Deployment.ID.Owner, DSeq: found[0].Deployment.ID.DSeq}
	acctest.Eventually(t, "all bids", func() bool { return len(net.Bids(t, id.String())) == 6 })
	onChain := net.Bids(t, id.String())
	states := map[string]int{}
	bySeller := onChain[0].ID.Provider
	for _, b := range onChain {
		states[b.State.String()]++
	}
	require.Equal(t, 1, states["active"])
	require.Equal(t, 2, states["lost"], "the other two of the first auction")

	of := func(more string) string { return fmt.Sprintf("dseq = \"%d\"\n  %s", id.DSeq, more) }
	said := ask(t, net, map[string]string{
		"all": "", "open": `state = "open"`, "active": `state = "active"`, "lost": `state = "lost"`,
		"closed": `state = "closed"`, "deployment": of(""), "east": of("gseq = 1"), "west": of("gseq = 2\n  oseq = 1"),
		"later": of("gseq = 2\n  oseq = 2"), "elsewhere": `dseq = "42"`,
		"seller":    fmt.Sprintf("provider_address = %q", bySeller),
		"lost_once": of(fmt.Sprintf("gseq = 1\n  state = \"lost\"\n  provider_address = %q", bySeller)),
		"other":     fmt.Sprintf("owner = %q", net.Owner(t, devnet.Tenant2)),
	})
	require.Len(t, said["all"].Bids, 6)
	require.NotNil(t, said["all"].Height)
	announces, lostOnce := 0, 0
	for i, bid := range onChain { // ordered as the list is
		told := said["all"].Bids[i]
		require.Equal(t, idOf(bid), told["id"])
		require.Equal(t, id.Group(bid.ID.GSeq).Order(bid.ID.OSeq).String(), told["order_id"])
		require.Equal(t, fmt.Sprint(id.DSeq), told["dseq"])
		require.EqualValues(t, bid.ID.GSeq, told["gseq"])
		require.EqualValues(t, bid.ID.OSeq, told["oseq"])
		require.Equal(t, bid.ID.Provider, told["provider_address"])
		require.Equal(t, bid.State.String(), told["state"])
		require.Equal(t, coin.Trim(bid.Price.Amount), told["price_per_block"])
		require.Equal(t, "uact", told["denom"])
		require.Equal(t, coin.PerBlock{Denom: coin.UACT, Amount: bid.Price.Amount}.USDPerMonth(coin.DefaultBlockTime),
			told["usd_per_month"])
		require.EqualValues(t, bid.CreatedAt, told["created_height"])
		if bid.ReclamationWindow == nil {
			require.Nil(t, told["reclamation_window"])
		} else {
			announces++
			require.Equal(t, "24h0m0s", told["reclamation_window"])
		}
		if bid.ID.Provider == bySeller && bid.ID.GSeq == 1 && bid.State == marketv1beta5.Bid_lost {
			lostOnce++
		}
	}
	require.Equal(t, 2, announces, "one Akash provider bid twice")
	for name, want := range map[string]int{
		"open": states["open"], "active": 1, "lost": 2, "closed": states["closed"], "deployment": 6, "east": 3, "west": 3,
		"later": 0, "elsewhere": 0, "seller": 2, "lost_once": lostOnce, "other": 0,
	} {
		require.Len(t, said[name].Bids, want, name)
		require.True(t, said[name].Complete, name)
	}
	require.EqualValues(t, 2, said["west"].Bids[0]["gseq"])
	w.MustRun(t, "destroy", "-auto-approve", "-no-color")
}

func idOf(bid marketv1beta5.Bid) string {
	id := ids.DeploymentID{Owner: bid.ID.Owner, DSeq: bid.ID.DSeq}.Group(bid.ID.GSeq)
	return id.Order(bid.ID.OSeq).Bid(bid.ID.Provider).String()
}

// ask reads data sources with the given arguments, by name.
func ask(t *testing.T, net *acctest.Network, arguments map[string]string) map[string]list {
	t.Helper()
	var text string
	for name, more := range arguments {
		text += fmt.Sprintf("data \"akash_bids\" %[1]q {\n  %[2]s\n}\noutput %[1]q {\n  value = data.akash_bids.%[1]s\n}\n",
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

// TestAccBids_deadChain: a plan goes on without the chain, and not with a wrong one.
func TestAccBids_deadChain(t *testing.T) {
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
data "akash_bids" "x" {
  %s
}
`, endpoint, net.Owner(t, acctest.Tenant), more)
	}
	at := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.akash_bids.x", tfjsonpath.New(name), check)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: block(net.Endpoint(), ""), ExpectError: acctest.Says("Wrong chain id")},
			{Config: block(net.Endpoint(), `state = "won"`), ExpectError: acctest.Says("value must be one of")},
			{Config: block(net.Endpoint(), "gseq = 1"), ExpectError: acctest.Says(`"dseq" must be specified when "gseq"`)},
			{
				Config:      block(net.Endpoint(), "dseq = \"1\"\n  oseq = 1"),
				ExpectError: acctest.Says(`"gseq" must be specified when "oseq"`),
			},
			{Config: block(net.Endpoint(), "dseq = \"1\"\n  gseq = 0"), ExpectError: acctest.Says("must be between 1 and")},
			{
				Config: block("http://127.0.0.1:1", ""),
				ConfigStateChecks: []statecheck.StateCheck{
					at("bids", knownvalue.ListSizeExact(0)), at("complete", knownvalue.Bool(false)),
					at("height", knownvalue.Null()),
				},
			},
		},
	})
}
