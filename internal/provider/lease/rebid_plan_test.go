// SPDX-License-Identifier: Apache-2.0

package lease_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// TestPlanRebid decides about triggers, and about what only counts when an auction is held.
func TestPlanRebid(t *testing.T) {
	t.Parallel()
	plain := acctest.NewOffline(t, owner, nil)
	strict := acctest.NewOffline(t, owner, values{"bid_policy": values{"deny": []any{seller}, "regions": []any{"mars"}}})
	same := groupOf("7", "aa")
	triggers := func(v any) values { return with(running(), values{"rebid_triggers": v}) }
	under := func(c any) values { return with(groupOf("7", "aa"), values{"price_ceiling": c}) }
	for name, test := range map[string]struct {
		o             *acctest.Offline
		state, config values
		auction       string // part of its reason; "" is none
	}{
		"same triggers": {
			state: triggers(values{"a": "1"}), config: values{"group": same, "rebid_triggers": values{"a": "1"}},
		},
		"another value": {
			state: triggers(values{"a": "1", "b": "1"}), config: values{
				"group": same, "rebid_triggers": values{"a": "2", "b": "1"},
			},
			auction: "rebid_triggers changed: a",
		},
		"one more": {
			state: triggers(values{"a": "1"}), config: values{"group": same, "rebid_triggers": values{"a": "1", "b": "x"}},
			auction: "rebid_triggers changed: b",
		},
		"the first": {
			config: values{"group": same, "rebid_triggers": values{"a": "1"}}, auction: "rebid_triggers changed: a",
		},
		"taken away": {
			state: triggers(values{"a": "1"}), config: values{"group": same, "rebid_triggers": nil},
			auction: "rebid_triggers changed: a",
		},
		"unknown value": {
			state: triggers(values{"a": "1"}), auction: undecided,
			config: values{"group": same, "rebid_triggers": values{"a": acctest.Unknown{}}},
		},
		"unknown": {
			state: triggers(values{"a": "1"}), auction: undecided,
			config: values{"group": same, "rebid_triggers": acctest.Unknown{}},
		},
		"an imported lease": {
			state:  with(running(), values{"auction_reason": "imported"}),
			config: values{"group": same, "rebid_triggers": values{"a": "1"}},
		},
		"cheaper elsewhere is a note": {config: values{"group": same, "rebid_if_cheaper_by": "10"}},
		"regions, attributes and auditors choose, they do not move": {config: values{"group": same, "bid_policy": values{
			"regions": []any{"mars"}, "attributes": values{"host": "none"}, "auditors": []any{other},
			"distinct_from": []any{seller}, "strategy": "weighted",
		}}},
		"distinct from what is not known yet": {
			config: values{"group": same, "bid_policy": values{"distinct_from": []any{acctest.Unknown{}}}},
		},
		"denied by the provider block": {o: strict, config: values{"group": same}, auction: "on the deny list"},
		"a deny list of its own wins": {
			o: strict, config: values{"group": same, "bid_policy": values{"deny": []any{other}}},
		},
		"the deployment's ceiling, wide":    {config: values{"group": under(values{"uact_per_block": "10"})}},
		"the deployment's ceiling, by hour": {config: values{"group": under(values{"usd_per_hour": "0.006"})}},
		"the deployment's ceiling": {
			config:  values{"group": under(values{"usd_per_hour": "0.0059"}), "price_ceiling": values{"uact_per_block": "10"}},
			auction: "over the ceiling of 0.0059 USD per hour (deployment)",
		},
		"the lease's ceiling, tighter": {
			config:  values{"group": under(values{"usd_per_hour": "0.0059"}), "price_ceiling": values{"uact_per_block": "1"}},
			auction: "over the ceiling of 1 uact per block (lease)",
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
			planned := o.Plan(t, "akash_lease", state, test.config)
			require.Empty(t, planned.Errors)
			require.False(t, planned.Replaces)
			switch test.auction {
			case "":
				require.Equal(t, state["auction_reason"], planned.Values["auction_reason"])
				require.Equal(t, state["lease_id"], planned.Values["lease_id"])
			case undecided:
				require.Equal(t, acctest.Unknown{}, planned.Values["auction_reason"])
			default:
				require.Contains(t, planned.Values["auction_reason"], test.auction)
				require.Equal(t, acctest.Unknown{}, planned.Values["provider_address"])
			}
		})
	}
}
