// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"bytes"
	"context"
	"strings"

	errorsmod "cosmossdk.io/errors"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// What page keys say of the store: accounts or payments, then the state, then a slash and the id.
var (
	accountSpace = []byte{0x11, 0}
	paymentSpace = []byte{0x12, 0}
)

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ escrowv1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Accounts lists escrow accounts by state and by the text that their ids begin
// with: "deployment/<owner>/<dseq>", or a part of it that ends anywhere.
func (s QueryServer) Accounts(
	goCtx context.Context, req *escrowv1.QueryAccountsRequest,
) (*escrowv1.QueryAccountsResponse, error) {
	l, err := beginList(accountSpace, deploymentSegments, req.State, req.XID, req.Pagination)
	if err != nil {
		return nil, err
	}
	accounts, page := fillPage(sdk.UnwrapSDKContext(goCtx), s.k.accounts, l)
	return &escrowv1.QueryAccountsResponse{Accounts: accounts, Pagination: page}, nil
}

// Payments lists payments by state and by the text that their ids begin with: an
// account's, and behind it "<gseq>/<oseq>/<provider>".
func (s QueryServer) Payments(
	goCtx context.Context, req *escrowv1.QueryPaymentsRequest,
) (*escrowv1.QueryPaymentsResponse, error) {
	l, err := beginList(paymentSpace, deploymentSegments+paymentSegments, req.State, req.XID, req.Pagination)
	if err != nil {
		return nil, err
	}
	payments, page := fillPage(sdk.UnwrapSDKContext(goCtx), s.k.payments, l)
	return &escrowv1.QueryPaymentsResponse{Payments: payments, Pagination: page}, nil
}

// listing is a list under way: the states still to come, the first one's prefix and start, the others' prefix.
type listing struct {
	space  []byte
	states []byte
	first  string
	start  table.Key
	xid    string
	limit  uint64
}

// beginList starts a list, or goes on at a page key. An offset and a direction
// are not looked at, and of the id not more than that other ids begin with it.
func beginList(space []byte, segments int, state, xid string, page *query.PageRequest) (listing, error) {
	l := listing{space: space, first: xid, xid: xid, limit: table.DefaultLimit}
	if page != nil && page.Limit > 0 {
		l.limit = page.Limit
	}
	if table.Continued(page) {
		return l, l.resume(page.Key, segments)
	}
	wanted, all, err := table.States(state, escrowtypes.State_value, nil)
	if err != nil {
		return l, err
	}
	if len(wanted) == 0 {
		wanted = all
	}
	for _, n := range wanted {
		l.states = append(l.states, byte(n)) //nolint:gosec // there are three
	}
	return l, nil
}

func (l *listing) resume(pageKey []byte, segments int) error {
	decoded, err := table.DecodePageKey(pageKey)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	head, id, err := splitKey(l.space, append(bytes.Clone(decoded.Prefix), decoded.Key...), segments)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	l.states, l.start = decoded.States, table.Key(id)
	if first, ok := bytes.CutPrefix(decoded.Prefix, head); ok {
		l.first = string(first)
	} else {
		l.first = ""
	}
	return nil
}

// splitKey takes a key of the network's store apart: space, state and slash, then the id.
func splitKey(space, key []byte, segments int) (head []byte, id string, err error) {
	at := len(space) + 1
	switch {
	case len(key) <= at:
		return nil, "", ErrMalformedKey
	case !bytes.HasPrefix(key, space):
		return nil, "", errorsmod.Wrap(ErrMalformedKey, "malformed prefix")
	case key[at] != '/':
		return nil, "", errorsmod.Wrap(ErrMalformedKey, "malformed separator")
	}
	id = string(key[at+1:])
	what, parts := "account", strings.Split(id, "/")
	if segments > deploymentSegments {
		what = "payment"
	}
	scope, known := escrowid.Scope_value[parts[0]]
	if escrowid.Scope(scope) == escrowid.Scope_bid {
		segments += bidSegments - deploymentSegments
	}
	switch {
	case len(parts) < 1+deploymentSegments:
		return nil, "", errorsmod.Wrapf(ErrMalformedKey, "malformed %s key %s", what, id)
	case !known || escrowid.Scope(scope) == escrowid.Scope_invalid:
		return nil, "", errorsmod.Wrapf(ErrMalformedKey, "invalid %s scope \"%s\"", what, parts[0])
	case len(parts) != 1+segments:
		return nil, "", errorsmod.Wrapf(ErrMalformedKey, "malformed %s key for %s scope \"%s\"", what, parts[0], id)
	}
	return key[:at+1], id, nil
}

// fillPage lists state by state until the page is full.
func fillPage[T any, P table.Record[T]](
	ctx sdk.Context, tab table.Table[T, P], l listing,
) ([]T, *query.PageResponse) {
	var out []T
	room := table.Room{Limit: l.limit}
	prefix, start := l.first, l.start
	for i, state := range l.states {
		found, next := tab.Fill(ctx, table.Span[T]{
			Path: table.StateByState, State: state, Prefix: table.Key(prefix), Start: start,
		}, &room)
		out = append(out, found...)
		if next != nil {
			page := table.PageKey{States: l.states[i:], Prefix: append(bytes.Clone(l.space), state), Key: next[len(prefix):]}
			if prefix == "" {
				page.Key = append([]byte("/"), page.Key...)
			} else {
				page.Prefix = append(append(page.Prefix, '/'), prefix...)
			}
			return out, &query.PageResponse{Total: uint64(len(out)), NextKey: page.Encode()}
		}
		prefix, start = l.xid, nil
	}
	return out, &query.PageResponse{Total: uint64(len(out))}
}
