// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	bmev1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/bme/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// Needs are the types of messages a noun's life takes: those without which nothing should be begun, and those that
// only later changes send.
type Needs struct{ Now, Later []string }

// DeploymentNeeds are of a deployment. Closing is among the first: one that cannot be closed keeps its deposit.
func DeploymentNeeds() Needs {
	return Needs{
		Now:   typesOf(&deploymentv1beta4.MsgCreateDeployment{}, &deploymentv1beta4.MsgCloseDeployment{}),
		Later: typesOf(&deploymentv1beta4.MsgUpdateDeployment{}, &escrowv1.MsgAccountDeposit{}),
	}
}

// LeaseNeeds are of a lease, which is ended by pausing its group.
func LeaseNeeds() Needs {
	return Needs{
		Now:   typesOf(&marketv1beta5.MsgCreateLease{}, &deploymentv1beta4.MsgPauseGroup{}),
		Later: typesOf(&marketv1beta5.MsgCloseLease{}, &deploymentv1beta4.MsgStartGroup{}),
	}
}

// MintNeeds are of auto_mint, once the account lacks ACT.
func MintNeeds() Needs { return Needs{Now: typesOf(&bmev1.MsgMintACT{})} }

func typesOf(messages ...sdk.Msg) []string {
	var urls []string
	for _, m := range messages {
		urls = append(urls, sdk.MsgTypeURL(m))
	}
	return urls
}

// CheckGrants says before anything is sent whether the owner lets the grantee do what a noun needs, and whether the fee
// granter pays for it. lacking are the types of messages that only later changes need and that are not allowed. Without
// delegation it asks nobody. The error is a [*Failure].
func (d *Deployer) CheckGrants(ctx context.Context, needs Needs) (lacking []string, err error) {
	if err := d.checkFeeGrant(ctx, needs); err != nil || d.Grantee == "" {
		return nil, err
	}
	found, err := d.allowed.authorizations(ctx, d)
	if err != nil {
		return nil, d.fail(ctx, fmt.Sprintf("Reading what %s allows %s", d.Owner, d.Grantee), nothingSpent, err)
	}
	now := d.Clock.Now()
	holds := func(a chain.Authorization) bool { return a.ExpiresAt.IsZero() || a.ExpiresAt.After(now) }
	missing := func(wanted []string) []string {
		return slices.DeleteFunc(slices.Clone(wanted), func(url string) bool {
			return slices.ContainsFunc(found, func(a chain.Authorization) bool { return a.MessageType == url && holds(a) })
		})
	}
	if lack := missing(needs.Now); len(lack) > 0 {
		cause := fmt.Errorf("%s does not allow %s to send %s", d.Owner, d.Grantee, strings.Join(lack, ", "))
		for _, a := range found {
			if slices.Contains(lack, a.MessageType) && !holds(a) {
				cause = fmt.Errorf("%w (the grant of %s ended at %s)", cause, a.MessageType, a.ExpiresAt.UTC().Format(time.RFC3339))
			}
		}
		return nil, &Failure{
			Title: "Missing grant", Doing: fmt.Sprintf("Checking what %s may do for %s", d.Grantee, d.Owner),
			Cause: cause, Exists: nothingSpent, Next: d.authzAdvice(lack),
		}
	}
	return missing(needs.Later), nil
}

// checkMintGrant says whether so much missing uact may be minted: by the owner's grant, with the fee granter's fees.
func (d *Deployer) checkMintGrant(ctx context.Context, uact math.Int) error {
	_, err := d.CheckGrants(ctx, MintNeeds())
	var failure *Failure
	if errors.As(err, &failure) {
		failure.Doing = fmt.Sprintf("Minting %s for deposits, which auto_mint would do", coin.Display(coin.UACT, uact))
		failure.Next += fmt.Sprintf("\nNothing has to be minted if %s gets ACT another way.", d.Owner)
	}
	return err
}

const nothingSpent = "Nothing was created or spent."

// checkFeeGrant looks whether the fee granter pays for these messages.
func (d *Deployer) checkFeeGrant(ctx context.Context, needs Needs) error {
	if d.FeeGranter == "" || d.FeeGranter == d.signer() {
		return nil
	}
	doing := fmt.Sprintf("Checking whether %s pays the fees of %s", d.FeeGranter, d.signer())
	found, err := d.allowed.fees(ctx, d)
	if err != nil {
		return d.fail(ctx, doing, nothingSpent, err)
	}
	if found.Kind != chain.KindAllowedMsg {
		return nil
	}
	for _, url := range d.sent(needs.Now) {
		if !slices.Contains(found.AllowedMessages, url) {
			return d.fail(ctx, doing, nothingSpent, fmt.Errorf("%w: %s", chain.ErrFeeGrantMessage, url))
		}
	}
	return nil
}

// sent are the types of messages as the chain sees them in a transaction.
func (d *Deployer) sent(types []string) []string {
	if d.Grantee != "" {
		return typesOf(&authz.MsgExec{})
	}
	return types
}

// allowance is what others allow this run to do, asked for once and not for every resource of a plan. The zero value is
// ready for use.
type allowance struct {
	mu       sync.Mutex
	granted  []chain.Authorization
	grantsAt time.Time
	fee      chain.FeeAllowance
	feeAt    time.Time
}

func (a *allowance) authorizations(ctx context.Context, d *Deployer) ([]chain.Authorization, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.grantsAt.IsZero() && d.Clock.Now().Before(a.grantsAt.Add(refreshTime)) {
		return a.granted, nil
	}
	found, err := d.Chain.ListAuthorizations(ctx, d.Owner, d.Grantee)
	if err == nil {
		a.granted, a.grantsAt = found, d.Clock.Now()
	}
	return found, err
}

func (a *allowance) fees(ctx context.Context, d *Deployer) (chain.FeeAllowance, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.feeAt.IsZero() && d.Clock.Now().Before(a.feeAt.Add(refreshTime)) {
		return a.fee, nil
	}
	found, err := d.Chain.FindFeeAllowance(ctx, d.FeeGranter, d.signer())
	if err == nil {
		a.fee, a.feeAt = found, d.Clock.Now()
	}
	return found, err
}
