// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// ErrSpendLimit is wrapped when a transaction would spend more than the process may. Nothing was sent.
var ErrSpendLimit = errors.New("over what one apply may spend")

// SpendLimit is the most that a process may spend. Nil is no limit.
type SpendLimit struct {
	// UACT limits deposits, UAKT what is burned for ACT together with fees. A fee is known when it is paid, so the last
	// transaction may go over UAKT by its own.
	UACT, UAKT math.Int
}

func (l SpendLimit) set() bool { return !l.UACT.IsNil() || !l.UAKT.IsNil() }

// limited refuses what goes over the limit, before it is sent. Messages that pay for nothing, such as those that close
// something, always pass. It is safe for concurrent use.
type limited struct {
	Transactions
	limit SpendLimit

	mu         sync.Mutex
	uact, uakt math.Int
}

func newLimited(transactions Transactions, limit SpendLimit) *limited {
	return &limited{Transactions: transactions, limit: limit, uact: math.ZeroInt(), uakt: math.ZeroInt()}
}

func (l *limited) Submit(ctx context.Context, request tx.Request) (tx.Result, error) {
	uact, uakt := spends(request.Msgs)
	if err := l.take(uact, uakt); err != nil {
		return tx.Result{}, err
	}
	result, err := l.Transactions.Submit(ctx, request)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !result.FeeUAKT.IsNil() {
		l.uakt = l.uakt.Add(result.FeeUAKT)
	}
	var rejected *chain.RejectedError
	if errors.As(err, &rejected) || errors.Is(err, tx.ErrNeverLanded) || errors.Is(err, tx.ErrMaxFee) ||
		errors.Is(err, chain.ErrNotSent) ||
		errors.Is(err, chain.ErrUnreachable) {
		l.uact, l.uakt = l.uact.Sub(uact), l.uakt.Sub(uakt) // what may have landed stays counted
	}
	return result, err
}

func (l *limited) take(uact, uakt math.Int) error {
	if !uact.IsPositive() && !uakt.IsPositive() {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if sum := l.uact.Add(uact); !l.limit.UACT.IsNil() && uact.IsPositive() && sum.GT(l.limit.UACT) {
		return fmt.Errorf("%w: %s is deposited, this would add %s, budget.spend_per_apply.usd is %s", ErrSpendLimit,
			coin.Display(coin.UACT, l.uact), coin.Display(coin.UACT, uact), coin.Display(coin.UACT, l.limit.UACT))
	}
	sum := l.uakt.Add(uakt)
	if most := l.limit.UAKT; !most.IsNil() && (sum.GT(most) || sum.Equal(most) && uakt.IsZero()) {
		return fmt.Errorf("%w: %s is spent, this would add %s and a fee, budget.spend_per_apply.uakt is %s", ErrSpendLimit,
			coin.Display(coin.UAKT, l.uakt), coin.Display(coin.UAKT, uakt), coin.Display(coin.UAKT, l.limit.UAKT))
	}
	l.uact, l.uakt = l.uact.Add(uact), l.uakt.Add(uakt)
	return nil
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
