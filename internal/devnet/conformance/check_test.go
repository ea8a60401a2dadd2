// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"strings"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

const (
	// patience is how long a condition is waited for: an epoch of a chain with six-second blocks and more.
	patience = 3 * time.Minute
	// glance is the pause between two looks.
	glance = 25 * time.Millisecond
)

// check runs one check. The fact is the page and section that it is from.
func check(t *testing.T, fact, what string, f func(t *testing.T)) {
	t.Helper()
	t.Run(what+" ["+fact+"]", f)
}

// notOnForeignChain leaves a check out where the chain is not our devnet: it needs
// something that endpoints do not give, or a parameter that this chain does not have.
// The reason is told. On the devnet the check always runs.
func notOnForeignChain(t *testing.T, reason string) {
	t.Helper()
	if chain(t).foreign {
		t.Skip("left out on a foreign chain: " + reason)
	}
}

// eventually looks until a condition holds.
func eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	tick := time.NewTicker(glance)
	defer tick.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for !met() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("still waiting after %s: %s", patience, what)
		case <-t.Context().Done():
			t.Fatalf("the test ended while it waited: %s", what)
		}
	}
}

// refusal is a transaction that the chain must not accept, and how it says so.
type refusal struct {
	fact string
	what string
	msg  sdk.Msg
	opts wallet.Options

	// Codespace and code; none of them when the facts leave open whether the code gets lost on the way.
	codespace string
	code      uint32
	text      string // part of the log
	early     bool   // refused before it gets into a block, by the check of the mempool
}

// refuses sends transactions of one actor that must fail, a check for each.
func (a *actor) refuses(t *testing.T, cases ...refusal) {
	t.Helper()
	for _, c := range cases {
		check(t, c.fact, "refused: "+c.what, func(t *testing.T) {
			res := a.try(t, c.opts, c.msg)
			require.NotZero(t, res.Code)
			if c.codespace != "" {
				require.Equal(t, c.codespace, res.Codespace, res.RawLog)
				require.Equal(t, c.code, res.Code, res.RawLog)
			}
			require.Contains(t, res.RawLog, c.text)
			if c.early {
				require.Zero(t, res.Height, "refused before a block")
				return
			}
			require.Positive(t, res.Height, "failed inside a block")
		})
	}
}

// fails is a message that fails inside a block, as the first of its transaction. A text that was seen begins
// right behind the index; of others it is only known how it ends.
func fails(fact, what string, msg sdk.Msg, codespace string, code uint32, text string) refusal {
	if strings.HasPrefix(fact, "observed.md") {
		text = "message index: 0: " + text
	}
	return refusal{fact: fact, what: what, msg: msg, codespace: codespace, code: code, text: text}
}
