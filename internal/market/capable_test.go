// SPDX-License-Identifier: Apache-2.0

package market_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// TestJudge_capabilities counts who has confidential computing and gives notice, whatever else they lack, and says what
// the others offer instead.
func TestJudge_capabilities(t *testing.T) {
	t.Parallel()
	market3 := market.Snapshot{Candidates: []market.Candidate{
		has("both", declares("tee/type", "cpu", "region", "eu"), tells(1, 48*time.Hour)),
		has("elsewhere", declares("tee/type", "cpu"), tells(1, 48*time.Hour)),
		has("gpu", declares("tee/type", "cpu-gpu", "region", "eu")),
		has("plain", declares("region", "eu"), tells(1, time.Hour)),
		has("silent", declares("tee/type", "cpu", "region", "eu"), silent),
	}}
	tee := asks(1, wantsAttributes("tee/type", "cpu", "region", "eu"))
	out := market3.Judge(market.Question{Group: tee, MinReclamation: 24 * time.Hour})
	require.Len(t, out.Capabilities, 2)
	require.Equal(t, "confidential computing (tee: cpu): 3 of 5 Akash providers declare it", out.Capabilities[0].String())
	require.Equal(t, "24h of notice before a lease is taken back: 1 of 2 that declare all else say they give it, "+
		"1 did not answer", out.Capabilities[1].String())
	reasons := map[string]string{}
	for _, e := range out.Excluded {
		for _, s := range e.Sellers {
			reasons[s] = e.Constraint
		}
	}
	require.Equal(t, map[string]string{
		"elsewhere": "no attribute region = eu", "silent": market.SilentText,
		"gpu":   "no confidential computing (tee: cpu), tee: cpu-gpu instead",
		"plain": "no confidential computing (tee: cpu)",
	}, reasons)
	require.Contains(t, out.Tables(coin.DefaultBlockTime, time.Time{}),
		"\n confidential computing (tee: cpu): 3 of 5 Akash providers declare it.\n")

	require.Empty(t, market3.Judge(market.Question{Group: asks(1, wantsAttributes("region", "eu"))}).Capabilities)
	nobody := market3.Judge(market.Question{Group: asks(1, wantsAttributes("tee/type", "cpu-gpu", "region", "us"))})
	require.Equal(t, "confidential computing (tee: cpu-gpu): 1 of 5 Akash providers declare it",
		nobody.Capabilities[0].String())
}
