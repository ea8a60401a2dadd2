// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// longestWindow is how long a check waits for a window to go by.
const longestWindow = 30 * time.Second

const unstable = marketv1.LeaseClosedReason_lease_closed_reason_unstable

func startReclaim(id marketv1.BidID) *marketv1beta5.MsgLeaseStartReclaim {
	return &marketv1beta5.MsgLeaseStartReclaim{ID: marketv1.LeaseID(id), Reason: unstable}
}

func TestReclamation(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	params := tenant.marketParams(t)
	window := params.MinReclamationWindow
	longer := window + time.Second
	asks := func(m *creation) { m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: longer} }
	offers := func(d time.Duration) func(*offer) { return func(m *offer) { m.ReclamationWindow = &d } }
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq, asks))
	id := tenant.bidFor(dseq, 1, seller)
	seller.refuses(t,
		fails("observed.md 7a", "no window where the order asks for one", bid(id, "10"), "market", 40,
			"order requires reclamation but bid does not offer it"),
		fails("observed.md 7a", "a window shorter than the order's", bid(id, "10", offers(window)), "market", 41,
			"reclamation window shorter than order minimum"),
		fails("lifecycle.md 4", "a window above the most", bid(id, "10", offers(params.MaxReclamationWindow+time.Second)),
			"market", 39, "reclamation window outside governance bounds"),
	)
	seller.do(t, bid(id, "10", offers(longer)))
	tenant.do(t, lease(id))
	check(t, "observed.md 6", "a lease carries the window of its bid", func(t *testing.T) {
		got := tenant.lease(t, id).Lease.Reclamation
		require.Equal(t, &marketv1.Reclamation{Window: longer}, got)
		path := pathMarket + "leases/list?filters.owner=" + tenant.addr
		require.Equal(t, map[string]any{
			"window":     fmt.Sprintf("%ds", int64(longer.Seconds())),
			"started_at": "0", "deadline": "0", "reason": "lease_closed_invalid",
		}, at(t, tenant.getOK(t, path), "leases", 0, "lease", "reclamation"))
	})
	seller.refuses(t, fails("observed.md 7a, lifecycle.md 4", "closing at once what must be reclaimed",
		closeBid(id, unstable), "market", 37, "reclamation not started; call MsgLeaseStartReclaim first"))
	started := seller.do(t, startReclaim(id))
	reclaiming := tenant.lease(t, id).Lease
	check(t, "observed.md 5, lifecycle.md 5", "reclamation starts: state, height, deadline and event", func(t *testing.T) {
		require.Equal(t, "LeaseReclaimStarted", story(started))
		require.Equal(t, "reclaiming", reclaiming.State.String())
		require.Equal(t, started.Height, reclaiming.Reclamation.StartedAt)
		require.Equal(t, unstable, reclaiming.Reclamation.Reason)
		header, err := tenant.comet.Header(t.Context(), &started.Height)
		require.NoError(t, err)
		require.Equal(t, header.Header.Time.Add(longer).Unix(), reclaiming.Reclamation.Deadline)
		require.Equal(t, map[string]any{
			"id": bidJSON(id), "reason": "lease_closed_reason_unstable", "deadline": fmt.Sprint(reclaiming.Reclamation.Deadline),
		}, told(t, started, "akash.market.v1.EventLeaseReclaimStarted"))
	})
	seller.refuses(t, fails("lifecycle.md 5", "starting again", startReclaim(id), "market", 10, "lease not active"))
	check(t, "messages.md 0.4", "leases are listed as reclaiming", func(t *testing.T) {
		got := tenant.getOK(t, pathMarket+"leases/list?filters.state=reclaiming&filters.owner="+tenant.addr)
		require.Len(t, at(t, got, "leases"), 1)
	})
	var res *sdk.TxResponse
	check(t, "observed.md 7a, lifecycle.md 4", "closing waits for the deadline", func(t *testing.T) {
		if longer > longestWindow {
			notOnForeignChain(t, fmt.Sprintf("the shortest window is %s", window))
		}
		seller.refuses(t, fails("observed.md 7a", "closing before it", closeBid(id, unstable), "market", 38,
			"reclamation window has not elapsed"))
		eventually(t, "the deadline", func() bool {
			return tenant.blockTime(t).Unix() > reclaiming.Reclamation.Deadline
		})
		res = seller.do(t, closeBid(id, unstable))
		require.Equal(t, "GroupPaused LeaseClosed BidClosed OrderClosed", akashEvents(res))
		got := tenant.lease(t, id).Lease
		require.Equal(t, "closed", got.State.String())
		require.Equal(t, unstable, got.Reason)
	})
	other, plain := tenant.leased(t, seller, "10")
	seller.refuses(t, fails("lifecycle.md 5", "reclaiming a lease without a window", startReclaim(plain),
		"market", 35, "lease does not have reclamation configured"))
	tenant.do(t, tenant.closing(other))

	third := tenant.nextDSeq()
	tenant.do(t, tenant.creation(third))
	offered := tenant.bidFor(third, 1, seller)
	seller.do(t, bid(offered, "10", offers(window)))
	tenant.do(t, lease(offered))
	seller.do(t, startReclaim(offered))
	check(t, "observed.md 6", "a tenant may close a lease that is being reclaimed", func(t *testing.T) {
		tenant.do(t, tenant.closing(third))
		got := tenant.lease(t, offered).Lease
		require.Equal(t, "closed", got.State.String())
		require.Equal(t, "lease_closed_owner", got.Reason.String())
	})
}
