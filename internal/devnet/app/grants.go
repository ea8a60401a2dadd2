// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/cosmos-sdk/x/authz"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// grantQueries answer as the SDK's, but for the grants of a pair: the network keeps those by the length of the
// message type, then its text, and counts them only when asked to. Source: the recorded query authz_grants.
type grantQueries struct{ authz.QueryServer }

// Grants lists what granter allows grantee, or the one grant for a message type.
func (q grantQueries) Grants(
	ctx context.Context, req *authz.QueryGrantsRequest,
) (*authz.QueryGrantsResponse, error) {
	if req.MsgTypeUrl != "" {
		return q.QueryServer.Grants(ctx, req)
	}
	res, err := q.QueryServer.Grants(ctx, &authz.QueryGrantsRequest{
		Granter: req.Granter, Grantee: req.Grantee, Pagination: &query.PageRequest{Limit: math.MaxUint32},
	})
	if err != nil {
		return nil, err
	}
	types := map[*authz.Grant]string{}
	for _, grant := range res.Grants {
		authorization, err := grant.GetAuthorization()
		if err != nil {
			return nil, status.Error(codes.Internal, err.Error())
		}
		types[grant] = authorization.MsgTypeURL()
	}
	slices.SortFunc(res.Grants, func(a, b *authz.Grant) int {
		return cmp.Or(cmp.Compare(len(types[a]), len(types[b])), cmp.Compare(types[a], types[b]))
	})
	page := req.Pagination
	if page == nil {
		page = &query.PageRequest{}
	}
	if page.Reverse {
		slices.Reverse(res.Grants)
	}
	res.Pagination = &query.PageResponse{}
	if page.CountTotal {
		res.Pagination.Total = uint64(len(res.Grants))
	}
	from := min(page.Offset, uint64(len(res.Grants)))
	if len(page.Key) > 0 {
		from = 0
		for int(from) < len(res.Grants) && !bytes.Equal([]byte(types[res.Grants[from]]), page.Key) {
			from++
		}
	}
	res.Grants = res.Grants[from:]
	if limit := cmp.Or(page.Limit, query.DefaultLimit); limit < uint64(len(res.Grants)) {
		res.Pagination.NextKey = []byte(types[res.Grants[limit]])
		res.Grants = res.Grants[:limit]
	}
	return res, nil
}
