// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
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

// Need is what planned transactions take out of the account.
type Need struct {
	// New is the deployment that the check is for; nil for a deposit into one that exists.
	New *OpenRequest
	// Planned is what all planned deposits come to, in uact, and Deposits how many they are.
	Planned  math.Int
	Deposits int
	// FromGrant says that others may pay, for whom nothing is minted.
	FromGrant bool
	// Refunds is what planned replacements will return first, in uact.
	Refunds math.LegacyDec
}

// CheckFunds says before anything is sent whether the network takes a deposit this low, and whether the owner can pay
// all that is planned and the fees of it. With auto_mint missing uact are no failure where they can be minted; note
// says what that takes then. The error is a [*Failure] that names everything that is missing.
func (d *Deployer) CheckFunds(ctx context.Context, need Need) (note string, err error) {
	if need.New != nil {
		lifted, err := d.atLeastMinimum(ctx, *need.New)
		if err != nil {
			return "", err
		}
		least, err := d.leastDeposit(ctx)
		if err != nil {
			return "", err
		}
		if lifted.Amount.LT(least) {
			return "", d.fail(ctx, fmt.Sprintf("Checking the deposit of %s", coin.Display(lifted.Denom, lifted.Amount)),
				nothingSpent, fmt.Errorf("%w of %s", chain.ErrDepositTooLow, coin.Display(lifted.Denom, least)))
		}
		need.Planned = need.Planned.Add(lifted.Amount.Sub(need.New.Deposit.Amount))
	}
	balances, err := d.Chain.SpendableBalances(ctx, d.Owner)
	if err != nil {
		return "", d.fail(ctx, fmt.Sprintf("Reading the balances of %s", d.Owner), nothingSpent, err)
	}
	if back := need.Refunds.TruncateInt(); back.IsPositive() {
		balances = balances.Add(sdk.NewCoin(coin.UACT, back))
	}
	var missing []error
	if lack := need.Planned.Sub(balances.AmountOf(coin.UACT)); lack.IsPositive() {
		if !need.FromGrant {
			if note, err = d.mintNote(ctx, lack); err != nil {
				return "", err
			}
		}
		if note == "" {
			missing = append(missing, errors.New(lackText(need, lack)))
		}
	}
	if fees, err := d.noFees(ctx, balances, need.Deposits); err != nil {
		return "", d.fail(ctx, fmt.Sprintf("Reading the balances of %s", d.feePayer()), nothingSpent, err)
	} else if fees != "" {
		missing = append(missing, errors.New(fees))
	}
	if len(missing) == 0 {
		return note, nil
	}
	return "", &Failure{
		Title: "Insufficient funds", Doing: fmt.Sprintf("Checking account %s", d.Owner), Cause: errors.Join(missing...),
		Exists: nothingSpent, Next: d.fundsAdvice(ctx),
	}
}

// lackText says how much of the planned deposits the account cannot pay.
func lackText(need Need, lack math.Int) string {
	what := fmt.Sprintf("the deposit of %s", coin.Display(coin.UACT, need.Planned))
	if need.Deposits > 1 {
		what = fmt.Sprintf("the %d deposits of this plan, %s in all,", need.Deposits, coin.Display(coin.UACT, need.Planned))
	}
	verb := "needs"
	if need.Deposits > 1 {
		verb = "need"
	}
	return fmt.Sprintf("%s %s %s more than the account can spend (%s)", what, verb,
		coin.Display(coin.UACT, lack), coin.Display(coin.UACT, need.Planned.Sub(lack)))
}

// leastDeposit is the network's minimum, in uact.
func (d *Deployer) leastDeposit(ctx context.Context) (math.Int, error) {
	params, err := d.Chain.DeploymentParams(ctx)
	if err != nil {
		return math.Int{}, d.fail(ctx, "Reading the network's least deposit", nothingSpent, err)
	}
	return sdk.Coins(params.MinDeposits).AmountOf(coin.UACT), nil
}

// atLeastMinimum is the deposit of a request, lifted to the network's minimum where the request wants that.
func (d *Deployer) atLeastMinimum(ctx context.Context, request OpenRequest) (sdk.Coin, error) {
	if !request.AtLeastMinimum {
		return request.Deposit, nil
	}
	least, err := d.leastDeposit(ctx)
	if err != nil || request.Deposit.Amount.GTE(least) {
		return request.Deposit, err
	}
	return sdk.NewCoin(request.Deposit.Denom, least), nil
}

// Unfinished is the deployment of an interrupted run that [Deployer.Open] would look up first; the zero value is none.
// It asks nobody whether the deployment exists.
func (d *Deployer) Unfinished(request OpenRequest) (ids.DeploymentID, error) {
	digest, err := groupDigest(request.Groups, request.reclamation())
	if err != nil {
		return ids.DeploymentID{}, err
	}
	intents, err := d.Journal.Unclaimed(cmp.Or(request.kind, journal.KindDeployment), d.Chain.ChainID(), d.Owner)
	for _, intent := range intents {
		if intent.GroupDigest == digest {
			return intent.ID(), err
		}
	}
	return ids.DeploymentID{}, err
}

// gasOfDeposit is what creating a deployment used at most on an official node, from a grant; raising a deposit used two
// thirds. Those that share a transaction use less, messages in a MsgExec a little more.
const gasOfDeposit = 161_000

// usualFeeOfDeposit is its fee in uakt at the network's usual price, for who only looks: 0.0025 for a quarter more gas.
const usualFeeOfDeposit = 504

// feesOf is about what the transactions of deposits cost, in uakt, at the price that apply would pay now. What comes
// after them, such as leases, is not in it.
func (d *Deployer) feesOf(ctx context.Context, deposits int) (math.Int, error) {
	n := int64(max(deposits, 1))
	if d.Tx == nil {
		return math.NewInt(usualFeeOfDeposit).MulRaw(n), nil
	}
	fee, err := d.Tx.EstimateFee(ctx, gasOfDeposit)
	if err != nil {
		return math.Int{}, err
	}
	return fee.MulRaw(n), nil
}

// noFees says that whoever pays the fees cannot pay them; "" when it can. balances are the owner's.
func (d *Deployer) noFees(ctx context.Context, balances sdk.Coins, deposits int) (string, error) {
	payer, who := d.feePayer(), "the account"
	if payer != d.Owner {
		who = payer + ", who pays them,"
		var err error
		if balances, err = d.Chain.SpendableBalances(ctx, payer); err != nil {
			return "", err
		}
	}
	need, err := d.feesOf(ctx, deposits)
	if err != nil {
		return "", err
	}
	has := balances.AmountOf(coin.UAKT)
	switch {
	case has.GTE(need):
		return "", nil
	case !has.IsPositive():
		return fmt.Sprintf("transaction fees are paid in uakt and %s has none", who), nil
	default:
		return fmt.Sprintf("the transaction fees of the deposits alone need about %s and %s has %s",
			coin.Display(coin.UAKT, need), who, coin.Display(coin.UAKT, has)), nil
	}
}
