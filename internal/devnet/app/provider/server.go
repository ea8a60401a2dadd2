// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// MsgServer executes the module's messages.
type MsgServer struct{ k *Keeper }

var _ providerv1beta4.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// CreateProvider registers an Akash provider.
func (s MsgServer) CreateProvider(
	goCtx context.Context, m *providerv1beta4.MsgCreateProvider,
) (*providerv1beta4.MsgCreateProviderResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if _, err := s.k.Provider(ctx, m.Owner); err == nil {
		return nil, errorsmod.Wrapf(ErrExists, "id: %s", m.Owner)
	}
	if err := s.k.Set(ctx, providerv1beta4.Provider(*m)); err != nil {
		return nil, err
	}
	event := &providerv1beta4.EventProviderCreated{Owner: m.Owner}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &providerv1beta4.MsgCreateProviderResponse{}, nil
}

// UpdateProvider replaces an Akash provider's record; running leases do not prevent it.
func (s MsgServer) UpdateProvider(
	goCtx context.Context, m *providerv1beta4.MsgUpdateProvider,
) (*providerv1beta4.MsgUpdateProviderResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if _, err := s.k.Provider(ctx, m.Owner); err != nil {
		return nil, errorsmod.Wrapf(err, "id: %s", m.Owner)
	}
	if err := s.k.Set(ctx, providerv1beta4.Provider(*m)); err != nil {
		return nil, err
	}
	event := &providerv1beta4.EventProviderUpdated{Owner: m.Owner}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &providerv1beta4.MsgUpdateProviderResponse{}, nil
}

// DeleteProvider always fails, as on the network.
func (s MsgServer) DeleteProvider(
	goCtx context.Context, m *providerv1beta4.MsgDeleteProvider,
) (*providerv1beta4.MsgDeleteProviderResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	if _, err := s.k.Provider(sdk.UnwrapSDKContext(goCtx), m.Owner); err != nil {
		return nil, err
	}
	return nil, errorsmod.Wrap(ErrInternal, "NOTIMPLEMENTED")
}

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ providerv1beta4.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Providers lists every Akash provider in address order, with the SDK's own paging.
func (s QueryServer) Providers(
	goCtx context.Context, req *providerv1beta4.QueryProvidersRequest,
) (*providerv1beta4.QueryProvidersResponse, error) {
	ctx := sdk.UnwrapSDKContext(goCtx)
	out := &providerv1beta4.QueryProvidersResponse{}
	page, err := query.Paginate(s.k.records(ctx), req.Pagination, func(_, value []byte) error {
		var p providerv1beta4.Provider
		if err := p.Unmarshal(value); err != nil {
			return err
		}
		out.Providers = append(out.Providers, p)
		return nil
	})
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	out.Pagination = page
	return out, nil
}

// Provider answers one Akash provider, or [ErrNotFound].
func (s QueryServer) Provider(
	goCtx context.Context, req *providerv1beta4.QueryProviderRequest,
) (*providerv1beta4.QueryProviderResponse, error) {
	p, err := s.k.Provider(sdk.UnwrapSDKContext(goCtx), req.Owner)
	if err != nil {
		return nil, err
	}
	return &providerv1beta4.QueryProviderResponse{Provider: p}, nil
}
