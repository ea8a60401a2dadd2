// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"cmp"
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
	// Sources are what Deposit is taken from, in this order; none is the owner's balance.
	Sources []depositv1.Source
	// AtLeastMinimum raises Deposit to the network's minimum where it is less.
	AtLeastMinimum bool
	// ReclamationMinWindow asks for a reclamation window; nil asks for none.
	ReclamationMinWindow *time.Duration

	// kind is what the journal calls it; "" is a deployment.
	kind journal.Kind
	// hashOf, when set, is Hash of a manifest that depends on the dseq.
	hashOf func(dseq uint64) []byte
}

// at is the request once its dseq is known.
func (r OpenRequest) at(dseq uint64) OpenRequest {
	if r.hashOf != nil {
		r.Hash = r.hashOf(dseq)
	}
	return r
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
	// Shared is true when that run handed it over before it was interrupted: unless that state is lost, another resource
	// holds it.
	Shared bool

	handOver func()
}

// HandedOver must be called once the id is on its way into Terraform's state.
func (o Opened) HandedOver() {
	if o.handOver != nil {
		o.handOver()
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
	if request.Deposit, err = d.atLeastMinimum(ctx, request); err != nil {
		return Opened{}, err
	}
	for {
		kind := cmp.Or(request.kind, journal.KindDeployment)
		entry, err := d.claimOf(ctx, kind, digest, hex.EncodeToString(request.Hash))
		if err != nil {
			return Opened{}, err
		}
		if entry == nil {
			return d.create(ctx, request, digest)
		}
		opened, found, err := d.resume(ctx, entry, request, digest)
		if err != nil {
			return Opened{}, errors.Join(err, entry.Leave())
		}
		if found {
			return opened, nil
		}
	}
}

// claimOf takes up an interrupted run's intent.
func (d *Deployer) claimOf(
	ctx context.Context, kind journal.Kind, digest, hash string,
) (*journal.Entry, error) {
	entry, err := d.afterOtherRun(ctx, func() (*journal.Entry, error) {
		return d.Journal.Claim(kind, d.Chain.ChainID(), d.Owner, digest, hash)
	})
	switch {
	case err == nil:
		return entry, nil
	case errors.Is(err, journal.ErrBusy):
		return nil, &Failure{
			Title: "Another run is at work", Doing: "Looking for what an earlier run left", Cause: err,
			Exists: "Nothing was created by this run.",
			Next: "Wait until the other run has ended, then run terraform apply again. Runs that may go on side by side " +
				"need different values of AKASH_JOURNAL_SCOPE.",
		}
	default:
		return nil, &Failure{
			Title: "Journal cannot be read", Doing: "Looking for what an earlier run left", Cause: err,
			Exists: "Nothing was created by this run.",
			Next:   "Set AKASH_STATE_DIR to a folder that can be written, or mend the file named above.",
		}
	}
}

// otherRunTime is longer than a killed CLI's plugin goes on.
const otherRunTime = 15 * time.Second

// afterOtherRun takes an entry that another run may still hold. One whose CLI was killed is finishing: it is given some
// time, then the error is [journal.ErrBusy].
func (d *Deployer) afterOtherRun(
	ctx context.Context, take func() (*journal.Entry, error),
) (entry *journal.Entry, err error) {
	until := d.Clock.Now().Add(otherRunTime)
	err = d.poll(ctx, func() (bool, error) {
		entry, err = take()
		if errors.Is(err, journal.ErrBusy) && d.Clock.Now().Before(until) {
			return false, nil
		}
		return true, err
	})
	return entry, err
}

// resume lets the chain decide what became of an earlier run's intent. found is false when nothing is left of it.
func (d *Deployer) resume(
	ctx context.Context, entry *journal.Entry, request OpenRequest, digest string,
) (opened Opened, found bool, err error) {
	intent := entry.Intent()
	id := intent.ID()
	request = request.at(id.DSeq)
	doing := fmt.Sprintf("Looking up deployment %s, which an earlier run began", id)
	deployment, err := d.Chain.FindDeployment(ctx, id)
	landed := false
	if errors.Is(err, chain.ErrNotFound) && intent.TxHash != "" {
		if landed, err = d.settle(ctx, intent); err != nil {
			return Opened{}, false, d.fail(ctx, doing, "It is not known yet whether the deployment exists.", err)
		}
		if !landed {
			return Opened{}, false, entry.Drop() // it never will, so there is nothing to find
		}
		deployment, err = d.findDeployment(ctx, id)
	}
	switch {
	case errors.Is(err, chain.ErrNotFound) && !landed:
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
	d.noteCreated(entry)
	opened = Opened{
		ID: id, Adopted: true, Shared: !intent.DoneAt.IsZero(), handOver: func() { d.noteDone(entry) },
	}
	// Manifest and deposit may have been changed in the configuration since.
	if err := d.UpdateHash(ctx, id, request.Hash); err != nil {
		return opened, true, err
	}
	return opened, true, d.DepositUpTo(ctx, id, request.Deposit, request.Sources...)
}

// settle waits until it is certain whether the intent's transaction landed, and says so.
func (d *Deployer) settle(ctx context.Context, intent journal.Intent) (landed bool, err error) {
	_, err = d.Tx.Resolve(ctx, tx.Prepared{Hash: intent.TxHash, TimeoutAt: intent.TxTimeout, Unordered: true})
	var rejected *chain.RejectedError
	if errors.Is(err, tx.ErrNeverLanded) || errors.As(err, &rejected) {
		return false, nil
	}
	return err == nil, err
}

// settleEntry is settle for an intent whose deed does not show by itself. What landed is remembered for some time: the
// next run has to look at it before it believes an endpoint that is behind.
func (d *Deployer) settleEntry(ctx context.Context, entry *journal.Entry) error {
	intent := entry.Intent()
	if intent.TxHash == "" {
		return entry.Drop()
	}
	landed, err := d.settle(ctx, intent)
	switch {
	case err != nil:
		return errors.Join(err, entry.Leave())
	case landed:
		d.noteDone(entry)
		return nil
	default:
		return entry.Drop()
	}
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
	spent, err := d.fund(ctx, request.Deposit, request.Sources)
	if err != nil {
		return Opened{}, err
	}
	defer spent()
	id := ids.DeploymentID{Owner: d.Owner, DSeq: d.sequence.next()}
	request = request.at(id.DSeq)
	doing := fmt.Sprintf("Creating deployment %s with a deposit of %s",
		id, coin.Display(request.Deposit.Denom, request.Deposit.Amount))
	nothing := "Nothing was created and nothing was spent but, at most, a transaction fee."
	entry, err := d.Journal.Begin(journal.Intent{
		Kind: cmp.Or(request.kind, journal.KindDeployment), ChainID: d.Chain.ChainID(), Owner: d.Owner, DSeq: id.DSeq,
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
		Deposit:     depositv1.Deposit{Amount: request.Deposit, Sources: orBalance(request.Sources)},
		Reclamation: request.reclamation(),
	}
	_, err = d.Tx.Submit(ctx, tx.Request{
		Msgs:            []sdk.Msg{message},
		BeforeBroadcast: func(p tx.Prepared) error { return entry.Broadcasting(p.Hash, p.TimeoutAt) },
	})
	ours := err == nil
	if errors.Is(err, chain.ErrDeploymentExists) {
		var readErr error
		if ours, readErr = d.isOurs(ctx, id, request, digest); readErr != nil {
			// Not errors.Join: nobody may take this for a dseq that somebody else has.
			err = fmt.Errorf("the deployment exists and could not be read: %w", readErr)
		}
	}
	switch {
	case ours:
		d.noteCreated(entry)
		return Opened{ID: id, handOver: func() { d.noteDone(entry) }}, nil
	case !mayHaveLanded(err, entry):
		return Opened{}, errors.Join(d.fail(ctx, doing, nothing, err), entry.Drop())
	default:
		return Opened{}, errors.Join(d.fail(ctx, doing, fmt.Sprintf(
			"Deployment %s may or may not exist; if it does, its escrow holds the deposit and nothing is spent from it "+
				"while it has no lease.", id), err), entry.Leave())
	}
}

// noteCreated writes down that the chain holds the deployment. The note spares the next run a question and nothing
// else, so failing to write it is no failure.
func (d *Deployer) noteCreated(entry *journal.Entry) {
	if err := entry.Created(); err != nil {
		d.Logger.Warn("the journal could not be written", "deployment", entry.Intent().ID().String(), "error", err)
	}
}

// noteDone writes down that what came of an entry is on its way into Terraform's state. Where that cannot be written
// the next run takes it for unfinished and looks it up, which is no failure either.
func (d *Deployer) noteDone(entry *journal.Entry) {
	if err := entry.Done(); err != nil {
		d.Logger.Warn("the journal could not be written", "deployment", entry.Intent().ID().String(), "error", err)
	}
}

// isOurs reports whether the deployment that exists already is the one we meant to create: our own message landed and
// its answer was lost.
func (d *Deployer) isOurs(
	ctx context.Context, id ids.DeploymentID, request OpenRequest, digest string,
) (bool, error) {
	found, err := d.findDeployment(ctx, id)
	if err != nil {
		return false, err
	}
	if found.Deployment.State != deploymentv1.Deployment_active {
		return false, nil
	}
	onChain, err := groupDigest(specsOf(found.Groups), found.Deployment.Reclamation)
	return onChain == digest && bytes.Equal(found.Deployment.Hash, request.Hash), err
}

// mayHaveLanded reports whether the transaction could be on chain, now or later.
func mayHaveLanded(err error, entry *journal.Entry) bool {
	var rejected *chain.RejectedError
	if errors.As(err, &rejected) || errors.Is(err, tx.ErrNeverLanded) || errors.Is(err, chain.ErrNotSent) ||
		errors.Is(err, ErrSpendLimit) {
		return false // and no earlier attempt did, or there had been no further one
	}
	return entry.Intent().Phase != journal.PhaseIntended
}
