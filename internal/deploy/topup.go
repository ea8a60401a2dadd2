// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// TopUp deposits what a deployment's escrow lacks of a balance in uact, and returns what that was: 0 when it holds as
// much already, so that asking again pays nothing. The balance is that of the escrow's last settlement on chain; with
// an active lease the real one is lower. Errors are [*Failure]s.
func (d *Deployer) TopUp(ctx context.Context, id ids.DeploymentID, balance math.Int) (math.Int, error) {
	if err := d.settleDeposit(ctx, id); err != nil {
		return math.Int{}, d.fail(ctx, fmt.Sprintf("Topping up deployment %s", id),
			"It is not known yet whether an earlier deposit landed; no other was made.", err)
	}
	found, err := d.ReadDeployment(ctx, id)
	if errors.Is(err, ErrGone) {
		return math.Int{}, &Failure{
			Title: "Deployment is gone", Doing: fmt.Sprintf("Topping up deployment %s", id), Cause: err,
			Exists: nothingSpent, Next: "A closed deployment takes no money. Apply to create it again.",
		}
	}
	if err != nil {
		return math.Int{}, d.fail(ctx, fmt.Sprintf("Topping up deployment %s", id), nothingSpent, err)
	}
	missing := balance.Sub(found.Balance.TruncateInt())
	if !missing.IsPositive() {
		return math.ZeroInt(), nil
	}
	// In all, as deposits are counted: one that lands twice cannot be.
	target := found.Balance.Add(found.Spent).TruncateInt().Add(missing)
	return missing, d.DepositUpTo(ctx, id, sdk.NewCoin(coin.UACT, target))
}
