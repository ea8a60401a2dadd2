// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const (
	owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	seller = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
	other  = "akash1urv8703cxqny9mcqdu8enh4mdhx0x55daad67a"
)

type values = map[string]any

func groupOf(dseq, hash string) values {
	return values{"deployment_id": owner + "/" + dseq, "gseq": 1, "name": "dcloud", "hash": hash, "manifest": "[]"}
}

// running is the state of a lease at 10 uact per block.
func running() values {
	lease := owner + "/7/1/1/" + seller
	return values{
		"id": owner + "/7/1", "group": groupOf("7", "aa"), "on_failure": "close", "lease_id": lease,
		"provider_address": seller, "state": "active", "auction_reason": "new lease", "price_per_block": "10",
		"usd_per_month": "4.38", "manifest_delivered_hash": "aa", "bids": []any{},
		"uris":     values{"web": []any{"a.example"}},
		"services": values{"web": values{"available": 1, "total": 1, "ports": []any{}, "ips": []any{}}},
	}
}

func with(base values, more values) values {
	for k, v := range more {
		base[k] = v
	}
	return base
}

// TestPlanOtherAccount refuses to plan for a group of an account that this configuration does not run as: one that is
// in state, and one that the configuration names.
func TestPlanOtherAccount(t *testing.T) {
	t.Parallel()
	stranger := acctest.NewOffline(t, other, nil)
	config := values{"group": groupOf("7", "aa")}
	for name, state := range map[string]values{"in state": running(), "configured": nil} {
		planned := stranger.Plan(t, "akash_lease", state, config)
		require.Len(t, planned.Errors, 1, name)
		require.Contains(t, planned.Errors[0], "Lease of another account: Group "+owner+"/7/1 belongs to "+owner)
		require.Contains(t, planned.Errors[0], "runs as "+other)
	}
	mine := acctest.NewOffline(t, owner, nil)
	require.Empty(t, mine.Plan(t, "akash_lease", running(), config).Errors)
}

// specWithData is the spec of a group that keeps a GiB on an SSD.
func specWithData(t *testing.T) string {
	t.Helper()
	doc, problems := sdl.Parse([]byte(acctest.Web{Volume: "1Gi"}.SDL()))
	require.NotNil(t, doc, problems.String())
	text, err := sdl.GroupJSON(doc.Groups()[0])
	require.NoError(t, err)
	return string(text)
}

// undecided stands for an auction that only apply can decide about.
const undecided = "?"

// TestPlanChange decides between nothing, a delivery, an auction and a replacement by configuration and state alone.
func TestPlanChange(t *testing.T) {
	t.Parallel()
	plain := acctest.NewOffline(t, owner, nil)
	tight := acctest.NewOffline(t, owner, values{"price_ceiling": values{"uact_per_block": "9.99"}})
	same := groupOf("7", "aa")
	persistent := with(groupOf("7", "aa"), values{"spec": specWithData(t)})
	for name, test := range map[string]struct {
		o             *acctest.Offline
		state, config values
		auction       string // part of its reason; "" is none
		refused       string // part of the error; "" is none
		warns         string // part of the warning
		delivers      bool
		replaces      bool
	}{
		"nothing":          {config: values{"group": same}},
		"a wide ceiling":   {config: values{"group": same, "price_ceiling": values{"uact_per_block": "10"}}},
		"a ceiling in USD": {config: values{"group": same, "price_ceiling": values{"usd_per_month": "4.383"}}},
		"the allowed one":  {config: values{"group": same, "bid_policy": values{"allow": []any{seller}}}},
		"another window":   {config: values{"group": same, "bid_policy": values{"window": "5s"}}},
		"a reclaiming lease": {
			state: with(running(), values{
				"state": "reclaiming", "reclaim_started_at": "2026-12-01T08:00:00Z", "reclaim_deadline": "2026-12-02T08:00:00Z",
			}),
			config:  values{"group": same},
			auction: "it may end it from 2026-12-02T08:00:00Z on, as it announced at 2026-12-01T08:00:00Z",
		},
		"a reclaiming lease with data": {
			state:  with(running(), values{"state": "reclaiming", "reclaim_deadline": "2026-12-02T08:00:00Z"}),
			config: values{"group": persistent}, warns: "Lease with persistent storage ends soon",
		},
		"a reclaiming lease with data that may go": {
			state:  with(running(), values{"state": "reclaiming", "reclaim_deadline": "2026-12-02T08:00:00Z"}),
			config: values{"group": persistent, "allow_data_loss": true}, auction: "takes lease",
		},
		"a ceiling below the price of a lease with data": {
			config:  values{"group": persistent, "price_ceiling": values{"uact_per_block": "9.9"}},
			refused: "Persistent data would be lost",
		},
		"one whose data may go": {
			config: values{
				"group": persistent, "price_ceiling": values{"uact_per_block": "9.9"}, "allow_data_loss": true,
			},
			auction: "over the ceiling of 9.9 uact per block",
		},
		"one of which it is not known": {
			config: values{
				"group": persistent, "price_ceiling": values{"uact_per_block": "9.9"}, "allow_data_loss": acctest.Unknown{},
			},
			auction: "over the ceiling of 9.9 uact per block",
		},
		"a dead lease with data, which is gone": {
			state:  with(running(), values{"state": "closed", "close_reason": "lease_closed_reason_unstable"}),
			config: values{"group": persistent}, auction: "did not stay healthy there",
		},
		"a new manifest for a lease with data": {
			config: values{"group": with(maps.Clone(persistent), values{"hash": "bb"})}, delivers: true,
		},
		"a new manifest": {config: values{"group": groupOf("7", "bb")}, delivers: true},
		"an unknown manifest": {
			config:   values{"group": with(groupOf("7", ""), values{"hash": acctest.Unknown{}, "manifest": acctest.Unknown{}})},
			delivers: true,
		},
		"a ceiling below the price": {
			config:  values{"group": same, "price_ceiling": values{"uact_per_block": "9.9"}},
			auction: "over the ceiling of 9.9 uact per block",
		},
		"a ceiling in USD below the price": {
			config:  values{"group": same, "price_ceiling": values{"usd_per_month": "4.38"}},
			auction: "over the ceiling of 4.38 USD per month",
		},
		"the provider block's ceiling": {
			o: tight, config: values{"group": same, "price_ceiling": values{"uact_per_block": "100"}},
			auction: "over the ceiling of 9.99 uact per block",
		},
		"an unknown ceiling": {
			config:  values{"group": same, "price_ceiling": values{"uact_per_block": acctest.Unknown{}}},
			auction: undecided,
		},
		"an unknown group": {config: values{"group": acctest.Unknown{}}, auction: undecided},
		"denied":           {config: values{"group": same, "bid_policy": values{"deny": []any{seller}}}, auction: "deny"},
		"not allowed":      {config: values{"group": same, "bid_policy": values{"allow": []any{other}}}, auction: "allow"},
		"a dead lease": {
			state: with(running(), values{
				"state": "closed", "close_reason": "lease_closed_reason_unstable", "ended_in_block": 41,
			}),
			config:  values{"group": same},
			auction: "ended in block 41 (lease_closed_reason_unstable): its Akash provider gave up",
		},
		"a starved lease": {
			state: with(running(), values{
				"state": "insufficient_funds", "close_reason": "lease_closed_reason_insufficient_funds",
			}),
			config: values{"group": same}, auction: "the deployment's escrow ran out of money", warns: "A deposit is needed",
		},
		"another deployment": {config: values{"group": groupOf("8", "aa")}, auction: "new lease", replaces: true},
		"a deployment to come": {
			config:  values{"group": with(groupOf("8", "aa"), values{"deployment_id": acctest.Unknown{}})},
			auction: "new lease", replaces: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, state := test.o, test.state
			if o == nil {
				o = plain
			}
			if state == nil {
				state = running()
			}
			if policy, ok := test.config["bid_policy"].(values); ok && policy["min_bids"] == nil {
				state["bid_policy"] = values{"window": "60s", "min_bids": 1} // as the defaults were written before
			}
			planned := o.Plan(t, "akash_lease", state, test.config)
			if test.refused != "" {
				require.Len(t, planned.Errors, 1)
				require.Contains(t, planned.Errors[0], test.refused)
				require.Contains(t, planned.Errors[0], "1 GiB of beta2")
				return
			}
			require.Empty(t, planned.Errors)
			require.Equal(t, test.replaces, planned.Replaces)
			unknown := acctest.Unknown{}
			if test.auction == "" {
				for _, name := range []string{
					"id", "lease_id", "provider_address", "state", "price_per_block", "bids", "auction_reason",
				} {
					require.Equal(t, state[name], planned.Values[name], name)
				}
				require.Equal(t, test.delivers, planned.Values["uris"] == any(unknown))
				require.Equal(t, test.warns == "", len(planned.Warnings) == 0)
				require.Contains(t, strings.Join(planned.Warnings, ""), test.warns)
				return
			}
			if test.auction == undecided {
				// A known reason would contradict an apply that finds the lease allowed.
				require.Equal(t, unknown, planned.Values["auction_reason"])
			} else {
				require.Contains(t, planned.Values["auction_reason"], test.auction)
			}
			for _, name := range []string{
				"lease_id", "provider_address", "state", "price_per_block", "usd_per_month", "uris", "bids",
			} {
				require.Equal(t, unknown, planned.Values[name], name)
			}
			if test.replaces || test.auction == undecided {
				return
			}
			require.Equal(t, state["id"], planned.Values["id"], "the slot stays")
			require.Len(t, planned.Warnings, 1)
			require.Contains(t, planned.Warnings[0], "New auction: "+owner+"/7/1")
			require.Contains(t, planned.Warnings[0], test.warns)
			require.Contains(t, planned.Warnings[0], "keeps its dseq and its escrow")
		})
	}
}
