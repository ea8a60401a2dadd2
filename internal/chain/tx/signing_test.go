// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// slowKey signs when somebody has pressed a button.
type slowKey struct {
	keys.Key
	t     *testing.T
	takes time.Duration
}

func (k slowKey) Sign(message []byte) ([]byte, error) {
	require.NoError(k.t, waitFor(k.t.Context(), k.takes))
	return k.Key.Sign(message)
}

func TestSubmit_aSlowSigner(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		f := newFakeChain()
		f.onBroadcast = func(_ int, sent fakeTx) (error, bool) {
			if f.latest().Time.After(*sent.body.TimeoutTimestamp) {
				return chain.Reject("sdk", 42, "block time: x, timeout timestamp: y: tx timeout", sent.hash, 0), false
			}
			return nil, false
		}
		engine := newEngine(t, f, func(c *tx.Config) { c.Key = slowKey{c.Key, t, 100 * time.Second} })
		_, err := engine.Submit(t.Context(), closeMsg(1))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 2, "the first signature came when its time was over")
		_, err = engine.Submit(t.Context(), closeMsg(2))
		require.NoError(t, err)
		require.Len(t, f.broadcasts, 3, "the time it takes is remembered")
	})
}
