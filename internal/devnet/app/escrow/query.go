// SPDX-License-Identifier: Apache-2.0

package escrow

import (
	"context"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/table"
	escrowid "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/id/v1"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
)

// QueryServer answers the module's queries.
type QueryServer struct{ k *Keeper }

var _ escrowv1.QueryServer = QueryServer{}

// NewQueryServer makes the query server.
func NewQueryServer(k *Keeper) QueryServer { return QueryServer{k: k} }

// Accounts lists escrow accounts by state and by xid, which begins with the
// scope: "deployment/<owner>/<dseq>".
func (s QueryServer) Accounts(
	goCtx context.Context, req *escrowv1.QueryAccountsRequest,
) (*escrowv1.QueryAccountsResponse, error) {
	sel, id, err := selection(req.State, req.XID)
	if err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if id.full && len(pageKey(req.Pagination)) == 0 {
		acc, ok := s.k.accounts.Get(ctx, table.Key(req.XID))
		if !ok || !wanted(sel, acc.State.State) {
			return &escrowv1.QueryAccountsResponse{Pagination: &query.PageResponse{}}, nil
		}
		return &escrowv1.QueryAccountsResponse{
			Accounts: []escrowtypes.Account{acc}, Pagination: &query.PageResponse{Total: 1},
		}, nil
	}
	accounts, page, err := s.k.accounts.List(ctx, sel, req.Pagination)
	if err != nil {
		return nil, err
	}
	return &escrowv1.QueryAccountsResponse{Accounts: accounts, Pagination: page}, nil
}

// Payments lists payments by state and by xid: an account's, or, with the
// payment's own "<gseq>/<oseq>/<provider>" behind it, that one.
func (s QueryServer) Payments(
	goCtx context.Context, req *escrowv1.QueryPaymentsRequest,
) (*escrowv1.QueryPaymentsResponse, error) {
	sel, id, err := selection(req.State, req.XID)
	if err != nil {
		return nil, err
	}
	ctx := sdk.UnwrapSDKContext(goCtx)
	if id.payment && len(pageKey(req.Pagination)) == 0 {
		pay, ok := s.k.payments.Get(ctx, table.Key(req.XID))
		if !ok || !wanted(sel, pay.State.State) {
			return &escrowv1.QueryPaymentsResponse{Pagination: &query.PageResponse{}}, nil
		}
		return &escrowv1.QueryPaymentsResponse{
			Payments: []escrowtypes.Payment{pay}, Pagination: &query.PageResponse{Total: 1},
		}, nil
	}
	payments, page, err := s.k.payments.List(ctx, sel, req.Pagination)
	if err != nil {
		return nil, err
	}
	return &escrowv1.QueryPaymentsResponse{Payments: payments, Pagination: page}, nil
}

// shape tells how much of an id an xid filter gives.
type shape struct{ full, payment bool }

func selection(state, xid string) (table.Selection, shape, error) {
	wantedStates, all, err := table.States(state, escrowtypes.State_value)
	if err != nil {
		return table.Selection{}, shape{}, err
	}
	sel := table.Selection{States: wantedStates, AllStates: all}
	if xid == "" {
		return sel, shape{}, nil
	}
	parts := strings.Split(xid, "/")
	want := deploymentSegments
	switch parts[0] {
	case escrowid.Scope_deployment.String():
	case escrowid.Scope_bid.String():
		want = bidSegments
	default:
		return sel, shape{}, status.Error(codes.InvalidArgument, "invalid scope value")
	}
	if len(parts) > 1+want+paymentSegments {
		return sel, shape{}, status.Error(codes.InvalidArgument, ErrInvalidID.Error())
	}
	sel.Prefix = table.Key(strings.TrimSuffix(xid, "/") + "/")
	return sel, shape{full: len(parts) == 1+want, payment: len(parts) == 1+want+paymentSegments}, nil
}

func pageKey(page *query.PageRequest) []byte {
	if page == nil {
		return nil
	}
	return page.Key
}

func wanted(sel table.Selection, state escrowtypes.State) bool {
	if len(sel.States) == 0 {
		return true
	}
	return sel.States[0] == int32(state)
}
