// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
)

// CheckFunds says before anything is sent whether the network takes a deposit this low, and whether the owner can pay
// it and any fee at all. refunds is what planned replacements will return first. The error is a [*Failure] that names
// what is missing.
func (d *Deployer) CheckFunds(ctx context.Context, deposit sdk.Coin, refunds math.LegacyDec) error {
	params, err := d.Chain.DeploymentParams(ctx)
	if err != nil {
		return d.fail(ctx, "Reading the network's least deposit", "Nothing was created or spent.", err)
	}
	if least := sdk.Coins(params.MinDeposits).AmountOf(deposit.Denom); deposit.Amount.LT(least) {
		return d.fail(ctx, fmt.Sprintf("Checking the deposit of %s", coin.Display(deposit.Denom, deposit.Amount)),
			"Nothing was created or spent.",
			fmt.Errorf("%w of %s", chain.ErrDepositTooLow, coin.Display(deposit.Denom, least)))
	}
	return d.CheckBalance(ctx, deposit, refunds)
}

// CheckBalance is [Deployer.CheckFunds] without the network's least deposit, for what is added to one.
func (d *Deployer) CheckBalance(ctx context.Context, deposit sdk.Coin, refunds math.LegacyDec) error {
	balances, err := d.Chain.SpendableBalances(ctx, d.Owner)
	if err != nil {
		return d.fail(ctx, fmt.Sprintf("Reading the balances of %s", d.Owner), "Nothing was created or spent.", err)
	}
	if back := refunds.TruncateInt(); back.IsPositive() {
		balances = balances.Add(sdk.NewCoin(coin.UACT, back))
	}
	var missing []error
	if text := MissingFunds(deposit, balances); text != "" {
		missing = append(missing, errors.New(text))
	}
	if fees, err := d.noFees(ctx, balances); err != nil {
		return d.fail(ctx, fmt.Sprintf("Reading the balances of %s", d.feePayer()), nothingSpent, err)
	} else if fees != "" {
		missing = append(missing, errors.New(fees))
	}
	if len(missing) == 0 {
		return nil
	}
	return &Failure{
		Title: "Insufficient funds", Doing: fmt.Sprintf("Checking account %s", d.Owner), Cause: errors.Join(missing...),
		Exists: "Nothing was created or spent.", Next: d.fundsAdvice(ctx),
	}
}

// Unfinished is the deployment of an interrupted run that [Deployer.Open] would look up first; the zero value is none.
// It asks nobody whether the deployment exists.
func (d *Deployer) Unfinished(request OpenRequest) (ids.DeploymentID, error) {
	digest, err := groupDigest(request.Groups, request.reclamation())
	if err != nil {
		return ids.DeploymentID{}, err
	}
	intents, err := d.Journal.Unclaimed(journal.KindDeployment, d.Chain.ChainID(), d.Owner)
	for _, intent := range intents {
		if intent.GroupDigest == digest {
			return intent.ID(), err
		}
	}
	return ids.DeploymentID{}, err
}

// noFees says that whoever pays the fees has nothing to pay them with; "" when it has. balances are the owner's.
func (d *Deployer) noFees(ctx context.Context, balances sdk.Coins) (string, error) {
	payer, who := d.feePayer(), "the account"
	if payer != d.Owner {
		who = payer + ", who pays them,"
		var err error
		if balances, err = d.Chain.SpendableBalances(ctx, payer); err != nil {
			return "", err
		}
	}
	if balances.AmountOf(coin.UAKT).IsPositive() {
		return "", nil
	}
	return fmt.Sprintf("transaction fees are paid in uakt and %s has none", who), nil
}
