// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

const (
	someOwner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	otherOne  = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
)

type values = map[string]any

// created is the state that applying a configuration would leave.
func created(t *testing.T, o *acctest.Offline, owner string, config values) values {
	t.Helper()
	state := o.Plan(t, "akash_deployment", nil, config).Values
	state["id"], state["owner"], state["dseq"] = owner+"/7", owner, "7"
	state["escrow"] = values{
		"balance_uact": "5000000", "spent_uact": "0", "deposited_uact": "5000000", "deposits": []any{},
	}
	state["funded_until"], state["below_min_runway"] = nil, false
	for _, g := range state["groups"].(values) {
		g.(values)["deployment_id"] = owner + "/7"
	}
	return state
}

func TestPlanCreate(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	planned := o.Plan(t, "akash_deployment", nil, values{"sdl": acctest.Web{}.SDL()})
	require.Empty(t, planned.Errors)
	require.Empty(t, planned.Warnings)
	require.Equal(t, acctest.Unknown{}, planned.Values["id"])
	require.Equal(t, values{"usd": "5", "uact": nil, "runway": nil}, planned.Values["deposit"])
	require.Len(t, planned.Values["hash"], 64)
	group := planned.Values["groups"].(values)["dcloud"].(values)
	require.Equal(t, planned.Values["hash"], group["hash"])
	require.EqualValues(t, 1, group["gseq"])
	require.Contains(t, group["manifest"], "nginx:1.29.3")
	require.Equal(t, acctest.Unknown{}, group["deployment_id"])
}

func TestPlanChange(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	web := acctest.Web{}.SDL()
	for name, test := range map[string]struct {
		prior, config values
		owner         string
		replaces      bool
		same          []string // attributes that keep their state
		unknown       []string
		warning       string
		err           string
	}{
		"nothing": {
			prior: values{"sdl": web}, config: values{"sdl": web}, same: []string{"sdl", "hash", "groups", "escrow"},
		},
		"formatting": {
			prior: values{"sdl": web}, config: values{"sdl": asText}, same: []string{"sdl", "hash", "groups", "escrow"},
		},
		"another image": {
			prior:   values{"sdl": web},
			config:  values{"sdl": strings.Replace(web, "1.29.3", "1.29.4", 1)},
			same:    []string{"id", "owner", "dseq", "deposit"},
			unknown: []string{"escrow"},
		},
		"env into the SDL": {
			prior:  values{"sdl": web, "env": values{"web": values{"GREETING": "bye"}}},
			config: values{"sdl": strings.Replace(web, "hello", "bye", 1)},
			same:   []string{"id", "hash", "groups", "escrow"},
		},
		"unknown env": {
			prior:   values{"sdl": web},
			config:  values{"sdl": web, "env": values{"web": values{"A": acctest.Unknown{}}}},
			same:    []string{"id"},
			unknown: []string{"hash", "escrow"},
		},
		"unknown env and formatting": {
			prior:  values{"sdl": web},
			config: values{"sdl": asText, "env": values{"web": values{"A": acctest.Unknown{}}}},
			same:   []string{"sdl"}, unknown: []string{"hash"},
		},
		"another reclamation window": {
			prior:    values{"sdl": web + "reclamation: {min_window: 24h}\n"},
			config:   values{"sdl": web + "reclamation: {min_window: 48h}\n"},
			replaces: true, unknown: []string{"id"}, warning: "Replacement: reclamation window changes",
		},
		"unknown deposit": {
			prior: values{"sdl": web}, config: values{"sdl": web, "deposit": values{"usd": acctest.Unknown{}}},
			same: []string{"hash"}, unknown: []string{"escrow"},
		},
		"deposit unknown as a whole": {
			prior: values{"sdl": web}, config: values{"sdl": web, "deposit": acctest.Unknown{}},
			same: []string{"hash"}, unknown: []string{"deposit", "escrow"},
		},
		"another size": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Web{CPU: "300m"}.SDL()},
			replaces: true, unknown: []string{"id", "dseq", "escrow"}, warning: "Replacement: group dcloud changes",
		},
		"another count": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Web{Count: 2}.SDL()},
			replaces: true, warning: "Replacement: group dcloud changes",
		},
		"equal size": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Web{CPU: "0.1"}.SDL()},
			same: []string{"sdl", "hash", "groups"},
		},
		"another group": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Web{Groups: []string{"dcloud", "east"}}.SDL()},
			replaces: true, warning: "Replacement: group east changes",
		},
		"a group renamed": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Web{Groups: []string{"east"}}.SDL()},
			replaces: true, warning: "Replacement: group dcloud, east changes",
		},
		"deposit raised": {
			prior: values{"sdl": web}, config: values{"sdl": web, "deposit": values{"usd": "6"}},
			same: []string{"id", "hash", "groups"}, unknown: []string{"escrow"},
		},
		"deposit equal": {
			prior: values{"sdl": web}, config: values{"sdl": web, "deposit": values{"uact": "5000000"}},
			same: []string{"deposit", "escrow"},
		},
		"deposit lowered": {
			prior: values{"sdl": web}, config: values{"sdl": web, "deposit": values{"usd": "1"}},
			same: []string{"id", "hash", "escrow"}, warning: "A deposit cannot be lowered: 5 ACT was deposited and stays",
		},
		"unknown SDL": {
			prior: values{"sdl": web}, config: values{"sdl": acctest.Unknown{}},
			same: []string{"id", "deposit"}, unknown: []string{"hash", "groups", "escrow"},
		},
		"another account": {
			owner: otherOne, prior: values{"sdl": web}, config: values{"sdl": web},
			err: "Deployment of another account",
		},
		"a broken SDL": {
			prior: values{"sdl": web}, config: values{"sdl": "services: 1"}, err: "Invalid SDL",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner := someOwner
			if test.owner != "" {
				owner = test.owner
			}
			state := created(t, o, owner, test.prior)
			planned := o.Plan(t, "akash_deployment", maps.Clone(state), test.config)
			if test.err != "" {
				require.Len(t, planned.Errors, 1)
				require.Contains(t, planned.Errors[0], test.err)
				return
			}
			require.Empty(t, planned.Errors)
			require.Equal(t, test.replaces, planned.Replaces)
			if test.warning == "" {
				require.Empty(t, planned.Warnings)
			} else {
				require.Len(t, planned.Warnings, 1)
				require.Contains(t, planned.Warnings[0], test.warning)
			}
			for _, attribute := range test.same {
				require.Equal(t, state[attribute], planned.Values[attribute], attribute)
			}
			for _, attribute := range test.unknown {
				require.Equal(t, acctest.Unknown{}, planned.Values[attribute], attribute)
			}
		})
	}
}
