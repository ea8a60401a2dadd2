// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
)

// MsgServer executes the module's messages.
type MsgServer struct{ k *Keeper }

var _ auditv1.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// SignProviderAttributes merges attributes into the auditor's record.
func (s MsgServer) SignProviderAttributes(
	goCtx context.Context, m *auditv1.MsgSignProviderAttributes,
) (*auditv1.MsgSignProviderAttributesResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	s.k.Sign(ctx, m.Owner, m.Auditor, m.Attributes)
	event := &auditv1.EventTrustedAuditorCreated{Owner: m.Owner, Auditor: m.Auditor}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &auditv1.MsgSignProviderAttributesResponse{}, nil
}

// DeleteProviderAttributes removes keys, or the whole record.
func (s MsgServer) DeleteProviderAttributes(
	goCtx context.Context, m *auditv1.MsgDeleteProviderAttributes,
) (*auditv1.MsgDeleteProviderAttributesResponse, error) {
	if err := ValidateBasic(m); err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if err := s.k.Withdraw(ctx, m.Owner, m.Auditor, m.Keys); err != nil {
		return nil, err
	}
	event := &auditv1.EventTrustedAuditorDeleted{Owner: m.Owner, Auditor: m.Auditor}
	if err := ctx.EventManager().EmitTypedEvent(event); err != nil {
		return nil, err
	}
	return &auditv1.MsgDeleteProviderAttributesResponse{}, nil
}

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ auditv1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// AllProvidersAttributes lists every record, garbled as on the network: the
// stored attributes are read as another message, whose owner is the bytes of one attribute.
func (s QueryServer) AllProvidersAttributes(
	ctx context.Context, req *auditv1.QueryAllProvidersAttributesRequest,
) (*auditv1.QueryProvidersResponse, error) {
	return s.garbled(ctx, req.Pagination)
}

// AuditorAttributes lists every record whoever signed it, garbled likewise.
func (s QueryServer) AuditorAttributes(
	ctx context.Context, req *auditv1.QueryAuditorAttributesRequest,
) (*auditv1.QueryProvidersResponse, error) {
	return s.garbled(ctx, req.Pagination)
}

func (s QueryServer) garbled(
	goCtx context.Context, req *query.PageRequest,
) (*auditv1.QueryProvidersResponse, error) {
	out := &auditv1.QueryProvidersResponse{}
	page, err := query.Paginate(s.k.records.Records(sdk.UnwrapSDKContext(goCtx)), req, func(_, value []byte) error {
		var r auditv1.AuditedProvider
		if err := r.Unmarshal(value); err != nil {
			return err
		}
		bz, err := (&auditv1.AuditedAttributesStore{Attributes: r.Attributes}).Marshal()
		if err != nil {
			return err
		}
		var wrong auditv1.AuditedProvider
		if err := wrong.Unmarshal(bz); err != nil {
			return err
		}
		out.Providers = append(out.Providers, wrong)
		return nil
	})
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	out.Pagination = page
	return out, nil
}

// ProviderAttributes lists who signed what about one Akash provider, or returns
// [ErrNotFound]; without pagination.
func (s QueryServer) ProviderAttributes(
	goCtx context.Context, req *auditv1.QueryProviderAttributesRequest,
) (*auditv1.QueryProvidersResponse, error) {
	if _, err := stateless.Address(req.Owner); err != nil {
		return nil, ErrInvalidAddress
	}
	records := s.k.records.Scan(sdk.UnwrapSDKContext(goCtx), ownerKey(req.Owner))
	if len(records) == 0 {
		return nil, ErrNotFound
	}
	return &auditv1.QueryProvidersResponse{Providers: records}, nil
}

// ProviderAuditorAttributes answers one auditor's record, or [ErrNotFound].
func (s QueryServer) ProviderAuditorAttributes(
	goCtx context.Context, req *auditv1.QueryProviderAuditorRequest,
) (*auditv1.QueryProvidersResponse, error) {
	for _, text := range []string{req.Owner, req.Auditor} {
		if _, err := stateless.Address(text); err != nil {
			return nil, ErrInvalidAddress
		}
	}
	record, ok := s.k.records.Get(sdk.UnwrapSDKContext(goCtx), key(req.Owner, req.Auditor))
	if !ok {
		return nil, ErrNotFound
	}
	return &auditv1.QueryProvidersResponse{Providers: []auditv1.AuditedProvider{record}}, nil
}
