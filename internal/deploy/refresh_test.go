// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	// parallelism is Terraform's own.
	parallelism = 10
	// refreshCalls is what a refresh of a thousand resources may cost, the connection's first look included.
	refreshCalls = 12
)

// refreshAll reads as a refresh of Terraform does: a deployment before its lease, a few at a time.
func refreshAll(t testing.TB, d *deploy.Deployer, slots []ids.GroupID, leases bool) {
	t.Helper()
	work := make(chan ids.GroupID)
	var workers sync.WaitGroup
	var failed atomic.Int64
	for range parallelism {
		workers.Go(func() {
			for id := range work {
				if _, err := d.RefreshDeployment(t.Context(), id.Deployment()); err != nil {
					failed.Add(1)
				}
				if !leases {
					continue
				}
				if slot, err := d.RefreshSlot(t.Context(), id); err != nil || slot.Lease == nil || slot.Group.ID.DSeq != id.DSeq {
					failed.Add(1)
				}
			}
		})
	}
	for _, id := range slots {
		work <- id
	}
	close(work)
	workers.Wait()
	require.Zero(t, failed.Load())
}

func TestRefresh_calls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deployments int
		// state of the lease i.
		state func(i int) marketv1.Lease_State
		// history is how many deployments were closed before.
		history, most int
	}{
		"500 deployments and their leases":   {deployments: 500, most: refreshCalls},
		"1000 deployments":                   {deployments: 1000, state: none, most: refreshCalls},
		"1000 deployments and their leases":  {deployments: 1000, most: refreshCalls},
		"2500 deployments and their leases":  {deployments: 2500, most: refreshCalls},
		"behind a history":                   {deployments: 500, history: 4000, most: refreshCalls},
		"all leases ended":                   {deployments: 500, state: closed, most: refreshCalls + 2},
		"leases in all states, by turns":     {deployments: 500, state: byTurns, most: refreshCalls + 2},
		"one deployment and its lease":       {deployments: 1, most: 2 + 1 + 1},
		"one deployment":                     {deployments: 1, state: none, most: 2 + 1},
		"two deployments and their leases":   {deployments: 2, most: 2 + 4},
		"one of an account with a long list": {deployments: 1, history: 3000, most: 2 + 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &ledger{}
			for i := range c.history {
				l.opened(uint64(i+1), marketv1.Lease_closed)
				l.closeDeployment(uint64(i + 1))
			}
			var slots []ids.GroupID
			for i := range c.deployments {
				state := marketv1.Lease_active
				if c.state != nil {
					state = c.state(i)
				}
				slots = append(slots, l.opened(uint64(1_000_000+i), state))
			}
			d := deployerOn(l.dial(t), deploy.SystemClock{})
			refreshAll(t, d, slots, c.state == nil || c.state(0) != marketv1.Lease_invalid)
			require.LessOrEqual(t, l.total(), c.most, "%v", l.calls)
		})
	}
}

func none(int) marketv1.Lease_State { return marketv1.Lease_invalid }

func closed(int) marketv1.Lease_State { return marketv1.Lease_closed }

func byTurns(i int) marketv1.Lease_State {
	return []marketv1.Lease_State{marketv1.Lease_active, marketv1.Lease_reclaiming, marketv1.Lease_closed}[i%3]
}

// Whatever is on chain, a refresh says what a read of its own says.
func TestRefresh_saysWhatReadSays(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	var slots []ids.GroupID
	for i := range 24 {
		dseq := uint64(100 + i)
		id := l.opened(dseq, byTurns(i))
		switch i % 8 {
		case 1, 2: // a lease after the first one, and a third of the slots with an open order
			l.leased(id, 2, byTurns(i+1))
		case 3:
			l.leased(id, 2, marketv1.Lease_closed)
			l.orders = append(l.orders, marketv1beta5.Order{
				ID: chain.PBOrderID(id.Order(3)), State: marketv1beta5.Order_open,
			})
		case 4:
			l.closeDeployment(dseq)
		case 5:
			id = ids.DeploymentID{Owner: ledgerOwner, DSeq: dseq + 1000}.Group(1) // never was
		case 6:
			id.GSeq = 2 // the deployment has no such group
		}
		slots = append(slots, id)
	}
	slots = append(slots, l.opened(999, marketv1.Lease_invalid)) // never had a lease
	client := l.dial(t)
	clock := &handClock{now: ledgerTime}
	reading, refreshing := deployerOn(client, clock), deployerOn(client, clock)
	for range 2 { // the first time while lists are read, then from what they told
		for _, id := range slots {
			require.Equal(t, said(reading.ReadSlot(t.Context(), id)), said(refreshing.RefreshSlot(t.Context(), id)), id)
			want, wantErr := reading.ReadDeployment(t.Context(), id.Deployment())
			got, err := refreshing.RefreshDeployment(t.Context(), id.Deployment())
			require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			require.Equal(t, want, got)
		}
	}
}

// What we changed, made or closed is never told as it was before.
func TestRefresh_afterOurOwnTransaction(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*deploy.Deployer, *ledger) error{
		"submitted": func(d *deploy.Deployer, l *ledger) error {
			l.closeDeployment(3)
			_, err := d.Tx.Submit(t.Context(), tx.Request{})
			return err
		},
		"resolved": func(d *deploy.Deployer, l *ledger) error {
			l.closeDeployment(3)
			_, err := d.Tx.Resolve(t.Context(), tx.Prepared{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &ledger{}
			var slots []ids.GroupID
			for dseq := range uint64(10) {
				slots = append(slots, l.opened(dseq+1, marketv1.Lease_active))
			}
			d := deployerOn(l.dial(t), &handClock{now: ledgerTime})
			refreshAll(t, d, slots, true)
			l.closeDeployment(3)
			_, err := d.RefreshDeployment(t.Context(), slots[2].Deployment())
			require.NoError(t, err, "the list is young: somebody else's change is seen by the next refresh")
			require.NoError(t, change(d, l))
			_, err = d.RefreshDeployment(t.Context(), slots[2].Deployment())
			require.ErrorIs(t, err, deploy.ErrGone)
			refreshAll(t, d, slots[3:], true)
			_, err = d.RefreshSlot(t.Context(), slots[2])
			require.ErrorIs(t, err, deploy.ErrGone)
			fresh := l.opened(77, marketv1.Lease_active)
			slot, err := d.RefreshSlot(t.Context(), fresh)
			require.NoError(t, err, "what is not in a list is asked for")
			require.True(t, slot.Active())
		})
	}
}

// A page that was under way while a transaction of ours began says nothing any more.
func TestRefresh_transactionWhileAListIsRead(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	var slots []ids.GroupID
	for dseq := range uint64(5) {
		slots = append(slots, l.opened(dseq+1, marketv1.Lease_active))
	}
	client := l.dial(t)
	d := deployerOn(client, &handClock{now: ledgerTime})
	_, err := d.RefreshDeployment(t.Context(), slots[0].Deployment())
	require.NoError(t, err)
	l.mu.Lock()
	l.during = func(method string) {
		if method == "/akash.deployment.v1beta4.Query/Deployments" {
			_, _ = d.Tx.Submit(t.Context(), tx.Request{})
		}
	}
	l.mu.Unlock()
	l.forget()
	_, err = d.RefreshDeployment(t.Context(), slots[1].Deployment())
	require.NoError(t, err)
	require.Equal(t, map[string]int{
		"/akash.deployment.v1beta4.Query/Deployments": 1, "/akash.deployment.v1beta4.Query/Deployment": 1,
	}, l.calls, "asked for alone")
}

func TestRefresh_agesOut(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	var slots []ids.GroupID
	for dseq := range uint64(10) {
		slots = append(slots, l.opened(dseq+1, marketv1.Lease_active))
	}
	clock := &handClock{now: ledgerTime}
	d := deployerOn(l.dial(t), clock)
	refreshAll(t, d, slots, true)
	l.closeDeployment(3)
	require.NoError(t, clock.Sleep(t.Context(), deploy.RefreshTime+time.Second))
	_, err := d.RefreshDeployment(t.Context(), slots[2].Deployment())
	require.ErrorIs(t, err, deploy.ErrGone)
}

// A node whose lists fail costs calls, not the refresh.
func TestRefresh_withoutLists(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	var slots []ids.GroupID
	for dseq := range uint64(20) {
		slots = append(slots, l.opened(dseq+1, marketv1.Lease_active))
	}
	d := deployerOn(listless{l.dial(t)}, &handClock{now: ledgerTime})
	refreshAll(t, d, slots, true)
	require.GreaterOrEqual(t, l.total(), 40)
}

// BenchmarkRefresh is a refresh of a thousand resources at Terraform's parallelism.
func BenchmarkRefresh(b *testing.B) {
	l := &ledger{}
	var slots []ids.GroupID
	for i := range 500 {
		slots = append(slots, l.opened(uint64(i+1), marketv1.Lease_active))
	}
	client := l.dial(b)
	l.forget()
	for b.Loop() {
		refreshAll(b, deployerOn(client, deploy.SystemClock{}), slots, true)
	}
	b.ReportMetric(float64(l.total())/float64(b.N), "calls/op")
}
