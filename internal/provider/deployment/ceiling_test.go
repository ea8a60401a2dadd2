// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// specPrice is the unit price in the planned spec of group dcloud.
func specPrice(t *testing.T, planned values) string {
	t.Helper()
	text := planned["groups"].(values)["dcloud"].(values)["spec"].(string)
	spec, err := sdl.ParseGroupText(text)
	require.NoError(t, err, text)
	return coin.Trim(spec.Resources[0].Price.Amount)
}

// TestPlanCeiling fixes the price of a new deployment under the ceilings in force, and never changes it afterwards.
func TestPlanCeiling(t *testing.T) {
	t.Parallel()
	plain := acctest.NewOffline(t, someOwner, nil)
	tight := acctest.NewOffline(t, someOwner, values{"price_ceiling": values{"uact_per_block": "300"}})
	web := acctest.Web{}.SDL() // one replica
	uact := func(n string) values { return values{"uact_per_block": n} }
	free := plain.Plan(t, "akash_deployment", nil, values{"sdl": web})
	full := specPrice(t, free.Values)
	for name, test := range map[string]struct {
		o       *acctest.Offline
		ceiling any
		want    string
	}{
		"wide":                    {plain, uact("1000000"), full},
		"in uact":                 {plain, uact("40"), "40"},
		"by the hour":             {plain, values{"usd_per_hour": "0.06"}, "100"},
		"by the month":            {plain, values{"usd_per_month": "4.383"}, "10"},
		"the provider block's":    {tight, nil, "300"},
		"the tightest":            {tight, uact("299.5"), "299.5"},
		"the provider block wins": {tight, uact("301"), "300"},
	} {
		config := values{"sdl": web, "price_ceiling": test.ceiling}
		planned := test.o.Plan(t, "akash_deployment", nil, config)
		require.Empty(t, planned.Errors, name)
		require.Equal(t, test.want, specPrice(t, planned.Values), name)
		require.Equal(t, free.Values["hash"], planned.Values["hash"], "%s: prices are not in the manifest", name)
		state := created(t, test.o, someOwner, config)
		// Whatever becomes of the ceilings, and whoever plans: the deployment stays as it is.
		for _, later := range []any{nil, uact("1"), uact("100000"), test.ceiling} {
			for _, o := range []*acctest.Offline{plain, tight} {
				for _, text := range []string{web, asText, strings.Replace(web, "1.29.3", "1.29.4", 1)} {
					again := o.Plan(t, "akash_deployment", maps.Clone(state), values{"sdl": text, "price_ceiling": later})
					require.Empty(t, again.Errors, name)
					require.False(t, again.Replaces, name)
					require.Equal(t, test.want, specPrice(t, again.Values), name)
				}
			}
		}
		larger := plain.Plan(t, "akash_deployment", maps.Clone(state), values{
			"sdl": acctest.Web{CPU: "300m"}.SDL(), "price_ceiling": nil,
		})
		require.True(t, larger.Replaces, name)
		require.Equal(t, full, specPrice(t, larger.Values), "a new deployment is under the ceilings of its own time")
	}
}

// TestPlanCeiling_unknown leaves open what a ceiling decides that only apply knows.
func TestPlanCeiling_unknown(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	web := acctest.Web{}.SDL()
	unknown := values{"sdl": web, "price_ceiling": values{"usd_per_month": acctest.Unknown{}}}
	planned := o.Plan(t, "akash_deployment", nil, unknown)
	require.Empty(t, planned.Errors)
	group := planned.Values["groups"].(values)["dcloud"].(values)
	require.Equal(t, acctest.Unknown{}, group["spec"])
	require.Equal(t, acctest.Unknown{}, planned.Values["max_usd_per_month"])
	require.Len(t, planned.Values["hash"], 64)
	state := created(t, o, someOwner, values{"sdl": web})
	again := o.Plan(t, "akash_deployment", state, unknown)
	require.Empty(t, again.Errors)
	require.False(t, again.Replaces)
	require.Equal(t, state["groups"].(values)["dcloud"].(values)["spec"],
		again.Values["groups"].(values)["dcloud"].(values)["spec"])
}

// TestPlanCeiling_imported accepts a deployment whose SDL was rendered from lowered prices, and then keeps to it.
func TestPlanCeiling_imported(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	web := acctest.Web{}.SDL()
	ceiling := values{"uact_per_block": "40"}
	state := created(t, o, someOwner, values{"sdl": web, "price_ceiling": ceiling})
	state["price_ceiling"] = nil
	full := specPrice(t, o.Plan(t, "akash_deployment", nil, values{"sdl": web}).Values)
	state["sdl"] = strings.Replace(web, "amount: "+full, "amount: 40", 1)
	require.NotEqual(t, web, state["sdl"])
	planned := o.Plan(t, "akash_deployment", maps.Clone(state), values{"sdl": web, "price_ceiling": ceiling})
	require.Empty(t, planned.Errors)
	require.False(t, planned.Replaces)
	require.Equal(t, web, planned.Values["sdl"], "the text that was accepted is what later plans compare with")
	state["sdl"], state["price_ceiling"] = web, ceiling
	higher := values{"uact_per_block": "60"}
	later := o.Plan(t, "akash_deployment", maps.Clone(state), values{"sdl": web, "price_ceiling": higher})
	require.False(t, later.Replaces)
	dearer := o.Plan(t, "akash_deployment", maps.Clone(state), values{
		"sdl": strings.Replace(web, "amount: "+full, "amount: "+full+"1", 1), "price_ceiling": higher,
	})
	require.True(t, dearer.Replaces, "another price in the SDL is another group")
}
