// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// orders is a chain that has open orders and nothing else.
type orders struct {
	deploy.Chain
	open  []marketv1beta5.Order
	asked []string
	err   error
}

func (o *orders) OrdersPage(
	_ context.Context, owner, state string, _ []byte,
) ([]marketv1beta5.Order, []byte, error) {
	o.asked = append(o.asked, owner+" "+state)
	return o.open, nil, o.err
}

func (o *orders) MarketParams(context.Context) (marketv1beta5.Params, error) {
	return marketv1beta5.Params{OrderMaxBids: 20}, nil
}

func orderAt(dseq uint64, height int64) marketv1beta5.Order {
	return marketv1beta5.Order{
		ID: marketv1.OrderID{Owner: "akash1owner", DSeq: dseq, GSeq: 1, OSeq: 1}, CreatedAt: height,
	}
}

var narrow = market.Window{Blocks: 10, Quiet: 3, MinBids: 1}

// TestWindowOf counts the orders that were opened together with one, by their blocks.
func TestWindowOf(t *testing.T) {
	t.Parallel()
	mine := orderAt(1, 100)
	for name, test := range map[string]struct {
		others   []int64 // heights
		err      error
		together int
	}{
		"alone":                 {together: 1},
		"in the same block":     {others: []int64{100, 100}, together: 3},
		"two blocks apart":      {others: []int64{98, 99, 101, 102}, together: 5},
		"three blocks apart":    {others: []int64{97, 103, 1, 5000}, together: 1},
		"that cannot be listed": {others: []int64{100}, err: errors.New("pruned"), together: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on := &orders{open: []marketv1beta5.Order{mine}, err: test.err}
			for i, height := range test.others {
				on.open = append(on.open, orderAt(uint64(i+2), height))
			}
			d := deploy.New(deploy.Config{Chain: on, Clock: deploy.SystemClock{}, Logger: hclog.NewNullLogger()})
			want := narrow
			want.MaxBids = 21 // one more than the parameter says
			require.Equal(t, want.Together(test.together), deploy.WindowOf(d, t.Context(), narrow, mine))
			require.Equal(t, []string{"akash1owner open"}, on.asked)
		})
	}
}

// TestWindowOf_onChain opens deployments at once and one long after them, and leaves closed orders out.
func TestWindowOf_onChain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	var opening sync.WaitGroup
	for range 3 {
		opening.Go(func() {
			request, _ := web(t, nil)
			_, err := r.Open(t.Context(), request)
			require.NoError(t, err)
		})
	}
	opening.Wait()
	first, err := h.chain.LatestBlock(t.Context())
	require.NoError(t, err)
	require.NoError(t, h.net.WaitHeight(t.Context(), first.Height+5))
	request, _ := web(t, nil)
	late, err := r.Open(t.Context(), request)
	require.NoError(t, err)

	open, _, err := h.chain.OrdersPage(t.Context(), h.key.Address(), "open", nil)
	require.NoError(t, err)
	require.Len(t, open, 4)
	for _, order := range open {
		together := 1
		for _, other := range open {
			if apart := other.CreatedAt - order.CreatedAt; other.ID != order.ID && apart <= 2 && apart >= -2 {
				together++
			}
		}
		if chain.OrderIDOf(order.ID).DSeq == late.ID.DSeq {
			require.Equal(t, 1, together)
		}
		want := narrow
		want.MaxBids = 21
		require.Equal(t, want.Together(together), deploy.WindowOf(r.Deployer, t.Context(), narrow, order))
	}
	for _, order := range open {
		require.NoError(t, r.CloseDeployment(t.Context(), chain.OrderIDOf(order.ID).Deployment()))
	}
	alone := deploy.WindowOf(r.Deployer, t.Context(), narrow, open[0])
	require.Equal(t, narrow.Blocks, alone.Blocks, "closed orders do not count")
}
