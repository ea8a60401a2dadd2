// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
)

// Leftover is a deployment that an interrupted run began and nobody has finished.
type Leftover struct {
	ID ids.DeploymentID
	// Probe is true for one that was only to get bids: the next transaction of this configuration closes it.
	Probe bool
	// IPHolder is true for one that holds the address of an akash_ip_endpoint.
	IPHolder bool
	// Text says what is known of it and what it costs.
	Text string
}

// Leftovers says what the journal holds of interrupted runs of this configuration, and what the chain says about it.
// What is provably nothing is forgotten. Without anything in the journal the chain is not asked; one that does not
// answer makes the texts vaguer.
func Leftovers(
	ctx context.Context, j *journal.Journal, chainID, owner string, connect func(context.Context) (*Deployer, error),
) ([]Leftover, error) {
	intents, err := j.Unclaimed(journal.KindDeployment, chainID, owner)
	if err != nil {
		return nil, err
	}
	for _, kind := range []journal.Kind{journal.KindProbe, journal.KindIPHolder} {
		more, err := j.Unclaimed(kind, chainID, owner)
		if err != nil {
			return nil, err
		}
		intents = append(intents, more...)
	}
	if len(intents) == 0 {
		return nil, nil
	}
	d, unconnected := connect(ctx)
	var found []Leftover
	for _, intent := range intents {
		text, err := "", unconnected
		switch {
		case intent.Phase == journal.PhaseIntended:
			err = nil // nothing was ever sent, whatever the chain says
		case err == nil:
			text, err = d.leftover(ctx, intent)
		}
		if err != nil {
			text = fmt.Sprintf("Whether it exists is not known (%s). If it does, its escrow holds a deposit.", err)
		}
		if text == "" {
			if err := forget(j, intent); err != nil {
				return found, err
			}
			continue
		}
		found = append(found, Leftover{
			ID: intent.ID(), Probe: intent.Kind == journal.KindProbe, IPHolder: intent.Kind == journal.KindIPHolder, Text: text,
		})
	}
	return found, nil
}

// leftover asks the chain about one intent; "" when there is nothing and never will be.
func (d *Deployer) leftover(ctx context.Context, intent journal.Intent) (string, error) {
	id := intent.ID()
	found, err := d.Chain.FindDeployment(ctx, id)
	switch {
	case errors.Is(err, chain.ErrNotFound) && intent.Phase == journal.PhaseBroadcast:
		// Apply finds out whether it can still land; a plan does not wait for that.
		return fmt.Sprintf("It does not exist so far; its transaction %s could land until %s.",
			intent.TxHash, intent.TxTimeout.UTC().Format("2006-01-02 15:04:05 MST")), nil
	case err != nil:
		return "", err
	case found.Deployment.State != deploymentv1.Deployment_active:
		return "", nil
	}
	text := d.escrowText(found)
	for i := range found.Groups {
		slot, err := d.ReadSlot(ctx, id.Group(found.Groups[i].ID.GSeq))
		if err != nil {
			return "", err
		}
		if slot.Active() {
			text += " " + d.costText(slot)
		}
	}
	return text, nil
}

// forget removes an intent that became nothing, unless somebody has taken it up meanwhile.
func forget(j *journal.Journal, intent journal.Intent) error {
	entry, err := j.Resume(intent.Kind, intent.ChainID, intent.ID())
	switch {
	case errors.Is(err, journal.ErrBusy):
		return nil
	case err != nil || entry == nil:
		return err
	}
	if entry.Intent().Phase != intent.Phase {
		return entry.Leave()
	}
	return entry.Drop()
}
