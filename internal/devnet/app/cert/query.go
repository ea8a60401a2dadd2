// SPDX-License-Identifier: Apache-2.0

package cert

import (
	"context"
	"math/big"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/stateless"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

const (
	// pagePrefix begins what a page key says of the store.
	pagePrefix = 0x11
	// maxSerialSize is the longest serial a filter may have, in bytes.
	maxSerialSize = 40
)

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ certv1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Certificates lists certificates by owner, serial (decimal) and state: the valid
// ones, then the revoked.
//
// As on the network a page that ends exactly where a state's certificates do has
// no next key, and from a page key on the owner is looked for in the request again with the next state.
func (s QueryServer) Certificates(
	goCtx context.Context, req *certv1.QueryCertificatesRequest,
) (*certv1.QueryCertificatesResponse, error) {
	page := req.Pagination
	if page == nil {
		page = &query.PageRequest{}
	}
	wanted, all, err := table.States(req.Filter.State, certv1.State_value, page)
	if err != nil {
		return nil, err
	}
	from, err := begin(page, wanted, all)
	if err != nil {
		return nil, err
	}
	ctx, room := sdk.UnwrapSDKContext(goCtx), table.Room{Skip: page.Offset, Limit: page.Limit}
	if room.Limit == 0 {
		room.Limit = table.DefaultLimit
	}
	out := &certv1.QueryCertificatesResponse{Pagination: &query.PageResponse{}}
	for i, state := range from.States {
		if i > 0 || from.Key == nil {
			if from.Prefix, err = keyPrefix(req.Filter); err != nil {
				return nil, err
			}
			from.Key = nil
		}
		span := table.Span[certv1.GenesisCertificate]{
			Path: table.StateByState, State: state, Prefix: from.Prefix, Reverse: page.Reverse,
		}
		if from.Key != nil {
			span.Start = append(table.Key(from.Prefix), from.Key...)
		}
		found, next := s.k.certs.Fill(ctx, span, &room)
		if out.Certificates, err = appendAll(out.Certificates, found); err != nil {
			return nil, err
		}
		if room.Limit > 0 {
			continue
		}
		if next != nil {
			out.Pagination.NextKey = table.PageKey{
				States: from.States[i:], Prefix: append([]byte{pagePrefix, state}, from.Prefix...), Key: next[len(from.Prefix):],
			}.Encode()
		}
		break
	}
	out.Pagination.Total = uint64(len(out.Certificates))
	return out, nil
}

// begin says where a list starts: with the states asked for, or at a page key. Prefix and key are the table's.
func begin(page *query.PageRequest, wanted, all []int32) (table.PageKey, error) {
	if !table.Continued(page) {
		if len(wanted) == 0 {
			wanted = all
		}
		from := table.PageKey{}
		for _, state := range wanted {
			from.States = append(from.States, byte(state)) //nolint:gosec // there are two
		}
		return from, nil
	}
	from, err := table.DecodePageKey(page.Key)
	switch {
	case err != nil:
		return from, status.Error(codes.Internal, err.Error())
	case page.Offset > 0:
		return from, status.Error(codes.Internal, "invalid request, either offset or key is expected, got both")
	case len(from.Prefix) < 2 || from.Prefix[0] != pagePrefix || len(from.Key) == 0:
		return table.PageKey{}, nil // no part of the store: an empty list
	}
	from.Prefix = from.Prefix[2:]
	return from, nil
}

// keyPrefix is the leading part of the primary key that a filter gives.
func keyPrefix(filter certv1.CertificateFilter) ([]byte, error) {
	if filter.Owner == "" {
		return nil, nil
	}
	owner, err := stateless.Address(filter.Owner)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	prefix := lengthPrefixed(owner)
	if filter.Serial == "" {
		return prefix, nil
	}
	serial, ok := new(big.Int).SetString(filter.Serial, 10)
	if !ok {
		// What the network says of the panic that this is there.
		return nil, status.Error(codes.Internal, "runtime error: invalid memory address or nil pointer dereference")
	}
	bz := serial.Bytes()
	if len(bz) > maxSerialSize {
		return nil, status.Error(codes.Internal, errorsmod.Wrapf(sdkerrors.ErrUnknownAddress,
			"serial length should be max %d bytes, got %d", maxSerialSize, len(bz)).Error())
	}
	if len(bz) > 0 {
		prefix = append(prefix, lengthPrefixed(bz)...)
	}
	return prefix, nil
}

func appendAll(
	out []certv1.CertificateResponse, found []certv1.GenesisCertificate,
) ([]certv1.CertificateResponse, error) {
	for _, c := range found {
		serial, err := serialOf(c.Certificate)
		if err != nil {
			return nil, err
		}
		out = append(out, certv1.CertificateResponse{Certificate: c.Certificate, Serial: serial.String()})
	}
	return out, nil
}
