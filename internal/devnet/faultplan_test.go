// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nothing", " \n, ", ""},
		{
			"the example",
			"lose-broadcast=1/20,lag-blocks=2,slow=100ms,birch.never-bid,*.refuse-manifests=1",
			"lose-broadcast=1/20,lag-blocks=2,slow=100ms,birch.never-bid,*.refuse-manifests=1",
		},
		{
			"plain values", "seed=07 slow=1000ms\nlag-blocks=02,reset,gas-percent=050",
			"slow=1s,lag-blocks=2,reset=always,gas-percent=50,seed=7",
		},
		{"odds", "reset=20/20,reset-rpc=always,reset-grpc=03", "reset=always,reset-rpc=always,reset-grpc=3"},
		{
			"counts", "a.hide-leases,b.hide-leases=always,c.hide-leases=3",
			"a.hide-leases=always,b.hide-leases=always,c.hide-leases=3",
		},
		{"factor", "*.price=1.50,any.price=2", "*.price=1.5,any.price=2"},
		{"a name with a dot", "us.west.dead", "us.west.dead"},
		{"seed zero is none", "seed=0,chain-id=other-1", "chain-id=other-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan, err := devnet.ParseFaults(c.text)
			require.NoError(t, err)
			require.Equal(t, c.want, plan.String())
			requireRoundTrip(t, plan)
		})
	}
}

// requireRoundTrip writes and reads a plan in all its forms.
func requireRoundTrip(t *testing.T, plan devnet.FaultPlan) {
	t.Helper()
	again, err := devnet.ParseFaults(plan.String())
	require.NoError(t, err)
	require.Equal(t, plan, again)
	require.NoError(t, plan.Validate())
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var from devnet.FaultPlan
	require.NoError(t, json.Unmarshal(text, &from))
	require.Equal(t, plan, from)
	quoted, err := json.Marshal(plan.String())
	require.NoError(t, err)
	from = devnet.FaultPlan{Seed: 99}
	require.NoError(t, json.Unmarshal(quoted, &from))
	require.Equal(t, plan, from)
}

func TestParseFaults_errors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"lose-brodcast", []string{`"lose-brodcast"`, "no such fault of the public endpoints", "lose-broadcast, fail-"}},
		{"amber.lag", []string{`"amber.lag"`, "no such fault of an Akash provider", "never-bid"}},
		{"never-bid", []string{"write NAME.never-bid, any.never-bid or *.never-bid"}},
		{"*.lag-blocks=2", []string{"write lag-blocks alone"}},
		{"lag-blocks", []string{"a number from 1 to 1000000"}},
		{"lag-blocks=-1", []string{"a number from 1 to 1000000"}},
		{"slow=", []string{"nothing follows the ="}},
		{"slow=5", []string{"a duration"}},
		{"*.slow=-5s", []string{"a duration"}},
		{"reset=2/1", []string{"more than always"}},
		{"reset=0", []string{"a number from 1", "A/B"}},
		{"gas-percent=0", []string{"a percentage"}},
		{"*.price=0", []string{"a positive decimal"}},
		{"*.price=1e99", []string{"a positive decimal"}},
		{"*.price=1000000.1", []string{"a positive decimal"}},
		{"chain-id=a_b", []string{"a chain id"}},
		{"amber.dead=yes", []string{"takes no value"}},
		{"amber.hide-leases=0", []string{`"always" or a number`}},
		{".dead", []string{"has no name"}},
		{"a\"b.dead", []string{"no space, comma, = or quote"}},
		{"seed=x", []string{"a whole number"}},
		{"seed=1,seed=2", []string{"a seed already"}},
		{"amber.dead,birch.dead,amber.dead", []string{`"amber.dead": it is there twice`}},
		{"x,lag-blocks=z,*.y", []string{`"x"`, `"lag-blocks=z"`, `"*.y"`}},
	} {
		plan, err := devnet.ParseFaults(c.text)
		require.ErrorIs(t, err, devnet.ErrFaultPlan, c.text)
		require.Zero(t, plan)
		for _, want := range c.want {
			require.ErrorContains(t, err, want, c.text)
		}
	}
	for _, text := range []string{
		`{"faults":[{"fault":"nope"}]}`, `"nope"`, `[]`, `{"faults":3}`, `{"faults":[{"on":"a b","fault":"dead"}]}`,
	} {
		require.ErrorIs(t, json.Unmarshal([]byte(text), new(devnet.FaultPlan)), devnet.ErrFaultPlan, text)
	}
}

func TestFaultPlan_edit(t *testing.T) {
	t.Parallel()
	plan, err := devnet.ParseFaults("amber.dead,slow=1s,seed=3")
	require.NoError(t, err)
	more := plan.With(devnet.FaultSetting{Fault: "slow", Value: "2s"}).
		With(devnet.FaultSetting{On: devnet.OnAll, Fault: "never-bid"})
	require.Equal(t, "amber.dead,slow=2s,*.never-bid,seed=3", more.String())
	require.Equal(t, "slow=2s,*.never-bid,seed=3", more.Without("amber", "dead").String())
	require.Equal(t, "amber.dead,slow=1s,seed=3", plan.String(), "the first stays as it was")
}

// The table documents itself: every example is a plan, and says what its place holder promises.
func TestFaultNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, doc := range devnet.FaultNames() {
		plan, err := devnet.ParseFaults(doc.Example)
		require.NoError(t, err, doc.Name)
		requireRoundTrip(t, plan)
		require.Len(t, plan.Settings, 1)
		require.Equal(t, doc.Name, plan.Settings[0].Fault)
		require.Equal(t, doc.AkashProvider, plan.Settings[0].On != devnet.OnEndpoints)
		require.Equal(t, doc.Value != "", strings.Contains(doc.Example, "="), doc.Name)
		require.NotEmpty(t, doc.Help)
		require.False(t, strings.HasSuffix(doc.Help, "."), doc.Name)
		key := doc.Name
		if doc.AkashProvider {
			key = "*." + key
		}
		require.False(t, seen[key], "%s is there twice", key)
		seen[key] = true
	}
	require.Greater(t, len(seen), 30)
}

func FuzzParseFaults(f *testing.F) {
	for _, doc := range devnet.FaultNames() {
		f.Add(doc.Example)
	}
	f.Add("seed=7,amber.price=1.5\n*.slow=1h2m,reset=3/9")
	f.Add(`{"seed":7,"faults":[{"on":"amber","fault":"dead"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := devnet.ParseFaults(text)
		if err != nil {
			require.ErrorIs(t, err, devnet.ErrFaultPlan)
		} else {
			requireRoundTrip(t, plan)
		}
		var from devnet.FaultPlan
		if json.Unmarshal([]byte(text), &from) == nil {
			requireRoundTrip(t, from)
		}
	})
}
