// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"context"
	"net"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func event(kind string, attributes ...string) abci.Event {
	e := abci.Event{Type: kind}
	for i := 0; i < len(attributes); i += 2 {
		e.Attributes = append(e.Attributes, abci.EventAttribute{Key: attributes[i], Value: attributes[i+1]})
	}
	return e
}

func TestReadBlock(t *testing.T) {
	t.Parallel()
	const owner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	order := func(dseq string) string { return `{"owner":"` + owner + `","dseq":"` + dseq + `","gseq":1,"oseq":2` }
	got := akashprovider.ReadBlock(7,
		[]abci.Event{
			event("akash.market.v1.EventOrderCreated", "msg_index", "0", "id", order("1")+"}"),
			event("akash.market.v1.EventBidCreated", "price", "{}", "id", order("2")+`,"provider":"x","bseq":0}`),
			event("akash.deployment.v1.EventDeploymentCreated", "id", order("3")+"}"),
			event("akash.market.v1.EventLeaseClosed", "id", `{"owner":"nobody","dseq":"1","gseq":1,"oseq":1}`),
			event("akash.market.v1.EventBidClosed", "id", `broken`),
			event("akash.market.v1.EventBidClosed"),
		},
		[]abci.Event{
			event("akash.market.v1.EventLeaseCreated", "id", order("2")+"}"),
			event("akash.provider.v1beta4.EventProviderUpdated", "owner", `"seller"`),
			event("akash.audit.v1.EventTrustedAuditorCreated", "owner", `"other"`, "auditor", `"auditor"`),
			event("transfer", "owner", `"nobody"`),
		},
	)
	require.Equal(t, akashprovider.Block{
		Height: 7,
		Orders: map[marketv1.OrderID]bool{
			{Owner: owner, DSeq: 1, GSeq: 1, OSeq: 2}: true, {Owner: owner, DSeq: 2, GSeq: 1, OSeq: 2}: true,
		},
		Owners: map[string]bool{"seller": true, "other": true},
	}, got)

	later := akashprovider.ReadBlock(9, []abci.Event{event("akash.market.v1.EventOrderClosed", "id", order("4")+"}")})
	both := got.Then(later)
	require.Equal(t, int64(9), both.Height)
	require.Len(t, both.Orders, 3)
	require.Len(t, both.Owners, 2)
	require.Len(t, got.Orders, 2, "the first is as it was")
	require.Equal(t, later, akashprovider.Block{}.Then(later))
}

// market is several Akash providers on one chain with one watcher, which is told of changes rather than asking.
type market struct {
	chain   *fakeChain
	blocks  chan akashprovider.Block
	sellers []*akashprovider.AkashProvider
}

func newMarket(t *testing.T, sellers int, seed uint64) *market {
	t.Helper()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	m := &market{chain: newFakeChain(t), blocks: make(chan akashprovider.Block)}
	watcher := akashprovider.NewWatcher(akashprovider.WatcherConfig{
		Conn: m.chain.conn, Encoding: encoding, Seed: seed,
		Next: func(ctx context.Context) (akashprovider.Block, error) {
			select {
			case b := <-m.blocks:
				return b, nil
			case <-ctx.Done():
				return akashprovider.Block{}, ctx.Err()
			}
		},
	})
	for i := range sellers {
		address := newAccount(t, 100+i).address
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		identity, err := akashprovider.NewIdentity(address, "127.0.0.1", time.Now())
		require.NoError(t, err)
		p, err := akashprovider.Start(t.Context(), akashprovider.Config{
			Spec: testSpec(), Identity: identity, Conn: m.chain.conn, Wallet: fakeWallet{m.chain, address},
			Listener: listener, BlockTime: time.Second, Watcher: watcher, Encoding: &encoding, Seed: seed,
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, p.Close()) })
		m.sellers = append(m.sellers, p)
	}
	require.NoError(t, watcher.Start(t.Context(), m.chain.heightNow()))
	t.Cleanup(watcher.Close)
	return m
}

// block lets one pass that changed some orders, and waits until everybody has seen it.
func (m *market) block(t *testing.T, changed ...marketv1.OrderID) {
	t.Helper()
	m.chain.blocks(1)
	b := akashprovider.Block{Height: m.chain.heightNow(), Orders: map[marketv1.OrderID]bool{}}
	for _, id := range changed {
		b.Orders[id] = true
	}
	m.blocks <- b
	for _, p := range m.sellers {
		eventually(t, "the block seen", func() bool { return p.Height() == b.Height })
	}
}

// bidders are those with a bid on an order.
func (m *market) bidders(id marketv1.OrderID) []string {
	var out []string
	for _, msg := range m.chain.messages() {
		if bid, ok := msg.(*marketv1beta5.MsgCreateBid); ok && orderOf(bid.ID) == id {
			out = append(out, bid.ID.Provider)
		}
	}
	return out
}

func orderOf(b marketv1.BidID) marketv1.OrderID {
	return marketv1.OrderID{Owner: b.Owner, DSeq: b.DSeq, GSeq: b.GSeq, OSeq: b.OSeq}
}

func TestWatcher_readsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 2, 1)
	told, untold := firstOrder(newAccount(t, 1).address, 1), firstOrder(newAccount(t, 1).address, 2)
	m.chain.order(told, nil, webGroup())
	m.chain.order(untold, nil, webGroup())
	m.block(t, told)
	eventually(t, "bids of both", func() bool { return len(m.bidders(told)) == 2 })
	m.block(t, told)
	winner := m.sellers[0]
	m.chain.lease(told, winner.Address())
	m.block(t, told)
	require.Len(t, winner.Leases(), 1)
	require.Empty(t, m.sellers[1].Leases())
	require.Empty(t, m.bidders(untold), "no event has told of it")
	m.block(t, untold)
	eventually(t, "bids of both", func() bool { return len(m.bidders(untold)) == 2 })
	m.chain.end(told, winner.Address())
	m.block(t, told)
	require.Empty(t, winner.Leases())
}

// An order takes a number of bids; nobody sends one too many, and those who come too late say so.
func TestWatcher_quota(t *testing.T) {
	t.Parallel()
	const most = 3 + 1 // see chainReader.mostBids
	won := make([][]string, 2)
	for try := range won {
		m := newMarket(t, 8, 5)
		id := firstOrder(newAccount(t, 1).address, 1)
		m.chain.order(id, nil, webGroup())
		m.block(t, id)
		eventually(t, "as many bids as an order takes", func() bool { return len(m.bidders(id)) == most })
		m.block(t, id)
		m.block(t)
		won[try] = m.bidders(id)
		require.Len(t, won[try], most)
		for _, p := range m.sellers {
			decision := p.Decisions()[len(p.Decisions())-1]
			if decision.Price == "" {
				require.Contains(t, decision.Reason, "others were quicker")
				require.Zero(t, p.Pending(), "nothing stays reserved")
			}
		}
	}
	require.ElementsMatch(t, won[0], won[1], "the same ones for the same seed")
}
