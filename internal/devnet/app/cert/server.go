// SPDX-License-Identifier: Apache-2.0

package cert

import (
	"context"
	"math/big"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// ValidateBasic checks a message of this module without state; messages of other
// modules pass.
func ValidateBasic(msg sdk.Msg) error {
	switch m := msg.(type) {
	case *certv1.MsgCreateCertificate:
		if _, err := stateless.Address(m.Owner); err != nil {
			return ErrInvalidAddress
		}
		_, err := verify(m.Owner, m.Cert, m.Pubkey)
		return err
	case *certv1.MsgRevokeCertificate:
		if _, err := stateless.Address(m.ID.Owner); err != nil {
			return ErrInvalidAddress
		}
		_, err := parseSerial(m.ID.Serial)
		return err
	default:
		return nil
	}
}

func parseSerial(text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || n.Sign() < 0 {
		return nil, ErrInvalidSerial
	}
	return n, nil
}

// MsgServer executes the module's messages; they emit no typed event.
type MsgServer struct{ k *Keeper }

var _ certv1.MsgServer = MsgServer{}

// NewMsgServer makes the message server.
func NewMsgServer(k *Keeper) MsgServer { return MsgServer{k: k} }

// CreateCertificate publishes a certificate.
func (s MsgServer) CreateCertificate(
	ctx context.Context, m *certv1.MsgCreateCertificate,
) (*certv1.MsgCreateCertificateResponse, error) {
	if err := s.k.Publish(sdk.UnwrapSDKContext(ctx), m.Owner, m.Cert, m.Pubkey); err != nil {
		return nil, err
	}
	return &certv1.MsgCreateCertificateResponse{}, nil
}

// RevokeCertificate revokes a certificate.
func (s MsgServer) RevokeCertificate(
	ctx context.Context, m *certv1.MsgRevokeCertificate,
) (*certv1.MsgRevokeCertificateResponse, error) {
	serial, err := parseSerial(m.ID.Serial)
	if err != nil {
		return nil, err
	}
	if err := s.k.Revoke(sdk.UnwrapSDKContext(ctx), m.ID.Owner, serial); err != nil {
		return nil, err
	}
	return &certv1.MsgRevokeCertificateResponse{}, nil
}

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ certv1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Certificates lists certificates by owner, serial (decimal) and state.
func (s QueryServer) Certificates(
	goCtx context.Context, req *certv1.QueryCertificatesRequest,
) (*certv1.QueryCertificatesResponse, error) {
	states, all, err := table.States(req.Filter.State, certv1.State_value)
	if err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	sel := table.Selection{States: states, AllStates: all}
	continued := req.Pagination != nil && len(req.Pagination.Key) > 0
	if req.Filter.Owner != "" {
		sel.Prefix = table.Key{}.Text(req.Filter.Owner)
		if req.Filter.Serial != "" && !continued {
			return s.one(ctx, req.Filter, states)
		}
	}
	found, page, err := s.k.certs.List(ctx, sel, req.Pagination)
	if err != nil {
		return nil, err
	}
	return respond(found, page)
}

func (s QueryServer) one(
	ctx sdk.Context, filter certv1.CertificateFilter, states []int32,
) (*certv1.QueryCertificatesResponse, error) {
	serial, err := parseSerial(filter.Serial)
	if err != nil {
		return nil, err
	}
	c, ok := s.k.certs.Get(ctx, key(filter.Owner, serial))
	if !ok || (len(states) > 0 && states[0] != int32(c.Certificate.State)) {
		return respond(nil, &query.PageResponse{})
	}
	return respond([]certv1.GenesisCertificate{c}, &query.PageResponse{Total: 1})
}

func respond(
	found []certv1.GenesisCertificate, page *query.PageResponse,
) (*certv1.QueryCertificatesResponse, error) {
	out := make([]certv1.CertificateResponse, 0, len(found))
	for _, c := range found {
		serial, err := serialOf(c.Certificate)
		if err != nil {
			return nil, err
		}
		out = append(out, certv1.CertificateResponse{Certificate: c.Certificate, Serial: serial.String()})
	}
	return &certv1.QueryCertificatesResponse{Certificates: out, Pagination: page}, nil
}
