// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// A Read of akash_deployment counts the runway as well, which needs the deployment's leases and the newest block. A
// thousand of them, with a thousand leases beside, cost no more calls for it.
func TestRefresh_callsWithRunway(t *testing.T) {
	t.Parallel()
	for _, state := range []marketv1.Lease_State{marketv1.Lease_active, marketv1.Lease_closed, marketv1.Lease_invalid} {
		t.Run(fmt.Sprint(state), func(t *testing.T) {
			t.Parallel()
			const n = 1000
			l := &ledger{}
			work := make(chan ids.GroupID, n)
			for i := range n {
				work <- l.opened(uint64(1_000_000+i), state)
			}
			close(work)
			d := deployerOn(l.dial(t), deploy.SystemClock{})
			var workers sync.WaitGroup
			for range parallelism {
				workers.Go(func() {
					for id := range work {
						found, err := d.RefreshDeployment(t.Context(), id.Deployment())
						if err == nil {
							_, err = d.RefreshRunway(t.Context(), found)
						}
						if err == nil && state == marketv1.Lease_active {
							_, err = d.RefreshSlot(t.Context(), id)
						}
						if err != nil {
							t.Errorf("%s: %v", id, err)
						}
					}
				})
			}
			workers.Wait()
			require.LessOrEqual(t, l.total(), refreshCalls, "%v", l.calls)
			t.Log(l.calls)
		})
	}
}
