// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// FaultsVariable names the faults that devnets of acceptance tests have: a plan as [devnet.ParseFaults] reads it, or
// "none". Left out, they are [devnet.MildFaults], with a seed that is the test's own.
const FaultsVariable = "AKASH_TEST_FAULTS"

// Option changes what [Start] and [StartDevnet] give.
type Option func(*setting)

// setting is what options change.
type setting struct {
	without []devnet.FaultSetting
	calm    bool
}

// Calm is a devnet without the mild faults, for a test that they would make say something else; why says what.
// On a foreign chain it changes nothing.
func Calm(why string) Option {
	return func(s *setting) { s.calm = s.calm || why != "" }
}

// Without is a devnet without one of the mild faults; why says what it would change in the test.
func Without(on, fault, why string) Option {
	return func(s *setting) {
		if why != "" {
			s.without = append(s.without, devnet.FaultSetting{On: on, Fault: fault})
		}
	}
}

// NoRefusal is a devnet whose Akash providers refuse no manifest by themselves, which would give the lease to another.
func NoRefusal() Option {
	return Without(devnet.OnAny, "refuse-manifests", "the test says who gets the lease")
}

// NoLoss is a devnet that loses no transaction, which costs the transaction's lifetime, a minute or more.
func NoLoss() Option {
	return Without(devnet.OnEndpoints, "lose-broadcast", "the test has a shorter time limit of its own")
}

// trouble puts the faults in force that a test runs under unless it says otherwise.
func trouble(t *testing.T, inside *devnet.Network, seed uint64, options []Option) {
	t.Helper()
	var s setting
	for _, option := range options {
		option(&s)
	}
	plan := devnet.MildFaults(seed)
	switch text := os.Getenv(FaultsVariable); {
	case s.calm || text == "none":
		return
	case text != "":
		var err error
		plan, err = devnet.ParseFaults(text)
		require.NoError(t, err, FaultsVariable)
	}
	for _, w := range s.without {
		plan = plan.Without(w.On, w.Fault)
	}
	t.Logf("the devnet has faults: %s", plan)
	require.NoError(t, inside.ApplyFaults(t.Context(), plan))
}
