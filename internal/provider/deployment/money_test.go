// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// counted is what a refresh keeps in private state.
func counted(deposited, used, price string) map[string]string {
	return map[string]string{"runway": fmt.Sprintf(
		`{"deposited_uact": %q, "used_uact": %q, "price_uact_per_block": %q}`, deposited, used, price)}
}

// TestPlanRunway plans with the SDL's maximum of 1000 uact a block, 14400 blocks a day.
func TestPlanRunway(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	cheap := acctest.NewOffline(t, someOwner, values{"price_ceiling": values{"uact_per_block": "10"}})
	web := acctest.Web{}.SDL()
	day := values{"runway": "24h"}
	for name, test := range map[string]struct {
		o             *acctest.Offline
		prior, config values // prior is a configuration; nil is none
		private       map[string]string
		target        string
		topsUp        bool
		below         any
		warning       string
	}{
		"new": {config: values{"deposit": day}, target: "14400000", below: acctest.Unknown{}, topsUp: true},
		"new under a ceiling": {
			o: cheap, config: values{"deposit": day}, target: "144000", below: acctest.Unknown{}, topsUp: true,
		},
		"new in USD": {
			config: values{"deposit": values{"usd": "2.5"}}, target: "2500000", below: acctest.Unknown{}, topsUp: true,
		},
		"no refresh yet": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			target: "14400000", below: false,
		},
		"enough left": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			private: counted("14400000", "12600000", "1000"), target: "14400000", below: false,
		},
		"too little left": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			private: counted("14400000", "12600001", "1000"), target: "27000001", below: false, topsUp: true,
			warning: "Apply deposits 12.600001 ACT more, for 24h0m0s at 1000uact a block (438.30 USD/month)",
		},
		"at the price of the lease": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			private: counted("14400000", "14399000", "20"), target: "14687000", below: false, topsUp: true,
			warning: "Its escrow lasts for 5m0s, less than min_runway (3h)",
		},
		"overdrawn": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			private: counted("14400000", "15000000.5", "1000"), target: "29400001", below: false, topsUp: true,
			warning: "Its escrow lasts for 0s",
		},
		"topped up since the refresh": {
			prior: values{"deposit": values{"uact": "30000000"}}, config: values{"deposit": values{"uact": "30000000"}},
			private: counted("14400000", "14300000", "1000"), target: "30000000", below: false,
		},
		"nobody spends": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "3h"},
			private: counted("14400000", "14400000", "0"), target: "14400000", below: false,
		},
		"another min_runway": {
			prior: values{"deposit": day, "min_runway": "3h"}, config: values{"deposit": day, "min_runway": "4h"},
			private: counted("14400000", "12600000", "1000"), target: "27000000", below: false, topsUp: true,
			warning: "less than min_runway (4h)",
		},
		"a longer runway": {
			prior: values{"deposit": day}, config: values{"deposit": values{"runway": "48h"}},
			private: counted("14400000", "1000000", "500"), target: "15400000", below: false, topsUp: true,
		},
		"a shorter runway": {
			prior: values{"deposit": day}, config: values{"deposit": values{"runway": "1h"}},
			private: counted("14400000", "1000000", "500"), target: "14400000", below: false,
			warning: "A deposit cannot be lowered: 14.4 ACT was deposited",
		},
		"the same runway in other words": {
			prior: values{"deposit": day}, config: values{"deposit": values{"runway": "1440m"}},
			private: counted("14400000", "1000000", "500"), target: "14400000", below: false,
		},
		"from an amount to a runway": {
			prior: values{}, config: values{"deposit": day}, private: counted("5000000", "0", "1000"),
			target: "14400000", below: false, topsUp: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.o == nil {
				test.o = o
			}
			test.config["sdl"] = web
			var state values
			if test.prior != nil {
				test.prior["sdl"] = web
				state = created(t, test.o, someOwner, test.prior)
			}
			planned := test.o.PlanFrom(t, "akash_deployment", maps.Clone(state), test.private, test.config)
			require.Empty(t, planned.Errors)
			if test.warning == "" {
				require.Empty(t, planned.Warnings)
			} else {
				require.Len(t, planned.Warnings, 1)
				require.Contains(t, planned.Warnings[0], test.warning)
			}
			require.Equal(t, test.target, planned.Values["deposit_target_uact"])
			require.Equal(t, test.below, planned.Values["below_min_runway"])
			if test.topsUp {
				require.Equal(t, acctest.Unknown{}, planned.Values["escrow"])
				require.Equal(t, acctest.Unknown{}, planned.Values["funded_until"])
			} else {
				require.Equal(t, state["escrow"], planned.Values["escrow"])
			}
			again := test.o.PlanFrom(t, "akash_deployment", maps.Clone(state), test.private, test.config)
			require.Equal(t, planned, again, "another process plans the same")
		})
	}
}

// TestPlanBudget plans deployments of at most 438.30 USD a month each.
func TestPlanBudget(t *testing.T) {
	t.Parallel()
	config := values{"sdl": acctest.Web{}.SDL()}
	limited := func(budget values) *acctest.Offline {
		return acctest.NewOffline(t, someOwner, values{"budget": budget})
	}
	t.Run("a month", func(t *testing.T) {
		t.Parallel()
		o := limited(values{"usd_per_month": "876.6"})
		state := created(t, acctest.NewOffline(t, someOwner, nil), someOwner, config)
		require.Equal(t, "438.30", state["max_usd_per_month"])
		for range 2 { // one resource, however often it is planned
			require.Empty(t, o.Plan(t, "akash_deployment", maps.Clone(state), config).Errors)
		}
		// The second call of a replacement knows what it replaces from the plan before.
		replaced := map[string]string{"replaced": `"` + someOwner + `/7"`}
		require.Empty(t, o.PlanFrom(t, "akash_deployment", nil, replaced, config).Errors)
		require.Empty(t, o.Plan(t, "akash_deployment", nil, config).Errors)
		over := o.Plan(t, "akash_deployment", nil, config)
		require.Len(t, over.Errors, 1)
		require.Contains(t, over.Errors[0], "Over budget.usd_per_month")
		require.Contains(t, over.Errors[0], "can cost 1314.90 USD/month, the provider block's budget is 876.60")
		require.Contains(t, over.Errors[0], "new deployment of dcloud: at most 438.30 USD/month")
	})
	t.Run("deposits of an apply", func(t *testing.T) {
		t.Parallel()
		o := limited(values{"spend_per_apply": values{"usd": "10"}})
		require.Empty(t, o.Plan(t, "akash_deployment", nil, config).Errors)
		require.Empty(t, o.Plan(t, "akash_deployment", nil, config).Errors)
		over := o.Plan(t, "akash_deployment", nil, config)
		require.Len(t, over.Errors, 1)
		require.Contains(t, over.Errors[0], "This plan deposits 15 ACT in 3 deployments so far")
	})
}
