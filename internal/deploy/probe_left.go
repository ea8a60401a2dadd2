// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

// tidy closes the probes that interrupted runs of the configuration left before the first transaction of this process:
// a probe is never left open, and its refund may be what the transaction needs. A plan sends nothing, so it does not
// come here; it reports them.
type tidy struct {
	Transactions
	close func(ctx context.Context) error
	warn  func(err error)
	begun atomic.Bool
}

// Submit passes what closing itself sends, and what others send meanwhile.
func (t *tidy) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	if t.begun.CompareAndSwap(false, true) {
		if err := t.close(ctx); err != nil {
			t.warn(err) // the work at hand does not depend on it; every run reports what is left
		}
	}
	return t.Transactions.Submit(ctx, request)
}

func (d *Deployer) newTidy(transactions Transactions) *tidy {
	return &tidy{
		Transactions: transactions,
		close:        func(ctx context.Context) error { return d.closeLeftProbes(ctx, false) },
		warn:         func(err error) { d.Logger.Warn("a probe of an earlier run could not be closed", "error", err) },
	}
}

// closeLeftProbes closes the probes of this configuration that no live run holds. One whose transaction may still land
// is waited for where patient is set, and else left to a later look. The error is a [*Failure].
func (d *Deployer) closeLeftProbes(ctx context.Context, patient bool) error {
	if d.Journal == nil {
		return nil
	}
	intents, err := d.Journal.Unclaimed(journal.KindProbe, d.Chain.ChainID(), d.Owner)
	if err != nil {
		return d.fail(ctx, "Looking for probes of earlier runs", nothingSpent, err)
	}
	var all error
	for _, intent := range intents {
		entry, err := d.Journal.Resume(journal.KindProbe, intent.ChainID, intent.ID())
		if errors.Is(err, journal.ErrBusy) || (err == nil && entry == nil) {
			continue // somebody is at it, or it is done
		}
		if err == nil {
			err = d.closeLeftProbe(ctx, entry, patient)
		}
		if err != nil {
			id := intent.ID()
			failure := d.fail(ctx, fmt.Sprintf("Closing probe %s, which an earlier run left", id),
				fmt.Sprintf("If deployment %s exists, its escrow holds a deposit of which nothing is spent.", id), err)
			all = errors.Join(all, failure.closingProbe(id))
		}
	}
	return all
}

// closeLeftProbe closes one probe, and gives its entry up in any case.
func (d *Deployer) closeLeftProbe(ctx context.Context, entry *journal.Entry, patient bool) error {
	intent := entry.Intent()
	if intent.TxHash == "" {
		return entry.Drop() // nothing was ever sent
	}
	_, err := d.Chain.FindDeployment(ctx, intent.ID())
	if errors.Is(err, chain.ErrNotFound) && intent.Phase != journal.PhaseCreated {
		if !patient && d.Clock.Now().Before(intent.TxTimeout) {
			return entry.Leave()
		}
		landed, err := d.settle(ctx, intent)
		if err != nil {
			return errors.Join(err, entry.Leave())
		}
		if !landed {
			return entry.Drop()
		}
	}
	d.Logger.Info("closing a probe that an earlier run left", "deployment", intent.ID().String())
	if err := d.CloseDeployment(ctx, intent.ID()); err != nil {
		return errors.Join(err, entry.Leave())
	}
	return entry.Drop()
}
