// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"github.com/cosmos/cosmos-sdk/types/query"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

const (
	secp256k1URL = "/cosmos.crypto.secp256k1.PubKey"
	pageSize     = 1000
)

// chainReader asks the chain. Lists follow their pages and come with the height of their first page.
type chainReader struct {
	conn  grpc.ClientConnInterface
	codec grpc.CallOption
}

// heightOf reads the block height that the chain puts into every answer's header.
func heightOf(header metadata.MD) (int64, error) {
	values := header.Get(grpctypes.GRPCBlockHeightHeader)
	if len(values) != 1 {
		return 0, errors.New("chain answered without a block height")
	}
	height, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("block height of an answer: %w", err)
	}
	return height, nil
}

// pages calls fetch until there is no further page.
func (c chainReader) pages(
	fetch func(page *query.PageRequest, opts ...grpc.CallOption) (*query.PageResponse, error),
) (height int64, err error) {
	page := &query.PageRequest{Limit: pageSize}
	for first := true; ; first = false {
		var header metadata.MD
		next, err := fetch(page, c.codec, grpc.Header(&header))
		if err != nil {
			return 0, err
		}
		if first {
			if height, err = heightOf(header); err != nil {
				return 0, err
			}
		}
		if next == nil || len(next.NextKey) == 0 {
			return height, nil
		}
		page = &query.PageRequest{Key: next.NextKey, Limit: pageSize}
	}
}

// pinned makes every read in the context one of the same height, where the chain knows how.
func pinned(ctx context.Context, height int64) context.Context {
	return metadata.AppendToOutgoingContext(ctx, grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(height, 10))
}

func (c chainReader) orders(
	ctx context.Context, state string,
) (orders []marketv1beta5.Order, height int64, err error) {
	client := marketv1beta5.NewQueryClient(c.conn)
	height, err = c.pages(func(page *query.PageRequest, opts ...grpc.CallOption) (*query.PageResponse, error) {
		res, err := client.Orders(ctx, &marketv1beta5.QueryOrdersRequest{
			Filters: marketv1beta5.OrderFilters{State: state}, Pagination: page,
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("list %s orders: %w", state, err)
		}
		orders = append(orders, res.Orders...)
		return res.Pagination, nil
	})
	return orders, height, err
}

// bids lists what the filter leaves.
func (c chainReader) bids(ctx context.Context, filter marketv1beta5.BidFilters) (bids []marketv1beta5.Bid, err error) {
	client := marketv1beta5.NewQueryClient(c.conn)
	_, err = c.pages(func(page *query.PageRequest, opts ...grpc.CallOption) (*query.PageResponse, error) {
		res, err := client.Bids(ctx, &marketv1beta5.QueryBidsRequest{Filters: filter, Pagination: page}, opts...)
		if err != nil {
			return nil, fmt.Errorf("list bids: %w", err)
		}
		for _, b := range res.Bids {
			bids = append(bids, b.Bid)
		}
		return res.Pagination, nil
	})
	return bids, err
}

// leases lists what the filter leaves.
func (c chainReader) leases(
	ctx context.Context, filter marketv1.LeaseFilters,
) (leases []marketv1.Lease, height int64, err error) {
	client := marketv1beta5.NewQueryClient(c.conn)
	height, err = c.pages(func(page *query.PageRequest, opts ...grpc.CallOption) (*query.PageResponse, error) {
		res, err := client.Leases(ctx, &marketv1beta5.QueryLeasesRequest{Filters: filter, Pagination: page}, opts...)
		if err != nil {
			return nil, fmt.Errorf("list leases: %w", err)
		}
		for _, l := range res.Leases {
			leases = append(leases, l.Lease)
		}
		return res.Pagination, nil
	})
	return leases, height, err
}

// mostBids is how many bids an order may have.
func (c chainReader) mostBids(ctx context.Context) (int, error) {
	res, err := marketv1beta5.NewQueryClient(c.conn).Params(ctx, &marketv1beta5.QueryParamsRequest{}, c.codec)
	if err != nil {
		return 0, fmt.Errorf("read the market's parameters: %w", err)
	}
	// The chain compares before it counts the bid at hand, so there is one more.
	return int(res.Params.OrderMaxBids) + 1, nil
}

func (c chainReader) order(ctx context.Context, id marketv1.OrderID) (marketv1beta5.Order, error) {
	res, err := marketv1beta5.NewQueryClient(c.conn).Order(ctx, &marketv1beta5.QueryOrderRequest{ID: id}, c.codec)
	if err != nil {
		return marketv1beta5.Order{}, fmt.Errorf("read order: %w", err)
	}
	return res.Order, nil
}

// deployment keeps the gRPC status of a failure: the gateway passes a miss on to its caller.
func (c chainReader) deployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	return deploymentv1beta4.NewQueryClient(c.conn).Deployment(ctx, &deploymentv1beta4.QueryDeploymentRequest{
		ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq},
	}, c.codec)
}

// record is the Akash provider's registration; nil without error when there is none.
func (c chainReader) record(ctx context.Context, providerAddr string) (*providerv1beta4.Provider, error) {
	res, err := providerv1beta4.NewQueryClient(c.conn).Provider(ctx,
		&providerv1beta4.QueryProviderRequest{Owner: providerAddr}, c.codec)
	if status.Code(err) == codes.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read own registration: %w", err)
	}
	return &res.Provider, nil
}

// audited lists what auditors have signed about the Akash provider; none is no error.
func (c chainReader) audited(ctx context.Context, providerAddr string) ([]auditv1.AuditedProvider, error) {
	res, err := auditv1.NewQueryClient(c.conn).ProviderAttributes(ctx,
		&auditv1.QueryProviderAttributesRequest{Owner: providerAddr}, c.codec)
	if status.Code(err) == codes.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read audited attributes: %w", err)
	}
	return res.Providers, nil
}

// certificate finds a valid certificate by owner and serial; nil without error when there is none.
func (c chainReader) certificate(ctx context.Context, owner, serial string) (*certv1.Certificate, error) {
	res, err := certv1.NewQueryClient(c.conn).Certificates(ctx, &certv1.QueryCertificatesRequest{
		Filter: certv1.CertificateFilter{Owner: owner, Serial: serial, State: "valid"},
	}, c.codec)
	if status.Code(err) == codes.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	for _, found := range res.Certificates {
		if found.Serial == serial && found.Certificate.State == certv1.State_valid {
			return &found.Certificate, nil
		}
	}
	return nil, nil
}

// publicKey is the key of an account, which the chain knows once the account has signed a transaction.
func (c chainReader) publicKey(ctx context.Context, owner string) ([]byte, error) {
	res, err := authtypes.NewQueryClient(c.conn).AccountInfo(ctx,
		&authtypes.QueryAccountInfoRequest{Address: owner}, c.codec)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	if res.Info == nil || res.Info.PubKey == nil || res.Info.PubKey.TypeUrl != secp256k1URL {
		return nil, errors.New("the account has no known secp256k1 key")
	}
	var key secp256k1.PubKey
	if err := key.Unmarshal(res.Info.PubKey.Value); err != nil {
		return nil, fmt.Errorf("read account key: %w", err)
	}
	return key.Key, nil
}
