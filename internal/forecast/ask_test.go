// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

func fails(err error) func(context.Context, string) (*providerv1.Status, error) {
	return func(context.Context, string) (*providerv1.Status, error) { return nil, fmt.Errorf("gateway: %w", err) }
}

func tellsLess(context.Context, string) (gateway.Status, error) {
	return gateway.Status{Nodes: []gateway.NodeStatus{{Name: "rest", CPU: 7}}}, nil
}

func failsToo(err error) func(context.Context, string) (gateway.Status, error) {
	return func(context.Context, string) (gateway.Status, error) { return gateway.Status{}, err }
}

func TestRead_gateways(t *testing.T) {
	t.Parallel()
	down := fmt.Errorf("%w: %w", gateway.ErrUnavailable, syscall.ECONNREFUSED)
	for name, tc := range map[string]struct {
		full   func(context.Context, string) (*providerv1.Status, error)
		lesser func(context.Context, string) (gateway.Status, error)
		node   string // of the inventory
		silent string
		rest   int64 // calls over REST
	}{
		"answers":              {node: "n1"},
		"only REST answers":    {full: fails(gateway.ErrUnavailable), lesser: tellsLess, node: "rest", rest: 1},
		"unimplemented":        {full: fails(gateway.ErrNotOffered), lesser: tellsLess, node: "rest", rest: 1},
		"gRPC is a black hole": {full: hangs, lesser: tellsLess, node: "rest", rest: 1},
		"somebody else": {
			full: fails(gateway.ErrIdentity), lesser: tellsLess,
			silent: "did not prove to be itself: its certificate is not the one on chain",
		},
		"somebody else over REST": {
			full: fails(gateway.ErrUnavailable), lesser: failsToo(gateway.ErrIdentity), rest: 1,
			silent: "did not prove to be itself: its certificate is not the one on chain",
		},
		"black hole": {full: hangs, silent: "did not answer in 200ms", rest: 1},
		"refuses": {
			full: fails(gateway.ErrUnavailable), lesser: failsToo(down), silent: "refused the connection", rest: 1,
		},
		"no such host": {
			full: fails(gateway.ErrUnavailable), lesser: failsToo(&net.DNSError{Err: "no such host", Name: "x"}),
			silent: "has a host name that is not known", rest: 1,
		},
		"broken": {
			full: fails(gateway.ErrUnavailable), lesser: failsToo(errors.New("HTTP 500")),
			silent: "did not answer as a gateway does", rest: 1,
		},
		"nonsense": {
			full:   func(context.Context, string) (*providerv1.Status, error) { return statusOf(machine("n1", "x")), nil },
			lesser: failsToo(errors.New("HTTP 500")), silent: "told an inventory that cannot be read", rest: 1,
		},
		"nonsense over gRPC alone": {
			full:   func(context.Context, string) (*providerv1.Status, error) { return &providerv1.Status{}, nil },
			lesser: tellsLess, node: "rest", rest: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{sellers: 1, full: tc.full, lesser: tc.lesser}
			r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Limits: quick()})
			for range 2 { // what was told, and silence too, holds for a while
				got, err := r.Read(t.Context(), nil)
				require.NoError(t, err)
				require.Empty(t, got.Partial)
				c := got.Candidates[0]
				require.Equal(t, tc.silent, c.Silent)
				require.NotZero(t, c.ReadAt)
				if tc.node == "" {
					require.Nil(t, c.Inventory)
					continue
				}
				require.Equal(t, tc.node, c.Inventory.Nodes[0].Name)
			}
			require.Equal(t, []int64{1, tc.rest}, []int64{w.asked.Load(), w.lesserAsked.Load()})
		})
	}
}

func TestRead_slowGatewaysDoNotDelay(t *testing.T) {
	t.Parallel()
	// More gateways hang than are asked at once: time runs out before all were asked.
	w := &world{sellers: 9, full: func(ctx context.Context, addr string) (*providerv1.Status, error) {
		if addr == addrOf(9) {
			return roomy("1"), nil
		}
		return hangs(ctx, addr)
	}}
	now := new(clock)
	limits := quick()
	limits.Gateways = 3
	r := forecast.New(forecast.Config{
		Chain: w, Gateways: w.open, Limits: limits, Clock: now.Now,
	})
	began := time.Now()
	got, err := r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.Less(t, time.Since(began), 2*time.Second)
	for _, c := range got.Candidates {
		require.Equal(t, "did not answer in 200ms", c.Silent, c.Addr)
	}
	// Those known to be silent are asked last from then on.
	now.advance(2 * time.Minute)
	got, err = r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.NotNil(t, got.Candidates[8].Inventory)
}

func TestRead_noURI(t *testing.T) {
	t.Parallel()
	w := &world{sellers: 1}
	r := forecast.New(forecast.Config{Chain: w, Gateways: func(string, string) (forecast.Gateway, error) {
		return nil, errors.New("want https://host:port")
	}})
	got, err := r.Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "has no usable host URI", got.Candidates[0].Silent)
}

func TestRead_partial(t *testing.T) {
	t.Parallel()
	w := &world{sellers: 2, pageSize: 2, auditErr: errors.New("pruned")}
	w.bids = map[string][]bidResponse{"active": nil, "open": {bid(9, addrOf(1), 5, "1"), bid(10, addrOf(1), 4, "0")}}
	for i := range 7 {
		w.bids["active"] = append(w.bids["active"], bid(uint64(i), addrOf(1), int64(100+i), "3"))
	}
	limits := forecast.Limits{BidPages: 2, PerSeller: 3}
	r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Limits: limits})
	got, err := r.Read(t.Context(), func(market.Seller) bool { return false }, "akash1auditor")
	require.NoError(t, err)
	require.Equal(t, []string{
		"what auditors signed for 2 of 2 Akash providers", "prices of the network's bids beyond the first 6",
	}, got.Partial)
	require.Zero(t, w.asked.Load())
	var heights []int64
	for _, seen := range got.Observations {
		heights = append(heights, seen.Height)
	}
	require.Equal(t, []int64{103, 102, 101}, heights, "of each the newest")

	// A page that fails leaves those before it.
	w = &world{sellers: 1, pageSize: 2, bids: w.bids, bidErr: errors.New("no endpoint")}
	got, err = forecast.New(forecast.Config{Chain: w, Gateways: w.open}).Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"prices of the network's bids beyond the first 4"}, got.Partial)
	require.Len(t, got.Observations, 3)

	w = &world{sellers: 1, pageErr: errors.New("no endpoint")}
	got, err = forecast.New(forecast.Config{Chain: w, Gateways: w.open}).Read(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"prices of the network's bids"}, got.Partial)
}

// TestAsk asks gateways that are in no list, once for a while.
func TestAsk(t *testing.T) {
	t.Parallel()
	w := &world{sellers: 1, full: func(_ context.Context, addr string) (*providerv1.Status, error) {
		if addr == addrOf(7) {
			return nil, fmt.Errorf("gateway: %w", gateway.ErrIdentity)
		}
		return roomy("4"), nil
	}}
	r := forecast.New(forecast.Config{Chain: w, Gateways: w.open, Clock: new(clock).Now})
	strangers := []market.Seller{
		{Addr: addrOf(7), HostURI: "https://h:8443"}, {Addr: addrOf(8), HostURI: "https://i:8443", Email: "x@y"},
	}
	for range 2 {
		told := r.Ask(t.Context(), strangers...)
		require.Len(t, told, 2)
		require.Equal(t, strangers[0], told[0].Seller)
		require.Nil(t, told[0].Inventory)
		require.Contains(t, told[0].Silent, "did not prove to be itself")
		require.Equal(t, "x@y", told[1].Email)
		require.NotNil(t, told[1].Inventory)
	}
	require.Equal(t, int64(2), w.asked.Load(), "an answer holds for a while")
	require.Zero(t, w.lists.Load(), "the chain is not asked who is registered")
}
