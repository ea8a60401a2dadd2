// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// OpenRequest is a deployment to be opened.
type OpenRequest struct {
	Groups []deploymentv1beta4.GroupSpec
	// Hash is the manifest's 32-byte hash.
	Hash []byte
	// Deposit is paid into escrow; the chain wants uact.
	Deposit sdk.Coin
	// ReclamationMinWindow asks for a reclamation window; nil asks for none.
	ReclamationMinWindow *time.Duration
}

// reclamation is the message's form of ReclamationMinWindow.
func (r OpenRequest) reclamation() *deploymentv1.DeploymentReclamation {
	if r.ReclamationMinWindow == nil {
		return nil
	}
	return &deploymentv1.DeploymentReclamation{MinWindow: *r.ReclamationMinWindow}
}

// Opened is a deployment that exists on chain.
type Opened struct {
	ID ids.DeploymentID
	// Adopted is true when an earlier, interrupted run had paid for it.
	Adopted bool

	entry *journal.Entry
}

// HandedOver must be called once the id is on its way into Terraform's state.
func (o Opened) HandedOver() {
	if o.entry != nil {
		o.entry.Done()
	}
}

// Open makes the deployment exist exactly once: it first claims what an interrupted run of the same configuration
// left, and lets the chain decide what became of it; else it writes the intent to disk, chooses a dseq and creates.
// Errors are [*Failure]s. Calling it again after an error is safe.
func (d *Deployer) Open(ctx context.Context, request OpenRequest) (Opened, error) {
	digest, err := groupDigest(request.Groups, request.reclamation())
	if err != nil {
		return Opened{}, err
	}
	for {
		entry, err := d.Journal.Claim(journal.KindDeployment, d.Chain.ChainID(), d.Owner, digest)
		if err != nil {
			return Opened{}, &Failure{
				Title: "Journal cannot be read", Doing: "Looking for what an earlier run left", Cause: err,
				Exists: "Nothing was created by this run.",
				Next:   "Set AKASH_STATE_DIR to a folder that can be written, or mend the file named above.",
			}
		}
		if entry == nil {
			return d.create(ctx, request, digest)
		}
		opened, found, err := d.resume(ctx, entry, request, digest)
		if err != nil || found {
			return opened, err
		}
	}
}

// resume lets the chain decide what became of an earlier run's intent. found is false when nothing is left of it.
func (d *Deployer) resume(
	ctx context.Context, entry *journal.Entry, request OpenRequest, digest string,
) (opened Opened, found bool, err error) {
	intent := entry.Intent()
	id := intent.ID()
	doing := fmt.Sprintf("Looking up deployment %s, which an earlier run began", id)
	deployment, err := d.Chain.FindDeployment(ctx, id)
	if errors.Is(err, chain.ErrNotFound) && intent.TxHash != "" {
		if err := d.settle(ctx, intent); err != nil {
			return Opened{}, false, d.fail(ctx, doing, "It is not known yet whether the deployment exists.", err)
		}
		deployment, err = d.Chain.FindDeployment(ctx, id)
	}
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return Opened{}, false, entry.Drop()
	case err != nil:
		return Opened{}, false, d.fail(ctx, doing, "It is not known yet whether the deployment exists.", err)
	case deployment.Deployment.State != deploymentv1.Deployment_active:
		return Opened{}, false, entry.Drop()
	}
	onChain, err := groupDigest(specsOf(deployment.Groups), deployment.Deployment.Reclamation)
	if err != nil {
		return Opened{}, false, err
	}
	if onChain != digest {
		return Opened{}, false, &Failure{
			Title: "Unfinished deployment differs", Doing: doing,
			Cause:  errors.New("its groups on chain are not the ones the earlier run meant to create"),
			Exists: d.escrowText(deployment),
			Next:   "Close it with: akash tx deployment close --dseq " + fmt.Sprint(id.DSeq) + ", then apply again.",
		}
	}
	d.Logger.Info("adopting a deployment that an earlier run created", "deployment", id.String())
	if err := entry.Created(); err != nil {
		return Opened{}, false, d.fail(ctx, doing, d.escrowText(deployment), err)
	}
	opened = Opened{ID: id, Adopted: true, entry: entry}
	// Manifest and deposit may have been changed in the configuration since.
	if err := d.UpdateHash(ctx, id, request.Hash); err != nil {
		return opened, true, err
	}
	return opened, true, d.DepositUpTo(ctx, id, request.Deposit)
}

// settle waits until it is certain whether the intent's transaction landed; nil when it is.
func (d *Deployer) settle(ctx context.Context, intent journal.Intent) error {
	_, err := d.Tx.Resolve(ctx, tx.Prepared{Hash: intent.TxHash, TimeoutAt: intent.TxTimeout, Unordered: true})
	var rejected *chain.RejectedError
	if errors.Is(err, tx.ErrNeverLanded) || errors.As(err, &rejected) {
		return nil
	}
	return err
}

// create writes the intent, chooses a dseq and spends.
func (d *Deployer) create(ctx context.Context, request OpenRequest, digest string) (Opened, error) {
	const attempts = 3 // a dseq that somebody else took is not worth more
	for attempt := 1; ; attempt++ {
		opened, err := d.createOnce(ctx, request, digest)
		if attempt < attempts && errors.Is(err, chain.ErrDeploymentExists) {
			continue
		}
		return opened, err
	}
}

func (d *Deployer) createOnce(ctx context.Context, request OpenRequest, digest string) (Opened, error) {
	id := ids.DeploymentID{Owner: d.Owner, DSeq: d.sequence.next()}
	doing := fmt.Sprintf("Creating deployment %s with a deposit of %s",
		id, coin.Display(request.Deposit.Denom, request.Deposit.Amount))
	nothing := "Nothing was created and nothing was spent but, at most, a transaction fee."
	entry, err := d.Journal.Begin(journal.Intent{
		Kind: journal.KindDeployment, ChainID: d.Chain.ChainID(), Owner: d.Owner, DSeq: id.DSeq,
		GroupDigest: digest, ManifestHash: hex.EncodeToString(request.Hash),
	})
	if err != nil {
		return Opened{}, &Failure{
			Title: "Journal cannot be written", Doing: doing, Cause: err, Exists: "Nothing was created or spent.",
			Next: "Set AKASH_STATE_DIR to a folder that can be written, then apply again.",
		}
	}
	message := &deploymentv1beta4.MsgCreateDeployment{
		ID: chain.PBDeploymentID(id), Groups: request.Groups, Hash: request.Hash,
		Deposit:     depositv1.Deposit{Amount: request.Deposit, Sources: []depositv1.Source{depositv1.Source_balance}},
		Reclamation: request.reclamation(),
	}
	_, err = d.Tx.Submit(ctx, tx.Request{
		Msgs:            []sdk.Msg{message},
		BeforeBroadcast: func(p tx.Prepared) error { return entry.Broadcasting(p.Hash, p.TimeoutAt) },
	})
	switch {
	case err == nil:
		return Opened{ID: id, entry: entry}, entry.Created()
	case errors.Is(err, chain.ErrDeploymentExists) && d.isOurs(ctx, id, request, digest):
		return Opened{ID: id, entry: entry}, entry.Created()
	case !mayHaveLanded(err, entry):
		return Opened{}, errors.Join(d.fail(ctx, doing, nothing, err), entry.Drop())
	default:
		return Opened{}, d.fail(ctx, doing, fmt.Sprintf(
			"Deployment %s may or may not exist; if it does, its escrow holds the deposit and nothing is spent from it "+
				"while it has no lease.", id), err)
	}
}

// isOurs reports whether the deployment that exists already is the one we meant to create: our own message landed and
// its answer was lost.
func (d *Deployer) isOurs(ctx context.Context, id ids.DeploymentID, request OpenRequest, digest string) bool {
	found, err := d.Chain.FindDeployment(ctx, id)
	if err != nil || found.Deployment.State != deploymentv1.Deployment_active {
		return false
	}
	onChain, err := groupDigest(specsOf(found.Groups), found.Deployment.Reclamation)
	return err == nil && onChain == digest && bytes.Equal(found.Deployment.Hash, request.Hash)
}

// mayHaveLanded reports whether the transaction could be on chain, now or later.
func mayHaveLanded(err error, entry *journal.Entry) bool {
	var rejected *chain.RejectedError
	if errors.As(err, &rejected) || errors.Is(err, tx.ErrNeverLanded) {
		return false
	}
	return entry.Intent().Phase != journal.PhaseIntended
}
