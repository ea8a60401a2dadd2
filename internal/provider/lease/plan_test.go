// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
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

// undecided stands for an auction that only apply can decide about.
const undecided = "?"

// TestPlanChange decides between nothing, a delivery, an auction and a replacement by configuration and state alone.
func TestPlanChange(t *testing.T) {
	t.Parallel()
	plain := acctest.NewOffline(t, owner, nil)
	tight := acctest.NewOffline(t, owner, values{"price_ceiling": values{"uact_per_block": "9.99"}})
	same := groupOf("7", "aa")
	for name, test := range map[string]struct {
		o             *acctest.Offline
		state, config values
		auction       string // part of its reason; "" is none
		delivers      bool
		replaces      bool
	}{
		"nothing":            {config: values{"group": same}},
		"a wide ceiling":     {config: values{"group": same, "price_ceiling": values{"uact_per_block": "10"}}},
		"a ceiling in USD":   {config: values{"group": same, "price_ceiling": values{"usd_per_month": "4.383"}}},
		"the allowed one":    {config: values{"group": same, "bid_policy": values{"allow": []any{seller}}}},
		"another window":     {config: values{"group": same, "bid_policy": values{"window": "5s"}}},
		"a reclaiming lease": {state: with(running(), values{"state": "reclaiming"}), config: values{"group": same}},
		"a new manifest":     {config: values{"group": groupOf("7", "bb")}, delivers: true},
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
			state:  with(running(), values{"state": "closed", "close_reason": "lease_closed_reason_unstable"}),
			config: values{"group": same}, auction: "ended (lease_closed_reason_unstable)",
		},
		"a starved lease": {
			state: with(running(), values{
				"state": "insufficient_funds", "close_reason": "lease_closed_reason_insufficient_funds",
			}),
			config: values{"group": same}, auction: "insufficient_funds",
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
				require.Empty(t, planned.Warnings)
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
		})
	}
}
