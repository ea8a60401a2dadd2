// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	escrowtypes "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/types/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// fakeChain is a gRPC server with just the state that an Akash provider asks for. Tests write its state; a
// block passes only when they say so.
type fakeChain struct {
	conn *grpc.ClientConn

	mu          sync.Mutex
	height      int64
	deployments map[ids.DeploymentID]*deploymentv1beta4.QueryDeploymentResponse
	orders      map[marketv1.OrderID]*marketv1beta5.Order
	bids        map[marketv1.BidID]*marketv1beta5.Bid
	leases      map[marketv1.BidID]*marketv1.Lease
	providers   map[string]*providerv1beta4.Provider
	certs       map[string][]certv1.CertificateResponse
	keys        map[string]*secp256k1.PubKey
	sent        []sdk.Msg
	refuse      error // answers the next transaction
}

func newFakeChain(t *testing.T) *fakeChain {
	t.Helper()
	c := &fakeChain{
		height:      10,
		deployments: map[ids.DeploymentID]*deploymentv1beta4.QueryDeploymentResponse{},
		orders:      map[marketv1.OrderID]*marketv1beta5.Order{},
		bids:        map[marketv1.BidID]*marketv1beta5.Bid{},
		leases:      map[marketv1.BidID]*marketv1.Lease{},
		providers:   map[string]*providerv1beta4.Provider{},
		certs:       map[string][]certv1.CertificateResponse{},
		keys:        map[string]*secp256k1.PubKey{},
	}
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer(grpc.UnaryInterceptor(func(
		ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
	) (any, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		height := metadata.Pairs(grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(c.height, 10))
		if err := grpc.SetHeader(ctx, height); err != nil {
			return nil, err
		}
		return handler(ctx, req)
	}))
	marketv1beta5.RegisterQueryServer(server, &marketQueries{c: c})
	deploymentv1beta4.RegisterQueryServer(server, &deploymentQueries{c: c})
	providerv1beta4.RegisterQueryServer(server, &providerQueries{c: c})
	certv1.RegisterQueryServer(server, &certQueries{c: c})
	auditv1.RegisterQueryServer(server, &auditQueries{})
	authtypes.RegisterQueryServer(server, &authQueries{c: c})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:///fake",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	c.conn = conn
	return c
}

// do changes the state.
func (c *fakeChain) do(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// blocks lets n blocks pass, each seen by everybody who polls.
func (c *fakeChain) blocks(n int64) { c.do(func() { c.height += n }) }

// order opens an order for a group and makes it part of its deployment.
func (c *fakeChain) order(id marketv1.OrderID, hash []byte, spec deploymentv1beta4.GroupSpec) {
	c.do(func() {
		deployment := ids.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}
		if c.deployments[deployment] == nil {
			c.deployments[deployment] = &deploymentv1beta4.QueryDeploymentResponse{Deployment: deploymentv1.Deployment{
				ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}, State: deploymentv1.Deployment_active, Hash: hash,
			}, EscrowAccount: escrowtypes.Account{State: escrowtypes.AccountState{
				SettledAt: c.height, Funds: []escrowtypes.Balance{{Denom: "uact", Amount: sdkmath.LegacyNewDec(5_000_000)}},
			}}}
		}
		d := c.deployments[deployment]
		if int(id.GSeq) > len(d.Groups) {
			d.Groups = append(d.Groups, deploymentv1beta4.Group{
				ID:    deploymentv1.GroupID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq},
				State: deploymentv1beta4.Group_open, GroupSpec: spec,
			})
		}
		c.orders[id] = &marketv1beta5.Order{ID: id, State: marketv1beta5.Order_open, Spec: spec, CreatedAt: c.height}
	})
}

// lease accepts a bid.
func (c *fakeChain) lease(id marketv1.OrderID, providerAddr string) {
	c.do(func() {
		bid := bidOf(id, providerAddr)
		c.orders[id].State = marketv1beta5.Order_active
		c.bids[bid].State = marketv1beta5.Bid_active
		c.leases[bid] = &marketv1.Lease{
			ID: marketv1.LeaseID(bid), State: marketv1.Lease_active, Price: c.bids[bid].Price, CreatedAt: c.height,
		}
	})
}

// end closes a lease with its bid and its order.
func (c *fakeChain) end(id marketv1.OrderID, providerAddr string) {
	c.do(func() { c.closeBid(bidOf(id, providerAddr)) })
}

func (c *fakeChain) closeBid(id marketv1.BidID) {
	c.bids[id].State = marketv1beta5.Bid_closed
	if lease, ok := c.leases[id]; ok {
		lease.State = marketv1.Lease_closed
		order := marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
		c.orders[order].State = marketv1beta5.Order_closed
	}
}

func bidOf(id marketv1.OrderID, providerAddr string) marketv1.BidID {
	return marketv1.BidID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, Provider: providerAddr}
}

// messages gives what was sent so far.
func (c *fakeChain) messages() []sdk.Msg {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]sdk.Msg(nil), c.sent...)
}

// fakeWallet carries messages straight into the state of the chain.
type fakeWallet struct {
	chain   *fakeChain
	address string
}

func (w fakeWallet) Address() string { return w.address }

func (w fakeWallet) Broadcast(_ context.Context, msgs ...sdk.Msg) error {
	c := w.chain
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refuse; err != nil {
		c.refuse = nil
		return err
	}
	for _, msg := range msgs {
		switch m := msg.(type) {
		case *marketv1beta5.MsgCreateBid:
			if c.bids[m.ID] != nil {
				return errors.New("market 21: bid exists from provider")
			}
			c.bids[m.ID] = &marketv1beta5.Bid{
				ID: m.ID, State: marketv1beta5.Bid_open, Price: m.Price, CreatedAt: c.height, ResourcesOffer: m.ResourcesOffer,
			}
		case *marketv1beta5.MsgCloseBid:
			c.closeBid(m.ID)
		case *marketv1beta5.MsgWithdrawLease, *certv1.MsgRevokeCertificate: // recorded only
		case *providerv1beta4.MsgCreateProvider:
			c.providers[m.Owner] = &providerv1beta4.Provider{Owner: m.Owner, HostURI: m.HostURI, Attributes: m.Attributes}
		case *providerv1beta4.MsgUpdateProvider:
			c.providers[m.Owner].HostURI = m.HostURI
		case *certv1.MsgCreateCertificate:
			c.publish(m.Owner, m.Cert, m.Pubkey)
		default:
			return errors.New("unexpected message")
		}
		c.sent = append(c.sent, msg)
	}
	return nil
}

type marketQueries struct {
	marketv1beta5.UnimplementedQueryServer
	c *fakeChain
}

func (q marketQueries) Orders(
	_ context.Context, req *marketv1beta5.QueryOrdersRequest,
) (*marketv1beta5.QueryOrdersResponse, error) {
	res := &marketv1beta5.QueryOrdersResponse{}
	for _, o := range q.c.orders {
		if o.State.String() == req.Filters.State {
			res.Orders = append(res.Orders, *o)
		}
	}
	return res, nil
}

func (q marketQueries) Order(
	_ context.Context, req *marketv1beta5.QueryOrderRequest,
) (*marketv1beta5.QueryOrderResponse, error) {
	return &marketv1beta5.QueryOrderResponse{Order: *q.c.orders[req.ID]}, nil
}

func (q marketQueries) Bids(
	_ context.Context, req *marketv1beta5.QueryBidsRequest,
) (*marketv1beta5.QueryBidsResponse, error) {
	res := &marketv1beta5.QueryBidsResponse{}
	for _, b := range q.c.bids {
		if matches(b.ID, req.Filters.Provider, b.State.String(), req.Filters.State) &&
			(req.Filters.DSeq == 0 || req.Filters.DSeq == b.ID.DSeq) {
			res.Bids = append(res.Bids, marketv1beta5.QueryBidResponse{Bid: *b})
		}
	}
	return res, nil
}

func (q marketQueries) Leases(
	_ context.Context, req *marketv1beta5.QueryLeasesRequest,
) (*marketv1beta5.QueryLeasesResponse, error) {
	res := &marketv1beta5.QueryLeasesResponse{}
	f := req.Filters
	for _, l := range q.c.leases {
		if matches(marketv1.BidID(l.ID), f.Provider, l.State.String(), f.State) &&
			(f.Owner == "" || (l.ID.Owner == f.Owner && l.ID.DSeq == f.DSeq)) {
			res.Leases = append(res.Leases, marketv1beta5.QueryLeaseResponse{Lease: *l})
		}
	}
	return res, nil
}

func matches(id marketv1.BidID, providerAddr, state, wanted string) bool {
	return (wanted == "" || state == wanted) && (providerAddr == "" || id.Provider == providerAddr)
}

func (marketQueries) Params(
	context.Context, *marketv1beta5.QueryParamsRequest,
) (*marketv1beta5.QueryParamsResponse, error) {
	return &marketv1beta5.QueryParamsResponse{Params: marketv1beta5.Params{OrderMaxBids: 3}}, nil
}

type deploymentQueries struct {
	deploymentv1beta4.UnimplementedQueryServer
	c *fakeChain
}

func (q deploymentQueries) Deployment(
	_ context.Context, req *deploymentv1beta4.QueryDeploymentRequest,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	if d, ok := q.c.deployments[ids.DeploymentID{Owner: req.ID.Owner, DSeq: req.ID.DSeq}]; ok {
		return d, nil
	}
	return nil, status.Error(codes.NotFound, "codespace deployment code 4: Deployment not found")
}

type providerQueries struct {
	providerv1beta4.UnimplementedQueryServer
	c *fakeChain
}

func (q providerQueries) Provider(
	_ context.Context, req *providerv1beta4.QueryProviderRequest,
) (*providerv1beta4.QueryProviderResponse, error) {
	if p, ok := q.c.providers[req.Owner]; ok {
		return &providerv1beta4.QueryProviderResponse{Provider: *p}, nil
	}
	return nil, status.Error(codes.NotFound, "codespace provider code 3: invalid provider: address not found")
}

type certQueries struct {
	certv1.UnimplementedQueryServer
	c *fakeChain
}

func (q certQueries) Certificates(
	_ context.Context, req *certv1.QueryCertificatesRequest,
) (*certv1.QueryCertificatesResponse, error) {
	return &certv1.QueryCertificatesResponse{Certificates: q.c.certs[req.Filter.Owner]}, nil
}

type auditQueries struct {
	auditv1.UnimplementedQueryServer
}

func (auditQueries) ProviderAttributes(
	context.Context, *auditv1.QueryProviderAttributesRequest,
) (*auditv1.QueryProvidersResponse, error) {
	return nil, status.Error(codes.NotFound, "codespace audit code 1: invalid provider: address not found")
}

type authQueries struct {
	authtypes.UnimplementedQueryServer
	c *fakeChain
}

func (q authQueries) AccountInfo(
	_ context.Context, req *authtypes.QueryAccountInfoRequest,
) (*authtypes.QueryAccountInfoResponse, error) {
	key, ok := q.c.keys[req.Address]
	if !ok {
		return nil, status.Error(codes.NotFound, "account not found")
	}
	packed, err := codectypes.NewAnyWithValue(key)
	if err != nil {
		return nil, err
	}
	return &authtypes.QueryAccountInfoResponse{Info: &authtypes.BaseAccount{Address: req.Address, PubKey: packed}}, nil
}

// eventually asks until ok is true or the test's patience ends.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("never happened: %s", what)
		case <-tick.C:
		}
	}
}
