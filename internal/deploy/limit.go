// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// ErrSpendLimit is wrapped when a transaction would spend more than the process may. Nothing was sent.
var ErrSpendLimit = errors.New("over what one apply may spend")

// SpendLimit is the most that a process may spend. Nil is no limit.
type SpendLimit struct {
	// UACT limits deposits, UAKT what is burned for ACT together with fees.
	UACT, UAKT math.Int
}

func (l SpendLimit) set() bool { return !l.UACT.IsNil() || !l.UAKT.IsNil() }

// limited refuses what goes over the limit, before it is sent: the amounts before anything is asked of the node, the
// fee once it is known, between signing and sending. Messages that only end something always pass; their fees count. It
// is safe for concurrent use.
type limited struct {
	Transactions
	limit SpendLimit

	mu sync.Mutex
	// uact and uakt are what was spent, and what transactions that are under way will spend.
	uact, uakt math.Int
}

func newLimited(transactions Transactions, limit SpendLimit) *limited {
	return &limited{Transactions: transactions, limit: limit, uact: math.ZeroInt(), uakt: math.ZeroInt()}
}

func (l *limited) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	uact, uakt := spends(request.Msgs)
	ends := !slices.ContainsFunc(request.Msgs, func(m sdk.Msg) bool { return !endsSomething(m) })
	if !ends {
		if err := l.take(uact, uakt); err != nil {
			return tx.Result{}, err
		}
	}
	fee, first := math.ZeroInt(), request.BeforeBroadcast // what is set aside for the fee
	request.BeforeBroadcast = func(p tx.Prepared) error {
		if !p.FeeUAKT.IsNil() {
			if err := l.setAside(fee, p.FeeUAKT, ends); err != nil {
				return err
			}
			fee = p.FeeUAKT
		}
		if first == nil {
			return nil
		}
		return first(p)
	}
	result, err := l.Transactions.Submit(ctx, request)
	l.mu.Lock()
	defer l.mu.Unlock()
	var unknown *tx.UnknownOutcomeError
	if !errors.As(err, &unknown) { // what may have landed stays counted
		l.uakt = l.uakt.Sub(fee)
		if !result.FeeUAKT.IsNil() {
			l.uakt = l.uakt.Add(result.FeeUAKT)
		}
	}
	if !ends && hadNoEffect(err) {
		l.uact, l.uakt = l.uact.Sub(uact), l.uakt.Sub(uakt)
	}
	return result, err
}

// hadNoEffect reports whether nothing of a request happened, and never will.
func hadNoEffect(err error) bool {
	var rejected *chain.RejectedError
	return errors.As(err, &rejected) || errors.Is(err, tx.ErrNeverLanded) || errors.Is(err, tx.ErrMaxFee) ||
		errors.Is(err, chain.ErrNotSent) || errors.Is(err, chain.ErrUnreachable) || errors.Is(err, ErrSpendLimit)
}

// take sets aside what messages pay.
func (l *limited) take(uact, uakt math.Int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sum := l.uact.Add(uact); !l.limit.UACT.IsNil() && uact.IsPositive() && sum.GT(l.limit.UACT) {
		return fmt.Errorf("%w: %s is deposited, this would add %s, budget.spend_per_apply.usd is %s", ErrSpendLimit,
			coin.Display(coin.UACT, l.uact), coin.Display(coin.UACT, uact), coin.Display(coin.UACT, l.limit.UACT))
	}
	sum := l.uakt.Add(uakt)
	if most := l.limit.UAKT; !most.IsNil() && sum.GTE(most) { // no fee is zero
		return fmt.Errorf("%w: %s is spent, this would add %s and a fee, budget.spend_per_apply.uakt is %s", ErrSpendLimit,
			coin.Display(coin.UAKT, l.uakt), coin.Display(coin.UAKT, uakt), coin.Display(coin.UAKT, l.limit.UAKT))
	}
	l.uact, l.uakt = l.uact.Add(uact), l.uakt.Add(uakt)
	return nil
}

// setAside replaces what is set aside for a request's fee; what only ends something may go over the limit.
func (l *limited) setAside(before, fee math.Int, ends bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	others := l.uakt.Sub(before)
	if most := l.limit.UAKT; !ends && !most.IsNil() && others.Add(fee).GT(most) {
		return fmt.Errorf("%w: %s is spent or about to be, the fee would add %s, budget.spend_per_apply.uakt is %s",
			ErrSpendLimit, coin.Display(coin.UAKT, others), coin.Display(coin.UAKT, fee), coin.Display(coin.UAKT, most))
	}
	l.uakt = others.Add(fee)
	return nil
}

// endsSomething reports whether a message closes, pauses or revokes, so that less is spent after it.
func endsSomething(message sdk.Msg) bool {
	switch message.(type) {
	case *deploymentv1beta4.MsgCloseDeployment, *deploymentv1beta4.MsgCloseGroup, *deploymentv1beta4.MsgPauseGroup,
		*marketv1beta5.MsgCloseLease, *certv1.MsgRevokeCertificate, *authz.MsgRevoke, *feegrant.MsgRevokeAllowance:
		return true
	}
	return false
}

// spends adds up what messages pay out of the account: uact into escrow, uakt for minting.
func spends(messages []sdk.Msg) (uact, uakt math.Int) {
	uact, uakt = math.ZeroInt(), math.ZeroInt()
	for _, message := range messages {
		switch m := message.(type) {
		case *deploymentv1beta4.MsgCreateDeployment:
			uact = uact.Add(m.Deposit.Amount.Amount)
		case *escrowv1.MsgAccountDeposit:
			uact = uact.Add(m.Deposit.Amount.Amount)
		case *bmev1.MsgMintACT:
			uakt = uakt.Add(m.CoinsToBurn.Amount)
		}
	}
	return uact, uakt
}
