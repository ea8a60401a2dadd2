// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Failure is an error with everything its reader needs: what we were doing, what
// came back, what exists on chain now and what it costs, and what to do next.
type Failure struct {
	// Title is a few words, e.g. "No acceptable bid".
	Title string
	// Doing says what was attempted, on which id.
	Doing string
	// Cause is what came back.
	Cause error
	// Workload is what the workload said before it failed: lines that begin with a space after a first one.
	Workload string
	// Exists says what is on chain now and what it costs.
	Exists string
	// Sent lists the transactions of the run, with hashes and heights.
	Sent string
	// Next says what to do, as a command where there is one.
	Next string
}

// Error joins the parts.
func (f *Failure) Error() string {
	parts := []string{f.Title}
	if f.Doing != "" {
		parts = append(parts, f.Doing)
	}
	if f.Cause != nil {
		parts = append(parts, f.Cause.Error())
	}
	for _, p := range []string{f.Workload, f.Exists, f.Sent, f.Next} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// fail wraps err in a Failure, titled by what err is.
func (d *Deployer) fail(ctx context.Context, doing, exists string, err error) *Failure {
	var already *Failure
	if errors.As(err, &already) {
		return already
	}
	f := &Failure{Title: "Transaction failed", Doing: doing, Cause: err, Exists: exists, Next: nextApply}
	var unknown *tx.UnknownOutcomeError
	switch {
	case errors.As(err, &unknown):
		f.Title = "Outcome of a transaction is unknown"
		f.Next = fmt.Sprintf("Run terraform apply again: it looks at the chain first. Transaction %s can land until %s.",
			unknown.Prepared.Hash, unknown.Prepared.TimeoutAt.UTC().Format("15:04:05 MST"))
	case errors.Is(err, context.Canceled):
		f.Title = "Interrupted"
	case errors.Is(err, context.DeadlineExceeded):
		f.Title = "Timed out"
	case d.explainGrant(f, err):
	case errors.Is(err, chain.ErrInsufficientFunds):
		f.Title = "Insufficient funds"
		f.Next = d.fundsAdvice(ctx)
	case errors.Is(err, chain.ErrDepositTooLow):
		f.Title = "Deposit too low"
		f.Next = "Raise deposit; what is not spent comes back when the deployment is closed."
	case errors.Is(err, chain.ErrInsufficientFee):
		f.Title = "Transaction fee too low"
		f.Next = "Raise gas.prices in the provider block, or leave it out to use the node's minimum."
	case errors.Is(err, ErrSpendLimit):
		f.Title = "Spend limit of this apply reached"
		f.Next = "Run terraform apply again for the rest, or raise budget.spend_per_apply in the provider block."
	case errors.Is(err, tx.ErrMaxFee):
		f.Title = "Transaction fee over gas.max_fee_uakt"
		f.Next = "Raise gas.max_fee_uakt in the provider block."
	case errors.Is(err, chain.ErrWrongChainID):
		f.Title = "Wrong chain id"
		f.Next = "Set network or chain_id in the provider block to the network the endpoints belong to, or take the " +
			"endpoint that is on another one out of grpc and rpc; then run terraform apply again."
	case errors.Is(err, chain.ErrLagging):
		f.Title = "Endpoints are behind"
		f.Next = "Run terraform apply again, or set grpc or rpc in the provider block to nodes that keep up."
	case errors.Is(err, chain.ErrRateLimited):
		f.Title = "Endpoints limit the rate"
		f.Next = "Set more endpoints (grpc, rpc or rest) in the provider block or lower -parallelism, then run " +
			"terraform apply again."
	case errors.Is(err, chain.ErrUnreachable):
		f.Title = "No endpoint answers"
		f.Next = "Check the endpoints of the provider block, then run terraform apply again."
	}
	return f
}

// onDestroy turns the advice to apply again into the one to destroy again.
func (f *Failure) onDestroy() *Failure {
	f.Next = strings.NewReplacer("terraform apply", "terraform destroy", "apply again", "destroy again").Replace(f.Next)
	return f
}

const nextApply = "Run terraform apply again: it continues from what exists."

// fundsAdvice tells what the owner has and how to get more. It is best effort: no answer, no numbers.
func (d *Deployer) fundsAdvice(ctx context.Context) string {
	advice := "Deposits are paid in uact, transaction fees in uakt. Mint uact from AKT " +
		"(akash tx bme mint-act, at least 10 ACT; it takes a minute or two) or send AKT to the account, then apply again."
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	balances, err := d.Chain.SpendableBalances(ctx, d.Owner)
	if err != nil {
		return advice
	}
	return fmt.Sprintf("Account %s can spend %s and %s. %s", d.Owner,
		coin.Display(coin.UACT, balances.AmountOf(coin.UACT)), coin.Display(coin.UAKT, balances.AmountOf(coin.UAKT)), advice)
}
