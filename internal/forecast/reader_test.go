// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	inventoryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/inventory/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/pb/k8s/resource"
)

type bidResponse = marketv1beta5.QueryBidResponse

// world is a market whose parts can be made to fail. It counts what it is asked.
type world struct {
	mu       sync.Mutex
	sellers  int
	bids     map[string][]bidResponse // by state
	pageSize int
	listErr  error
	bidErr   error // of all pages but the first
	pageErr  error
	auditErr error
	hang     chan struct{} // the chain answers when it is closed; nil answers at once
	full     func(ctx context.Context, addr string) (*providerv1.Status, error)
	lesser   func(ctx context.Context, addr string) (gateway.Status, error)

	lists, audits, pages, asked, lesserAsked, closed atomic.Int64
}

// clock is set by hand.
type clock struct{ passed atomic.Int64 }

func (c *clock) Now() time.Time {
	return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).Add(time.Duration(c.passed.Load()))
}

func (c *clock) advance(by time.Duration) { c.passed.Add(int64(by)) }

func addrOf(i int) string { return fmt.Sprintf("akash1seller%03d", i) }

func (w *world) wait(ctx context.Context) error {
	if w.hang == nil {
		return ctx.Err()
	}
	select {
	case <-w.hang:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *world) LatestBlock(ctx context.Context) (chain.Block, error) {
	return chain.Block{Height: 77}, w.wait(ctx)
}

func (w *world) ListProviders(ctx context.Context) ([]providerv1beta4.Provider, error) {
	w.lists.Add(1)
	if w.listErr != nil {
		return nil, w.listErr
	}
	var all []providerv1beta4.Provider
	for i := w.sellers; i > 0; i-- {
		all = append(all, providerv1beta4.Provider{
			Owner: addrOf(i), HostURI: "https://" + addrOf(i) + ":8443",
			Attributes: []attributesv1.Attribute{{Key: "region", Value: []string{"eu", "us"}[i%2]}},
		})
	}
	return all, w.wait(ctx)
}

func (w *world) ListAudits(_ context.Context, owner string) ([]auditv1.AuditedProvider, error) {
	w.audits.Add(1)
	return []auditv1.AuditedProvider{{
		Owner: owner, Auditor: "akash1auditor", Attributes: []attributesv1.Attribute{{Key: "host", Value: "akash"}},
	}}, w.auditErr
}

func (w *world) BidsPage(
	ctx context.Context, filter chain.BidFilter, key []byte,
) ([]bidResponse, []byte, error) {
	w.pages.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pageErr != nil {
		return nil, nil, w.pageErr
	}
	from := 0
	if len(key) > 0 {
		from = int(key[0])
	}
	if w.bidErr != nil && from > 0 {
		return nil, nil, w.bidErr
	}
	all := w.bids[filter.State]
	if w.pageSize == 0 || from+w.pageSize >= len(all) {
		return all[from:], nil, ctx.Err()
	}
	return all[from : from+w.pageSize], []byte{byte(from + w.pageSize)}, ctx.Err()
}

func (w *world) open(_, addr string) (forecast.Gateway, error) { return &door{w, addr}, nil }

// door is one seller's gateway.
type door struct {
	*world
	addr string
}

func (d *door) ClusterStatus(ctx context.Context) (*providerv1.Status, error) {
	d.asked.Add(1)
	if d.full == nil {
		return roomy("4"), nil
	}
	return d.full(ctx, d.addr)
}

func (d *door) ProviderStatus(ctx context.Context) (gateway.Status, error) {
	d.lesserAsked.Add(1)
	if d.lesser == nil {
		return gateway.Status{}, fmt.Errorf("gateway: %w", gateway.ErrSlow)
	}
	return d.lesser(ctx, d.addr)
}

func (d *door) Close() { d.closed.Add(1) }

func pair(allocatable, allocated string) inventoryv1.ResourcePair {
	return inventoryv1.ResourcePair{
		Allocatable: &resource.Quantity{String_: allocatable}, Allocated: &resource.Quantity{String_: allocated},
	}
}

// roomy is the status of one machine with so many cores.
func roomy(cores string) *providerv1.Status {
	return &providerv1.Status{Cluster: &providerv1.ClusterStatus{Inventory: providerv1.Inventory{
		Cluster: inventoryv1.Cluster{Nodes: []inventoryv1.Node{{
			Name: "n1", Resources: inventoryv1.NodeResources{CPU: inventoryv1.CPU{Quantity: pair(cores, "0")}},
		}}},
	}}}
}

func hangs(ctx context.Context, _ string) (*providerv1.Status, error) {
	<-ctx.Done()
	return nil, fmt.Errorf("gateway: %w", gateway.ErrSlow)
}

// quick are limits for tests of what takes too long.
func quick() forecast.Limits {
	return forecast.Limits{Total: 400 * time.Millisecond, Gateway: 200 * time.Millisecond, Hedge: 50 * time.Millisecond}
}

func bid(dseq uint64, seller string, height int64, price string) bidResponse {
	return bidResponse{Bid: marketv1beta5.Bid{
		ID:    marketv1.BidID{Owner: "akash1owner", DSeq: dseq, GSeq: 1, OSeq: 1, Provider: seller},
		Price: sdk.DecCoin{Denom: "uact", Amount: math.LegacyMustNewDecFromStr(price)}, CreatedAt: height,
		ResourcesOffer: []marketv1beta5.ResourceOffer{{Count: 2, Resources: resourcesv1beta4.Resources{
			CPU: &resourcesv1beta4.CPU{Units: resourcesv1beta4.ResourceValue{Val: math.NewInt(500)}},
		}}},
	}}
}

func TestRead(t *testing.T) {
	t.Parallel()
	w := &world{sellers: 3, bids: map[string][]bidResponse{
		"active": {bid(1, addrOf(1), 10, "1.5")}, "open": {bid(2, addrOf(2), 20, "2")},
	}}
	now := new(clock)
	r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Clock: now.Now})
	got, err := r.Read(t.Context(), func(s market.Seller) bool { return s.Attributes[0].Value == "us" })
	require.NoError(t, err)
	require.Equal(t, now.Now(), got.ReadAt)
	require.Equal(t, int64(77), got.Height)
	require.Empty(t, got.Partial)
	require.Len(t, got.Candidates, 3)
	for i, c := range got.Candidates {
		require.Equal(t, addrOf(i+1), c.Addr, "by address")
		require.Empty(t, c.Silent)
		require.Nil(t, c.Audits)
		if i == 1 {
			require.Nil(t, c.Inventory, "not wanted, not asked")
			require.Zero(t, c.ReadAt)
			continue
		}
		require.Equal(t, []market.Node{{Name: "n1", CPU: 4000}}, c.Inventory.Nodes)
		require.Equal(t, now.Now(), c.ReadAt)
		require.Positive(t, c.Latency)
	}
	require.Len(t, got.Observations, 2)
	require.Equal(t, addrOf(2), got.Observations[0].ProviderAddr, "the newest first")
	require.Equal(t, "1.5uact", got.Observations[1].Price.String())
	require.Equal(t, market.Shape{CPU: 1000}, got.Observations[1].Shape)

	// What holds is not asked for again; who was not wanted before is.
	_, err = r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3, 3, 0}, []int64{
		w.lists.Load(), w.pages.Load(), w.asked.Load(), w.closed.Load(), w.audits.Load(),
	})
	now.advance(4 * time.Minute)
	_, err = r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 6}, []int64{w.lists.Load(), w.asked.Load()}, "statuses are too old, lists are not")
	now.advance(2 * time.Minute)
	_, err = r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []int64{2, 4}, []int64{w.lists.Load(), w.pages.Load()})
}

func TestRead_together(t *testing.T) {
	t.Parallel()
	const sellers, readers = 20, 100
	var wanted atomic.Int64
	everybody := make(chan struct{}) // is closed when every reader is about to ask the gateways
	want := func(market.Seller) bool {
		if wanted.Add(1) == sellers*readers {
			close(everybody)
		}
		return true
	}
	w := &world{sellers: sellers, full: func(ctx context.Context, addr string) (*providerv1.Status, error) {
		select {
		case <-everybody:
			return roomy("4"), nil
		case <-ctx.Done():
			return hangs(ctx, addr)
		}
	}}
	const patient = time.Minute
	r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Limits: forecast.Limits{
		Total: patient, Gateway: patient, Hedge: patient, Gateways: 3,
	}})
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			got, err := r.Read(t.Context(), want, "akash1auditor")
			if err != nil || len(got.Candidates) != 20 || got.Candidates[19].Inventory == nil {
				t.Errorf("read %d candidates: %v", len(got.Candidates), err)
			}
			if host := got.Candidates[7].Audits["akash1auditor"]; len(host) != 1 {
				t.Errorf("audits %v", got.Candidates[7].Audits)
			}
		})
	}
	all.Wait()
	require.Equal(t, []int64{1, 2, 20, 20}, []int64{w.lists.Load(), w.pages.Load(), w.asked.Load(), w.audits.Load()})
}

func TestRead_chainFails(t *testing.T) {
	t.Parallel()
	cause := errors.New("no endpoint answers")
	for name, w := range map[string]*world{
		"dead":  {sellers: 1, listErr: cause},
		"hangs": {sellers: 1, hang: make(chan struct{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Limits: quick()})
			began := time.Now()
			_, err := r.Read(t.Context(), nil)
			require.ErrorIs(t, err, forecast.ErrUnread)
			require.ErrorContains(t, err, "the market could not be read")
			if w.listErr != nil {
				require.ErrorIs(t, err, cause)
			}
			require.Less(t, time.Since(began), 2*time.Second)
			lists := w.lists.Load()
			_, err = r.Read(t.Context(), nil)
			require.ErrorIs(t, err, forecast.ErrUnread)
			require.Equal(t, lists, w.lists.Load(), "the failure costs time once")
		})
	}
}

func TestRead_cancelled(t *testing.T) {
	t.Parallel()
	w := &world{sellers: 2, full: hangs}
	r := forecast.New(forecast.Config{Chain: w, Gateways: w.open})
	ctx, cancel := context.WithCancel(t.Context())
	w.full = func(ctx context.Context, addr string) (*providerv1.Status, error) {
		cancel()
		return hangs(ctx, addr)
	}
	_, err := r.Read(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, forecast.ErrUnread)
}
