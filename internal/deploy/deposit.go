// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// DepositUpTo pays what the escrow lacks of target, counting everything that was ever deposited. A payment is no deed
// whose repetition the chain refuses, so it is written to the journal first, and an earlier one whose fate is not known
// is resolved before another is made. sources are used in their order; none is the owner's balance.
func (d *Deployer) DepositUpTo(
	ctx context.Context, id ids.DeploymentID, target sdk.Coin, sources ...depositv1.Source,
) error {
	doing := fmt.Sprintf("Depositing into deployment %s, up to %s in all", id, coin.Display(target.Denom, target.Amount))
	_, err := d.deposit(ctx, id, doing, target.Denom, func(found Deployment) math.Int {
		return target.Amount.Sub(found.Balance.Add(found.Spent).TruncateInt())
	}, sources)
	return err
}

// TopUp deposits what a deployment's escrow lacks of a balance in uact, and returns what that was: 0 when it holds as
// much already, so that asking again pays nothing. The balance is that of the escrow's last settlement on chain; with
// an active lease the real one is lower. It is written down and resolved as [Deployer.DepositUpTo] does. The error is
// a [*Failure].
func (d *Deployer) TopUp(ctx context.Context, id ids.DeploymentID, balance math.Int) (math.Int, error) {
	doing := fmt.Sprintf("Topping up deployment %s to %s", id, coin.Display(coin.UACT, balance))
	paid, err := d.deposit(ctx, id, doing, coin.UACT, func(found Deployment) math.Int {
		return balance.Sub(found.Balance.TruncateInt())
	}, nil)
	if errors.Is(err, ErrGone) {
		return math.Int{}, &Failure{
			Title: "Deployment is gone", Doing: doing, Cause: err, Exists: nothingSpent,
			Next: "A closed deployment takes no money. Apply to create it again.",
		}
	}
	return paid, err
}

// deposit pays once what lacks says is missing of a deployment as it is after earlier deposits, and returns how much
// that was, 0 for nothing.
func (d *Deployer) deposit(
	ctx context.Context, id ids.DeploymentID, doing, denom string, lacks func(Deployment) math.Int,
	sources []depositv1.Source,
) (math.Int, error) {
	if err := d.settleDeposit(ctx, id); err != nil {
		return math.Int{}, d.fail(
			ctx, doing, "It is not known yet whether an earlier deposit landed; no other was made.", err)
	}
	found, err := d.ReadDeployment(ctx, id)
	if err != nil {
		return math.Int{}, err
	}
	missing := lacks(found)
	if !missing.IsPositive() {
		return math.ZeroInt(), nil
	}
	holds := fmt.Sprintf("Deployment %s holds %s in escrow.", id, coin.Display(coin.UACT, found.Balance.TruncateInt()))
	spent, err := d.fund(ctx, sdk.NewCoin(denom, missing), sources)
	if err != nil {
		return math.Int{}, err
	}
	defer spent()
	entry, err := d.Journal.Begin(journal.Intent{
		Kind: journal.KindDeposit, ChainID: d.Chain.ChainID(), Owner: id.Owner, DSeq: id.DSeq,
	})
	if err != nil {
		return math.Int{}, d.fail(ctx, doing, holds, err)
	}
	_, err = d.Tx.Submit(ctx, tx.Request{
		Msgs: []sdk.Msg{&escrowv1.MsgAccountDeposit{
			Signer:  d.Owner,
			ID:      escrowid.Account{Scope: escrowid.Scope_deployment, XID: id.String()},
			Deposit: depositv1.Deposit{Amount: sdk.NewCoin(denom, missing), Sources: orBalance(sources)},
		}},
		BeforeBroadcast: func(p tx.Prepared) error { return entry.Broadcasting(p.Hash, p.TimeoutAt) },
	})
	switch {
	case err == nil:
		// Not dropped yet: the next run has to look at this transaction before it believes an endpoint that is behind and
		// shows the escrow without it.
		d.noteDone(entry)
		return missing, nil
	case !mayHaveLanded(err, entry):
		return math.Int{}, errors.Join(d.fail(ctx, doing, holds, err), entry.Drop())
	default:
		return math.Int{}, errors.Join(d.fail(ctx, doing, holds+" The deposit may or may not land.", err), entry.Leave())
	}
}

// settleDeposit waits until the fate of an earlier deposit is certain.
func (d *Deployer) settleDeposit(ctx context.Context, id ids.DeploymentID) error {
	entry, err := d.afterOtherRun(ctx, func() (*journal.Entry, error) {
		return d.Journal.Resume(journal.KindDeposit, d.Chain.ChainID(), id)
	})
	if err != nil || entry == nil {
		return err
	}
	return d.settleEntry(ctx, entry)
}
