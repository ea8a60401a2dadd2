// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// ErrGone is returned when a deployment or group is closed or was never there: it will not come back.
var ErrGone = errors.New("closed or missing on chain")

// Deployment is an active deployment as the chain tells it.
type Deployment struct {
	ID     ids.DeploymentID
	Hash   []byte
	Groups []deploymentv1beta4.Group
	// Balance is what can still be spent or refunded, Spent what went to Akash providers; uact, as of the last
	// settlement.
	Balance, Spent math.LegacyDec
	// Deposits say who paid what of Balance in, oldest first; each gets back what is left of it.
	Deposits []EscrowDeposit
	// SettledAt is the height of the last settlement.
	SettledAt int64
	// CreatedAt is the block height of its creation.
	CreatedAt int64
	// Reclamation is the window asked for at creation; 0 is none.
	Reclamation time.Duration
}

// ReadDeployment returns the deployment, or an error that wraps [ErrGone] once it is closed or missing.
func (d *Deployer) ReadDeployment(ctx context.Context, id ids.DeploymentID) (Deployment, error) {
	return readDeployment(ctx, direct{d}, id)
}

// RefreshDeployment is [Deployer.ReadDeployment] for a refresh: many of them share list calls, and the answer may be
// up to [refreshTime] old. It is never from before a transaction of this Deployer.
func (d *Deployer) RefreshDeployment(ctx context.Context, id ids.DeploymentID) (Deployment, error) {
	return readDeployment(ctx, d.refresh, id)
}

func readDeployment(ctx context.Context, from source, id ids.DeploymentID) (Deployment, error) {
	found, err := from.deployment(ctx, id)
	if errors.Is(err, chain.ErrNotFound) {
		return Deployment{}, fmt.Errorf("deployment %s: %w", id, ErrGone)
	}
	if err != nil {
		return Deployment{}, &Failure{
			Title: "Deployment cannot be read", Doing: fmt.Sprintf("Reading deployment %s", id), Cause: err,
			Exists: "Nothing was changed.", Next: "Check the endpoints of the provider block, then try again.",
		}
	}
	if found.Deployment.State != deploymentv1.Deployment_active {
		return Deployment{}, fmt.Errorf("deployment %s: %w", id, ErrGone)
	}
	return deploymentOf(found), nil
}

func deploymentOf(found *deploymentv1beta4.QueryDeploymentResponse) Deployment {
	deployment := Deployment{
		ID: chain.DeploymentIDOf(found.Deployment.ID), Hash: found.Deployment.Hash, Groups: found.Groups,
		Balance: balance(found), Spent: spent(found), CreatedAt: found.Deployment.CreatedAt,
		Deposits: depositsOf(found), SettledAt: found.EscrowAccount.State.SettledAt,
	}
	if found.Deployment.Reclamation != nil {
		deployment.Reclamation = found.Deployment.Reclamation.MinWindow
	}
	return deployment
}

// Specs returns the group specs by gseq.
func (d Deployment) Specs() []deploymentv1beta4.GroupSpec { return specsOf(d.Groups) }

// UpdateHash puts a new manifest hash on chain; it does nothing when the chain has it already.
func (d *Deployer) UpdateHash(ctx context.Context, id ids.DeploymentID, hash []byte) error {
	doing := fmt.Sprintf("Updating the manifest hash of deployment %s", id)
	found, err := d.findDeployment(ctx, id)
	if err != nil {
		return d.fail(ctx, doing, "The manifest was not changed.", err)
	}
	if found.Deployment.State != deploymentv1.Deployment_active {
		return fmt.Errorf("deployment %s: %w", id, ErrGone)
	}
	if bytes.Equal(found.Deployment.Hash, hash) {
		return nil
	}
	_, err = d.submit(ctx, &deploymentv1beta4.MsgUpdateDeployment{ID: chain.PBDeploymentID(id), Hash: hash})
	if err != nil && !errors.Is(err, chain.ErrSameHash) {
		return d.fail(ctx, doing, d.escrowText(found)+" Its workload still runs the old manifest.", err)
	}
	return nil
}

// CloseDeployment closes the deployment and everything in it; what its escrow still holds goes back to the
// depositors in the same transaction. It does nothing for a deployment that is closed already.
func (d *Deployer) CloseDeployment(ctx context.Context, id ids.DeploymentID) error {
	doing := fmt.Sprintf("Closing deployment %s", id)
	found, err := d.findDeployment(ctx, id)
	if errors.Is(err, chain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return d.fail(ctx, doing, "The deployment is as it was.", err).onDestroy()
	}
	if found.Deployment.State == deploymentv1.Deployment_active {
		_, err = d.submit(ctx, &deploymentv1beta4.MsgCloseDeployment{ID: chain.PBDeploymentID(id)})
		if err != nil && !errors.Is(err, chain.ErrDeploymentClosed) {
			return d.fail(ctx, doing, d.escrowText(found), err).onDestroy()
		}
	}
	if d.Journal != nil {
		if err := d.Journal.Forget(d.Chain.ChainID(), id); err != nil {
			d.Logger.Warn("the journal could not be cleared", "deployment", id.String(), "error", err)
		}
	}
	return nil
}

// EscrowDeposit is the part of an escrow account that one payment made up.
type EscrowDeposit struct {
	// Depositor paid it, from its balance or, where Source is "grant", because it allowed somebody to.
	Depositor, Source string
	// Balance is what is left of it, in uact, as of the last settlement.
	Balance math.LegacyDec
}

func depositsOf(found *deploymentv1beta4.QueryDeploymentResponse) []EscrowDeposit {
	var all []EscrowDeposit
	for _, p := range found.EscrowAccount.State.Deposits {
		if p.Balance.Denom == coin.UACT {
			all = append(all, EscrowDeposit{Depositor: p.Owner, Source: p.Source.String(), Balance: p.Balance.Amount})
		}
	}
	return all
}

// balance sums the uact that the escrow's depositors could get back.
func balance(found *deploymentv1beta4.QueryDeploymentResponse) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for _, p := range found.EscrowAccount.State.Deposits {
		if p.Balance.Denom == coin.UACT {
			sum = sum.Add(p.Balance.Amount)
		}
	}
	return sum
}

// spent sums the uact that left the escrow for payments.
func spent(found *deploymentv1beta4.QueryDeploymentResponse) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for _, p := range found.EscrowAccount.State.Transferred {
		if p.Denom == coin.UACT {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

// escrowText says what a deployment holds, for failures.
func (d *Deployer) escrowText(found *deploymentv1beta4.QueryDeploymentResponse) string {
	return fmt.Sprintf("Deployment %s is active; its escrow holds %s, refunded when it is closed.",
		chain.DeploymentIDOf(found.Deployment.ID), coin.Display(coin.UACT, balance(found).TruncateInt()))
}
