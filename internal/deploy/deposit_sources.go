// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"
	"slices"

	"cosmossdk.io/math"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// orBalance is what a deposit is taken from when nothing else is said.
func orBalance(sources []depositv1.Source) []depositv1.Source {
	if len(sources) == 0 {
		return []depositv1.Source{depositv1.Source_balance}
	}
	return sources
}

// Granted is how many uact others let the owner deposit into deployments now, whoever they are: what is left of their
// grants, and no more than each of them has. The error is a [*Failure].
func (d *Deployer) Granted(ctx context.Context) (math.Int, error) {
	doing := fmt.Sprintf("Reading what others let %s deposit", d.Owner)
	found, err := d.Chain.ListAuthorizationsTo(ctx, d.Owner)
	if err != nil {
		return math.Int{}, d.fail(ctx, doing, nothingSpent, err)
	}
	sum, now := math.ZeroInt(), d.Clock.Now()
	for _, grant := range found {
		ended := !grant.ExpiresAt.IsZero() && !grant.ExpiresAt.After(now)
		if grant.Kind != chain.KindDeposit || ended ||
			!slices.Contains(grant.Scopes, escrowv1.DepositAuthorization_deployment) {
			continue
		}
		balances, err := d.Chain.SpendableBalances(ctx, grant.Granter)
		if err != nil {
			return math.Int{}, d.fail(ctx, doing, nothingSpent, err)
		}
		sum = sum.Add(math.MinInt(grant.SpendLimits.AmountOf(coin.UACT), balances.AmountOf(coin.UACT)))
	}
	return sum, nil
}
