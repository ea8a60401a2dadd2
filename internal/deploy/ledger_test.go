// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	ledgerOwner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	ledgerSeller = "akash19tkvgvwht3n8pcqydrcq4cxwhr8rp2gejxetu7"
)

// ledger is a node with as many deployments as a test likes, behind a real gRPC server that counts its calls. Its
// lists are paged as the network's are.
type ledger struct {
	deploymentv1beta4.UnimplementedQueryServer

	mu          sync.Mutex
	deployments []deploymentv1beta4.QueryDeploymentResponse
	leases      []marketv1.Lease
	orders      []marketv1beta5.Order
	calls       map[string]int
	height      int64
	// during, when set, is called while a list is read.
	during func(method string)
}

type market5 struct {
	marketv1beta5.UnimplementedQueryServer
	*ledger
}

type blocks struct {
	cmtservice.UnimplementedServiceServer
	*ledger
}

// opened adds a deployment of one group, with a lease when state is not Lease_state_invalid.
func (l *ledger) opened(dseq uint64, state marketv1.Lease_State) ids.GroupID {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := ids.DeploymentID{Owner: ledgerOwner, DSeq: dseq}.Group(1)
	found := deploymentv1beta4.QueryDeploymentResponse{
		Deployment: deploymentv1.Deployment{
			ID: chain.PBDeploymentID(id.Deployment()), State: deploymentv1.Deployment_active, Hash: make([]byte, 32),
		},
		Groups: []deploymentv1beta4.Group{{ID: chain.PBGroupID(id), State: deploymentv1beta4.Group_open}},
	}
	l.deployments = append(l.deployments, found)
	if state != marketv1.Lease_invalid {
		l.leased(id, 1, state)
	}
	return id
}

// leased adds a lease after those that the group had, which have ended; mu is held.
func (l *ledger) leased(id ids.GroupID, oseq uint32, state marketv1.Lease_State) {
	for i := range l.leases {
		if l.leases[i].ID.DSeq == id.DSeq {
			l.leases[i].State = marketv1.Lease_closed
		}
	}
	l.leases = append(l.leases, marketv1.Lease{
		ID:    chain.PBLeaseID(id.Order(oseq).Bid(ledgerSeller).Lease()),
		State: state, Price: sdk.NewDecCoinFromDec(coin.UACT, math.LegacyOneDec()),
	})
}

// closeDeployment is somebody else closing it.
func (l *ledger) closeDeployment(dseq uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.deployments {
		if l.deployments[i].Deployment.ID.DSeq == dseq {
			l.deployments[i].Deployment.State = deploymentv1.Deployment_closed
		}
	}
}

func (l *ledger) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := 0
	for _, n := range l.calls {
		sum += n
	}
	return sum
}

// forget starts the counts anew.
func (l *ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.calls)
}

// dial serves the ledger and connects to it as the Terraform provider does.
func (l *ledger) dial(t testing.TB) *chain.Client {
	t.Helper()
	l.calls, l.height = map[string]int{}, 7
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	server := grpc.NewServer(grpc.ForceServerCodec(encoding.Codec.GRPCCodec()),
		grpc.UnaryInterceptor(func(
			ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler,
		) (any, error) {
			l.mu.Lock()
			l.calls[info.FullMethod]++
			during := l.during
			l.mu.Unlock()
			if during != nil {
				during(info.FullMethod)
			}
			return handle(ctx, request)
		}))
	deploymentv1beta4.RegisterQueryServer(server, l)
	marketv1beta5.RegisterQueryServer(server, &market5{ledger: l})
	cmtservice.RegisterServiceServer(server, &blocks{ledger: l})
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }() // ends with Stop
	t.Cleanup(server.Stop)
	client, err := chain.Dial(t.Context(), chain.Config{ChainID: "ledger-1", GRPC: []string{listener.Addr().String()}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// deployer reads the ledger by a clock, and sends nothing.
func deployerOn(client deploy.Chain, clock deploy.Clock) *deploy.Deployer {
	return deploy.New(deploy.Config{
		Owner: ledgerOwner, Chain: client, Tx: idle{}, Clock: clock,
		BlockTime: coin.DefaultBlockTime, Logger: hclog.NewNullLogger(),
	})
}

// idle takes transactions and does nothing with them.
type idle struct{}

func (idle) Submit(context.Context, tx.Request) (tx.Result, error) { return tx.Result{}, nil }

func (idle) Resolve(context.Context, tx.Prepared) (tx.Result, error) { return tx.Result{}, nil }

func (idle) EstimateFee(context.Context, uint64) (math.Int, error) { return math.NewInt(500), nil }

// handClock moves when told to.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return nil
}

// pageOf cuts a page out of what a list holds, in the order of dseq.
func pageOf[T any](
	all []T, page *query.PageRequest, dseq func(T) uint64,
) ([]T, *query.PageResponse) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(dseq(a), dseq(b)) })
	if len(page.GetKey()) == 8 {
		from := binary.BigEndian.Uint64(page.Key)
		all = slices.DeleteFunc(all, func(v T) bool { return dseq(v) < from })
	}
	limit := 100
	if page.GetLimit() > 0 {
		limit = int(page.Limit)
	}
	answer := &query.PageResponse{}
	if len(all) > limit {
		answer.NextKey = binary.BigEndian.AppendUint64(nil, dseq(all[limit]))
		all = all[:limit]
	}
	answer.Total = uint64(len(all))
	return all, answer
}

func (l *ledger) Deployment(
	_ context.Context, request *deploymentv1beta4.QueryDeploymentRequest,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.deployments {
		if l.deployments[i].Deployment.ID == request.ID {
			found := l.deployments[i]
			return &found, nil
		}
	}
	return nil, status.Error(codes.NotFound, "codespace deployment code 4: Deployment not found")
}

func (l *ledger) Deployments(
	_ context.Context, request *deploymentv1beta4.QueryDeploymentsRequest,
) (*deploymentv1beta4.QueryDeploymentsResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []deploymentv1beta4.QueryDeploymentResponse
	for _, d := range l.deployments {
		f := request.Filters
		if d.Deployment.ID.Owner == f.Owner && (f.State == "" || d.Deployment.State.String() == f.State) {
			all = append(all, d)
		}
	}
	page, next := pageOf(all, request.Pagination,
		func(d deploymentv1beta4.QueryDeploymentResponse) uint64 { return d.Deployment.ID.DSeq })
	return &deploymentv1beta4.QueryDeploymentsResponse{Deployments: page, Pagination: next}, nil
}

func (m market5) Leases(
	_ context.Context, request *marketv1beta5.QueryLeasesRequest,
) (*marketv1beta5.QueryLeasesResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []marketv1beta5.QueryLeaseResponse
	for _, lease := range m.leases {
		f := request.Filters
		if lease.ID.Owner == f.Owner && (f.DSeq == 0 || lease.ID.DSeq == f.DSeq) &&
			(f.State == "" || lease.State.String() == f.State) {
			all = append(all, marketv1beta5.QueryLeaseResponse{Lease: lease})
		}
	}
	page, next := pageOf(all, request.Pagination,
		func(r marketv1beta5.QueryLeaseResponse) uint64 { return r.Lease.ID.DSeq })
	return &marketv1beta5.QueryLeasesResponse{Leases: page, Pagination: next}, nil
}

func (m market5) Orders(
	_ context.Context, request *marketv1beta5.QueryOrdersRequest,
) (*marketv1beta5.QueryOrdersResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []marketv1beta5.Order
	for _, order := range m.orders {
		f := request.Filters
		if order.ID.Owner == f.Owner && (f.DSeq == 0 || order.ID.DSeq == f.DSeq) && order.State.String() == f.State {
			all = append(all, order)
		}
	}
	page, next := pageOf(all, request.Pagination, func(o marketv1beta5.Order) uint64 { return o.ID.DSeq })
	return &marketv1beta5.QueryOrdersResponse{Orders: page, Pagination: next}, nil
}

// GetLatestBlock tells a block later each time.
func (b blocks) GetLatestBlock(
	context.Context, *cmtservice.GetLatestBlockRequest,
) (*cmtservice.GetLatestBlockResponse, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.height++
	return &cmtservice.GetLatestBlockResponse{SdkBlock: &cmtservice.Block{Header: cmtservice.Header{
		ChainID: "ledger-1", Height: b.height, Time: ledgerTime,
	}}}, nil
}

var ledgerTime = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// said is what a read came to, for comparing two.
func said(slot deploy.Slot, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	text := fmt.Sprintf("group %d %s", slot.Group.ID.DSeq, slot.Group.State)
	if slot.Lease != nil {
		text += fmt.Sprintf(", lease %d %s", slot.Lease.ID.OSeq, slot.Lease.State)
	}
	if slot.Order != nil {
		text += fmt.Sprintf(", order %d", slot.Order.ID.OSeq)
	}
	return text
}

// listless is a node that refuses every list by owner.
type listless struct{ deploy.Chain }

var errNoList = errors.New("this list is not served")

func (listless) DeploymentsPage(
	context.Context, string, string, []byte,
) ([]deploymentv1beta4.QueryDeploymentResponse, []byte, error) {
	return nil, nil, errNoList
}

func (listless) LeasesPage(
	context.Context, chain.LeaseFilter, []byte,
) ([]marketv1beta5.QueryLeaseResponse, []byte, error) {
	return nil, nil, errNoList
}
