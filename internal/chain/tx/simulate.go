// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"context"
	"errors"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// simulate asks what the transaction would use. A "not found" is asked again once, a block later: the state that
// simulations run on is rebuilt while blocks are committed, is another one on each endpoint behind a load balancer, and
// can lack what a query has shown already. Simulations cost nothing, so a true "not found" only costs the wait.
func (e *Engine) simulate(ctx context.Context, raw []byte) (gasUsed uint64, err error) {
	gasUsed, err = e.api.Simulate(ctx, raw)
	if !errors.Is(err, chain.ErrNotFound) {
		return gasUsed, err
	}
	first, headErr := e.api.LatestBlock(ctx)
	if headErr != nil {
		return 0, err
	}
	e.log.Debug("simulation misses something, trying again a block later", "error", err)
	for {
		if pauseErr := pause(ctx, e.pollInterval()); pauseErr != nil {
			return 0, pauseErr
		}
		block, headErr := e.api.LatestBlock(ctx)
		if headErr != nil {
			return 0, err
		}
		if block.Height > first.Height {
			return e.api.Simulate(ctx, raw)
		}
	}
}
