// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// DepositMessage is the type of message that the chain keeps deposit authorizations under, whatever their scopes.
var DepositMessage = typesOf(&escrowv1.MsgAccountDeposit{})[0]

const (
	noGrantChanged = "No grant was changed; granting moves no coins."
	grantOpen      = "The grant may or may not have changed; granting moves no coins."
)

// ReadFeeGrant returns what the owner pays of grantee's fees, or an error that wraps [ErrGone]. The chain forgets an
// allowance that is revoked, used up or past its time.
func (d *Deployer) ReadFeeGrant(ctx context.Context, granter, grantee string) (chain.FeeAllowance, error) {
	what := fmt.Sprintf("fee grant of %s to %s", granter, grantee)
	return readGrant(ctx, d, what, func() (chain.FeeAllowance, error) {
		return d.Chain.FindFeeAllowance(ctx, granter, grantee)
	})
}

// ReadAuthorization returns what the owner lets grantee send, or an error that wraps [ErrGone].
func (d *Deployer) ReadAuthorization(
	ctx context.Context, granter, grantee, messageType string,
) (chain.Authorization, error) {
	what := fmt.Sprintf("grant of %s to %s for %s", granter, grantee, messageType)
	return readGrant(ctx, d, what, func() (chain.Authorization, error) {
		return d.Chain.FindAuthorization(ctx, granter, grantee, messageType)
	})
}

// readGrant believes that a grant is gone only when a later block says so too: a state without it would leave the
// rights it gives behind, unseen.
func readGrant[G any](ctx context.Context, d *Deployer, what string, find func() (G, error)) (G, error) {
	found, err := find()
	if errors.Is(err, chain.ErrNotFound) {
		if _, err = d.nextBlock(ctx); err == nil {
			found, err = find()
		}
	}
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return found, fmt.Errorf("%s: %w", what, ErrGone)
	case err != nil:
		return found, &Failure{
			Title: "Grant cannot be read", Doing: "Reading the " + what, Cause: err, Exists: "Nothing was changed.",
			Next: "Check the endpoints of the provider block, then try again.",
		}
	}
	return found, nil
}

// SetFeeGrant makes the owner's allowance for want.Grantee the wanted one; want.Kind and want.Granter do not matter.
// The chain has no update: with replace another allowance is revoked in the same transaction, without it one that
// differs is a [*Failure]. An equal one is left as it is, which makes repeating this safe.
func (d *Deployer) SetFeeGrant(ctx context.Context, want chain.FeeAllowance, replace bool) error {
	doing := fmt.Sprintf("Paying the fees of %s from account %s", want.Grantee, d.Owner)
	found, err := d.Chain.FindFeeAllowance(ctx, d.Owner, want.Grantee)
	exists := err == nil
	switch {
	case err != nil && !errors.Is(err, chain.ErrNotFound):
		return d.fail(ctx, doing, noGrantChanged, err)
	case exists && sameFees(found, want):
		return nil
	case exists && !replace:
		return grantExists(doing, "akash_fee_grant", d.Owner+"/"+want.Grantee, feesText(found))
	}
	allowance, err := packFees(want)
	if err != nil {
		return d.fail(ctx, doing, noGrantChanged, err)
	}
	var messages []sdk.Msg
	if exists {
		messages = append(messages, &feegrant.MsgRevokeAllowance{Granter: d.Owner, Grantee: want.Grantee})
	}
	messages = append(messages, &feegrant.MsgGrantAllowance{Granter: d.Owner, Grantee: want.Grantee, Allowance: allowance})
	if _, err = d.submit(ctx, messages...); err == nil {
		return nil
	}
	// A transaction of ours whose answer was lost may have done it.
	if again, readErr := d.Chain.FindFeeAllowance(ctx, d.Owner, want.Grantee); readErr == nil && sameFees(again, want) {
		return nil
	}
	return d.grantFailure(ctx, doing, err)
}

// RevokeFeeGrant takes the owner's allowance back; it does nothing when there is none.
func (d *Deployer) RevokeFeeGrant(ctx context.Context, grantee string) error {
	doing := fmt.Sprintf("Revoking what account %s pays of the fees of %s", d.Owner, grantee)
	_, err := d.ReadFeeGrant(ctx, d.Owner, grantee)
	if err == nil {
		_, err = d.submit(ctx, &feegrant.MsgRevokeAllowance{Granter: d.Owner, Grantee: grantee})
	}
	return d.revoked(ctx, doing, err)
}

// SetAuthorization makes the owner's grant to want.Grantee the wanted one; want.Granter does not matter. The chain
// keeps one for a type of message: with replace it overwrites another one, without it one that differs is a
// [*Failure]. An equal one is left as it is.
func (d *Deployer) SetAuthorization(ctx context.Context, want chain.Authorization, replace bool) error {
	doing := fmt.Sprintf("Allowing %s to send %s for account %s", want.Grantee, want.MessageType, d.Owner)
	found, err := d.Chain.FindAuthorization(ctx, d.Owner, want.Grantee, want.MessageType)
	switch {
	case err != nil && !errors.Is(err, chain.ErrNotFound):
		return d.fail(ctx, doing, noGrantChanged, err)
	case err == nil && sameAuthorization(found, want):
		return nil
	case err == nil && !replace:
		return grantExists(doing, "akash_authz_grant", d.Owner+"/"+want.Grantee+want.MessageType, authorizationText(found))
	}
	packed, err := packAuthorization(want)
	if err != nil {
		return d.fail(ctx, doing, noGrantChanged, err)
	}
	_, err = d.submit(ctx, &authz.MsgGrant{
		Granter: d.Owner, Grantee: want.Grantee,
		Grant: authz.Grant{Authorization: packed, Expiration: optional(want.ExpiresAt)},
	})
	if err == nil {
		return nil
	}
	return d.grantFailure(ctx, doing, err)
}

// RevokeAuthorization takes the owner's grant back; it does nothing when there is none.
func (d *Deployer) RevokeAuthorization(ctx context.Context, grantee, messageType string) error {
	doing := fmt.Sprintf("Revoking that %s may send %s for account %s", grantee, messageType, d.Owner)
	_, err := d.ReadAuthorization(ctx, d.Owner, grantee, messageType)
	if err == nil {
		_, err = d.submit(ctx, &authz.MsgRevoke{Granter: d.Owner, Grantee: grantee, MsgTypeUrl: messageType})
	}
	return d.revoked(ctx, doing, err)
}

// revoked takes "there is none" for success, when it is about the grant and not about our own right to revoke it or a
// fee granter's word.
func (d *Deployer) revoked(ctx context.Context, doing string, err error) error {
	var rejected *chain.RejectedError
	_, mayNot := chain.MissingGrant(err)
	wasGone := errors.As(err, &rejected) && rejected.MessageIndex >= 0 && errors.Is(err, chain.ErrNotFound) && !mayNot
	if err == nil || errors.Is(err, ErrGone) || wasGone {
		return nil
	}
	return d.grantFailure(ctx, doing, err).onDestroy()
}

func (d *Deployer) grantFailure(ctx context.Context, doing string, err error) *Failure {
	exists := grantOpen
	var rejected *chain.RejectedError
	if errors.As(err, &rejected) {
		exists = noGrantChanged
	}
	return d.fail(ctx, doing, exists, err)
}

func grantExists(doing, noun, id, text string) error {
	return &Failure{
		Title: "Grant exists", Doing: doing, Exists: noGrantChanged,
		Cause: fmt.Errorf("there is another one already: %s", text),
		Next: fmt.Sprintf("Take it over with\n terraform import %s.NAME %s\nThen apply again: the plan shows what changes.",
			noun, id),
	}
}

func packFees(want chain.FeeAllowance) (*codectypes.Any, error) {
	basic, err := codectypes.NewAnyWithValue(
		&feegrant.BasicAllowance{SpendLimit: want.SpendLimit, Expiration: optional(want.ExpiresAt)})
	if err != nil || len(want.AllowedMessages) == 0 {
		return basic, err
	}
	return codectypes.NewAnyWithValue(
		&feegrant.AllowedMsgAllowance{Allowance: basic, AllowedMessages: want.AllowedMessages})
}

func packAuthorization(want chain.Authorization) (*codectypes.Any, error) {
	if want.Kind == chain.KindGeneric {
		return codectypes.NewAnyWithValue(authz.NewGenericAuthorization(want.MessageType))
	}
	return codectypes.NewAnyWithValue(&escrowv1.DepositAuthorization{
		// The network's own clients send the older field with a zero; it means nothing any more.
		SpendLimit: sdk.Coin{Denom: coin.UAKT, Amount: math.ZeroInt()}, SpendLimits: want.SpendLimits, Scopes: want.Scopes,
	})
}

func sameFees(found, want chain.FeeAllowance) bool {
	kind := chain.KindBasic
	if len(want.AllowedMessages) > 0 {
		kind = chain.KindAllowedMsg
	}
	return found.Kind == kind && (found.SpendLimit == nil) == (want.SpendLimit == nil) &&
		found.SpendLimit.Equal(want.SpendLimit) && found.ExpiresAt.Equal(want.ExpiresAt) &&
		sameSet(found.AllowedMessages, want.AllowedMessages)
}

func sameAuthorization(found, want chain.Authorization) bool {
	return found.Kind == want.Kind && found.MessageType == want.MessageType && found.ExpiresAt.Equal(want.ExpiresAt) &&
		found.SpendLimits.Equal(want.SpendLimits) && sameSet(found.Scopes, want.Scopes)
}

// sameSet compares without regard to order.
func sameSet[E interface{ ~string | ~int32 }](a, b []E) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func feesText(f chain.FeeAllowance) string {
	text := f.Kind
	if f.SpendLimit != nil {
		text += fmt.Sprintf(" of %s", f.SpendLimit)
	}
	if len(f.AllowedMessages) > 0 {
		text += fmt.Sprintf(" for %v", f.AllowedMessages)
	}
	return text + untilText(f.ExpiresAt)
}

func authorizationText(a chain.Authorization) string {
	text := a.Kind
	if a.Kind == chain.KindDeposit {
		text += fmt.Sprintf(" of %s for %v", a.SpendLimits, a.Scopes)
	}
	return text + untilText(a.ExpiresAt)
}

func untilText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + t.Format(time.RFC3339)
}

// optional is the wire's form of a time that may be missing.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
