// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// refreshTime is how old an answer of the refresher may be: longer than Terraform takes to refresh thousands of
// resources, whose Reads come one by one. What it refreshes is a run's first look anyway.
const refreshTime = time.Minute

// refresher is the [source] of a refresh. The first thing of a kind is asked for alone; from the second one on it reads
// the owner's lists, a page at a time, and answers from them what they hold.
//
// That a deployment or a lease is missing is never concluded from lists: what they lack is asked for alone, so one that
// is closed, missing or younger than the pages costs a call and not the truth. Pages are forgotten after [refreshTime]
// and with every transaction of ours, when it begins and when it ends; those that are read behind it are of its block
// or later, since package chain takes no answer from before what it has seen.
//
// It is safe for concurrent use. What it returns is shared: callers must not change it.
type refresher struct {
	direct direct
	// changes counts the beginnings and ends of our transactions.
	changes atomic.Uint64
	// turn is held while views are used and pages are read, by one at a time: whoever waits finds the page read.
	turn  chan struct{}
	views map[string]*view // by owner
	// latest is the block that runways are counted at, until a time.
	latest      chain.Block
	latestUntil time.Time
}

func newRefresher(d direct) *refresher {
	return &refresher{direct: d, turn: make(chan struct{}, 1), views: map[string]*view{}}
}

// noted counts the transactions that pass.
type noted struct {
	Transactions
	changes *atomic.Uint64
}

func (n noted) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	n.changes.Add(1)
	defer n.changes.Add(1)
	return n.Transactions.Submit(ctx, request)
}

func (n noted) Resolve(ctx context.Context, prepared tx.Prepared) (tx.Result, error) {
	defer n.changes.Add(1)
	return n.Transactions.Resolve(ctx, prepared)
}

func (r *refresher) deployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	v, found, err := look(ctx, r, id.Owner, func(v *view) *deploymentv1beta4.QueryDeploymentResponse {
		if found, in, known := v.deployments.find(ctx, id); in || !known {
			return found
		}
		found, _, _ := v.closed.find(ctx, id)
		return found
	})
	if found != nil || err != nil {
		return found, err
	}
	found, err = r.direct.deployment(ctx, id)
	if err == nil && found.Deployment.State == deploymentv1.Deployment_active {
		err = r.learn(ctx, v, func() { v.deployments.put(found) })
	}
	return found, err
}

func (r *refresher) lease(ctx context.Context, id ids.GroupID) (*marketv1.Lease, error) {
	_, found, err := look(ctx, r, id.Owner, func(v *view) *marketv1.Lease {
		// In the order in which a lease goes through its states, each list read to its end before the next one is
		// begun: one that changes meanwhile is in a list or in two, never in none.
		if found, in, known := v.running.find(ctx, id); in || !known {
			return found
		}
		if found, in, known := v.reclaiming.find(ctx, id); in || !known {
			return found
		}
		// The newest one counts, which may stand on another page than those before it.
		if found, _, _ := v.ended.find(ctx, id); v.ended.complete {
			return found
		}
		return nil
	})
	if found != nil || err != nil {
		return found, err
	}
	return r.direct.lease(ctx, id)
}

// noOrder stands for a list of open orders that has none of a group.
var noOrder = new(marketv1beta5.Order)

func (r *refresher) order(ctx context.Context, id ids.GroupID) (*marketv1beta5.Order, error) {
	_, found, err := look(ctx, r, id.Owner, func(v *view) *marketv1beta5.Order {
		found, in, known := v.orders.find(ctx, id)
		if known && !in {
			return noOrder
		}
		return found
	})
	switch {
	case found == noOrder:
		return nil, nil //nolint:nilnil // none is no error
	case found != nil || err != nil:
		return found, err
	}
	return r.direct.order(ctx, id)
}

// look lets find look into the owner's view, whose pages it may read meanwhile. The answer is nil when it has to be
// asked for alone, also when a transaction of ours came between.
func look[V any](
	ctx context.Context, r *refresher, owner string, find func(*view) *V,
) (v *view, found *V, err error) {
	if err := r.take(ctx); err != nil {
		return nil, nil, err
	}
	defer r.pass()
	v = r.views[owner]
	if now := r.direct.Clock.Now(); v == nil || v.changes != r.changes.Load() || now.After(v.until) {
		v = newView(r.direct.Chain, owner, r.changes.Load(), now.Add(refreshTime))
		r.views[owner] = v
	}
	found = find(v)
	if v.changes != r.changes.Load() {
		found = nil
	}
	return v, found, nil
}

// learn keeps in v what was asked for alone, unless a transaction of ours came between.
func (r *refresher) learn(ctx context.Context, v *view, keep func()) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.pass()
	if v.changes == r.changes.Load() {
		keep()
	}
	return nil
}

func (r *refresher) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *refresher) pass() { <-r.turn }
