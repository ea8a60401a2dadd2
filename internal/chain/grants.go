// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/x/feegrant"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/cosmos-sdk/x/authz"

	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// Kinds of grants this package can read; any other kind is the last part of its
// type URL, such as PeriodicAllowance.
const (
	// KindBasic is a fee allowance for any message.
	KindBasic = "BasicAllowance"
	// KindAllowedMsg is a basic fee allowance for listed types of messages.
	KindAllowedMsg = "AllowedMsgAllowance"
	// KindGeneric lets the grantee send one type of message.
	KindGeneric = "GenericAuthorization"
	// KindDeposit lets the grantee deposit the granter's coins.
	KindDeposit = "DepositAuthorization"
)

// FeeAllowance says what a granter pays of a grantee's fees.
type FeeAllowance struct {
	Granter, Grantee string
	// Kind is [KindBasic], [KindAllowedMsg], or another one of which only Kind is known.
	Kind string
	// SpendLimit is what is left to spend; nil is without limit.
	SpendLimit sdk.Coins
	// ExpiresAt is in UTC; the zero value is never.
	ExpiresAt time.Time
	// AllowedMessages are type URLs, nil for a [KindBasic].
	AllowedMessages []string
}

// Authorization lets a grantee act for a granter.
type Authorization struct {
	// Granter and Grantee are empty where the query's own arguments tell them.
	Granter, Grantee string
	// Kind is [KindGeneric], [KindDeposit], or another one of which only Kind is known.
	Kind string
	// MessageType is the type URL that the chain keeps the grant under, one grant each; empty for an unknown Kind.
	MessageType string
	// SpendLimits and Scopes are of a [KindDeposit]; the limits are what is left to deposit.
	SpendLimits sdk.Coins
	Scopes      []escrowv1.DepositAuthorization_Scope
	// ExpiresAt is in UTC; the zero value is never.
	ExpiresAt time.Time
}

// FindFeeAllowance returns what granter pays of grantee's fees, or [ErrFeeGrantNotFound].
func (c *Client) FindFeeAllowance(ctx context.Context, granter, grantee string) (FeeAllowance, error) {
	reply, err := feegrant.NewQueryClient(c.pool).Allowance(ctx,
		&feegrant.QueryAllowanceRequest{Granter: granter, Grantee: grantee})
	if err != nil {
		return FeeAllowance{}, fmt.Errorf("fee grant of %s to %s: %w", granter, grantee, err)
	}
	found := FeeAllowance{Granter: granter, Grantee: grantee}
	if reply.Allowance != nil {
		err = found.read(reply.Allowance.Allowance)
	}
	if err != nil {
		return FeeAllowance{}, fmt.Errorf("fee grant of %s to %s: %w", granter, grantee, err)
	}
	return found, nil
}

// read unpacks an allowance; one of a kind that is not known leaves all but Kind as it is.
func (f *FeeAllowance) read(packed *codectypes.Any) error {
	kind := kindOf(packed)
	if f.Kind == "" {
		f.Kind = kind
	}
	switch kind {
	case KindBasic:
		var basic feegrant.BasicAllowance
		if err := basic.Unmarshal(packed.Value); err != nil {
			return fmt.Errorf("%w: %s: %w", errMalformed, kind, err)
		}
		f.SpendLimit, f.ExpiresAt = basic.SpendLimit, utc(basic.Expiration)
	case KindAllowedMsg:
		var allowed feegrant.AllowedMsgAllowance
		if err := allowed.Unmarshal(packed.Value); err != nil {
			return fmt.Errorf("%w: %s: %w", errMalformed, kind, err)
		}
		inner := kindOf(allowed.Allowance)
		if inner != KindBasic {
			f.Kind = inner + " in " + kind
			return nil
		}
		f.AllowedMessages = allowed.AllowedMessages
		return f.read(allowed.Allowance)
	}
	return nil
}

// FindAuthorization returns the grant that lets grantee send messages of a type for granter, or
// [ErrAuthorizationNotFound].
func (c *Client) FindAuthorization(
	ctx context.Context, granter, grantee, messageType string,
) (Authorization, error) {
	reply, err := authz.NewQueryClient(c.pool).Grants(ctx,
		&authz.QueryGrantsRequest{Granter: granter, Grantee: grantee, MsgTypeUrl: messageType})
	what := fmt.Sprintf("grant of %s to %s for %s", granter, grantee, messageType)
	switch {
	case err != nil:
		return Authorization{}, fmt.Errorf("%s: %w", what, err)
	case len(reply.Grants) == 0:
		return Authorization{}, fmt.Errorf("%s: %w", what, ErrAuthorizationNotFound)
	}
	found, err := authorization(reply.Grants[0].Authorization, reply.Grants[0].Expiration)
	if err != nil {
		return Authorization{}, fmt.Errorf("%s: %w", what, err)
	}
	found.Granter, found.Grantee, found.MessageType = granter, grantee, messageType
	return found, nil
}

// ListAuthorizations returns all grants of granter to grantee; none is no error.
func (c *Client) ListAuthorizations(ctx context.Context, granter, grantee string) ([]Authorization, error) {
	client := authz.NewQueryClient(c.pool)
	all, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]Authorization, *query.PageResponse, error) {
		reply, err := client.Grants(ctx,
			&authz.QueryGrantsRequest{Granter: granter, Grantee: grantee, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		var found []Authorization
		for _, g := range reply.Grants {
			one, err := authorization(g.Authorization, g.Expiration)
			if err != nil {
				return nil, nil, err
			}
			one.Granter, one.Grantee = granter, grantee
			found = append(found, one)
		}
		return found, reply.Pagination, nil
	})
	if err != nil && !errors.Is(err, ErrAuthorizationNotFound) {
		return nil, fmt.Errorf("grants of %s to %s: %w", granter, grantee, err)
	}
	return all, nil
}

// ListAuthorizationsTo returns all grants to grantee, by whomever, in the order in which the chain uses them for
// deposits; none is no error.
func (c *Client) ListAuthorizationsTo(ctx context.Context, grantee string) ([]Authorization, error) {
	client := authz.NewQueryClient(c.pool)
	all, err := listAll(ctx, func(
		ctx context.Context, page *query.PageRequest,
	) ([]Authorization, *query.PageResponse, error) {
		reply, err := client.GranteeGrants(ctx, &authz.QueryGranteeGrantsRequest{Grantee: grantee, Pagination: page})
		if err != nil {
			return nil, nil, err
		}
		var found []Authorization
		for _, g := range reply.Grants {
			one, err := authorization(g.Authorization, g.Expiration)
			if err != nil {
				return nil, nil, err
			}
			one.Granter, one.Grantee = g.Granter, g.Grantee
			found = append(found, one)
		}
		return found, reply.Pagination, nil
	})
	if err != nil && !errors.Is(err, ErrAuthorizationNotFound) {
		return nil, fmt.Errorf("grants to %s: %w", grantee, err)
	}
	return all, nil
}

func authorization(packed *codectypes.Any, expiration *time.Time) (Authorization, error) {
	found := Authorization{Kind: kindOf(packed), ExpiresAt: utc(expiration)}
	switch found.Kind {
	case KindGeneric:
		var generic authz.GenericAuthorization
		if err := generic.Unmarshal(packed.Value); err != nil {
			return Authorization{}, fmt.Errorf("%w: %s: %w", errMalformed, found.Kind, err)
		}
		found.MessageType = generic.Msg
	case KindDeposit:
		var deposit escrowv1.DepositAuthorization
		if err := deposit.Unmarshal(packed.Value); err != nil {
			return Authorization{}, fmt.Errorf("%w: %s: %w", errMalformed, found.Kind, err)
		}
		found.MessageType = deposit.MsgTypeURL()
		found.SpendLimits, found.Scopes = deposit.SpendLimits, slices.Clone(deposit.Scopes)
	}
	return found, nil
}

// kindOf is the last part of a type URL.
func kindOf(packed *codectypes.Any) string {
	if packed == nil {
		return ""
	}
	return packed.TypeUrl[strings.LastIndexAny(packed.TypeUrl, "./")+1:]
}

func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
