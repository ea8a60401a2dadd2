// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"errors"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// sent picks the messages of one type out of all that were sent.
func sent[M any](c *fakeChain) []M {
	var out []M
	for _, msg := range c.messages() {
		if m, ok := msg.(M); ok {
			out = append(out, m)
		}
	}
	return out
}

func bids(w *world) []*marketv1beta5.MsgCreateBid { return sent[*marketv1beta5.MsgCreateBid](w.chain) }

func closes(w *world) []*marketv1beta5.MsgCloseBid { return sent[*marketv1beta5.MsgCloseBid](w.chain) }

func TestStart_registers(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.Attributes = map[string]string{"b": "2", "a": "1"} })
	made := sent[*providerv1beta4.MsgCreateProvider](w.chain)
	require.Len(t, made, 1)
	require.Equal(t, w.HostURI(), made[0].HostURI)
	require.Equal(t, "a", made[0].Attributes[0].Key)
	require.Len(t, sent[*certv1.MsgCreateCertificate](w.chain), 1)

	// A second start on the same chain: a new address and a new certificate, the rest stays.
	require.NoError(t, w.Close())
	w.clock.move(time.Second)
	again := startOn(t, w.chain, w.clock, testSpec())
	moved := sent[*providerv1beta4.MsgUpdateProvider](w.chain)
	require.Len(t, moved, 1)
	require.Equal(t, again.HostURI(), moved[0].HostURI)
	require.Len(t, moved[0].Attributes, 2)
	require.Len(t, sent[*certv1.MsgCreateCertificate](w.chain), 2)
}

func TestEngine_bids(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.BidDelayBlocks = 2; s.ReclamationWindow = time.Hour })
	tenant := newAccount(t, 1).address
	w.chain.order(firstOrder(tenant, 1), []byte("h"), webGroup())
	w.settle(t, 1)
	require.Empty(t, bids(w), "the delay is two blocks")
	require.Equal(t, 1, w.Pending(), "what is bid on later is reserved now")
	w.settle(t, 2)
	eventually(t, "a bid", func() bool { return len(bids(w)) == 1 })

	bid := bids(w)[0]
	require.NotNil(t, bid.ReclamationWindow)
	require.Equal(t, time.Hour, *bid.ReclamationWindow)
	require.Equal(t, w.Address(), bid.ID.Provider)
	require.Equal(t, "6.075200000000000000uact", bid.Price.String())
	require.Equal(t, "500000uakt", bid.Deposit.Amount.String())
	require.Len(t, bid.ResourcesOffer, 1)
	require.Equal(t, uint32(1), bid.ResourcesOffer[0].Count)
	require.Equal(t, webGroup().Resources[0].Resource, bid.ResourcesOffer[0].Resources)
	w.settle(t, 3)
	require.Len(t, bids(w), 1, "one bid an order")
	require.Equal(t, "6.075200000000000000uact", w.Decisions()[0].Price)
}

func TestEngine_oneBidABlock(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := newAccount(t, 1).address
	for dseq := uint64(1); dseq <= 3; dseq++ {
		w.chain.order(firstOrder(tenant, dseq), []byte("h"), webGroup())
	}
	for n := 1; n <= 3; n++ {
		w.settle(t, 1)
		eventually(t, "one more bid", func() bool { return len(bids(w)) == n })
		require.Equal(t, uint64(n), bids(w)[n-1].ID.DSeq, "older orders and lower dseq first")
	}
}

func TestEngine_refusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*akashprovider.Spec)
		want string
	}{
		{"too dear", func(s *akashprovider.Spec) { s.Pricing.PerMilliCPU = sdkmath.LegacyNewDec(9) }, "price too high"},
		{"no room", func(s *akashprovider.Spec) { s.Inventory[0].CPUMilli = 499 }, "sufficient resources"},
		{"wants an attribute", func(s *akashprovider.Spec) {
			s.RequiredAttributes = map[string]string{"organization": "x"}
		}, "incompatible order attributes"},
		{"fault", func(s *akashprovider.Spec) { s.Faults.NeverBid = true }, "fault"},
		{"price rise", func(s *akashprovider.Spec) { s.Faults.PriceFactor = sdkmath.LegacyNewDec(1000) }, "price too high"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := start(t, c.edit)
			w.chain.order(firstOrder(newAccount(t, 1).address, 1), []byte("h"), webGroup())
			w.settle(t, 3)
			require.Empty(t, bids(w))
			require.Zero(t, w.Pending(), "nothing stays reserved")
			require.Len(t, w.Decisions(), 1)
			require.Contains(t, w.Decisions()[0].Reason, c.want)
		})
	}
}

// bidden brings one order to an open bid.
func bidden(t *testing.T, w *world, dseq uint64, hash []byte) marketv1.OrderID {
	t.Helper()
	id := firstOrder(newAccount(t, 1).address, dseq)
	before := len(bids(w))
	w.chain.order(id, hash, webGroup())
	w.settle(t, 1)
	eventually(t, "a bid", func() bool { return len(bids(w)) > before })
	w.settle(t, 1)
	return id
}

func TestEngine_lostAndWithdrawn(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	require.Equal(t, 1, w.Pending())
	w.chain.do(func() {
		w.chain.orders[id].State = marketv1beta5.Order_active
		w.chain.bids[bidOf(id, w.Address())].State = marketv1beta5.Bid_lost
	})
	w.settle(t, 1)
	require.Zero(t, w.Pending(), "a lost order is released")

	bidden(t, w, 2, nil)
	require.Empty(t, closes(w))
	w.clock.move(5 * time.Minute)
	w.settle(t, 1)
	eventually(t, "the withdrawal", func() bool { return len(closes(w)) == 1 })
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_unspecified, closes(w)[0].Reason)
	w.settle(t, 2)
	require.Zero(t, w.Pending())
	require.Len(t, bids(w), 2, "it does not bid on the order again")
}

func TestEngine_refusedTransaction(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	w.chain.do(func() { w.chain.refuse = errors.New("mempool is full") })
	w.chain.order(firstOrder(newAccount(t, 1).address, 1), nil, webGroup())
	w.settle(t, 1)
	eventually(t, "the refusal", func() bool {
		refused := false
		w.chain.do(func() { refused = w.chain.refuse == nil })
		return refused
	})
	require.Empty(t, bids(w))
	w.settle(t, 1)
	eventually(t, "a second try in a later block", func() bool { return len(bids(w)) == 1 })
	require.Equal(t, 1, w.Pending())
}

func TestEngine_leaseLife(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	w.chain.lease(id, w.Address())
	w.settle(t, 1)
	lease := ids.LeaseID{Owner: id.Owner, DSeq: 1, GSeq: 1, OSeq: 1, ProviderAddr: w.Address()}
	require.Equal(t, []ids.LeaseID{lease}, w.Leases())
	require.Equal(t, 1, w.Active())
	_, deployed := w.Deployed(lease)
	require.False(t, deployed)

	require.NoError(t, w.CloseLease(t.Context(), lease, marketv1.LeaseClosedReason_lease_closed_reason_decommission))
	w.settle(t, 1)
	require.Empty(t, w.Leases())
	require.Zero(t, w.Active())
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_decommission, closes(w)[0].Reason)
}

func TestEngine_manifestTimeout(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	w.chain.lease(id, w.Address())
	w.settle(t, 1)
	w.SetFaults(akashprovider.Faults{IgnoreManifestTimeout: true})
	w.clock.move(5 * time.Minute)
	w.settle(t, 2)
	require.Empty(t, closes(w))
	w.SetFaults(akashprovider.Faults{})
	w.settle(t, 1)
	eventually(t, "the lease given up", func() bool { return len(closes(w)) == 1 })
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_manifest_timeout, closes(w)[0].Reason)
	w.settle(t, 2)
	require.Empty(t, w.Leases())
	require.Len(t, closes(w), 1)
}

func TestEngine_faultsCloseAndWithdraw(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	w.chain.lease(id, w.Address())
	w.settle(t, 1)
	w.SetFaults(akashprovider.Faults{CloseLeases: true, WithdrawBids: true})
	w.settle(t, 1)
	eventually(t, "the lease closed", func() bool { return len(closes(w)) == 1 })
	require.Equal(t, marketv1.LeaseClosedReason_lease_closed_reason_unstable, closes(w)[0].Reason)
	bidden(t, w, 2, nil)
	w.settle(t, 1)
	eventually(t, "the bid withdrawn", func() bool { return len(closes(w)) == 2 })
}

func TestEngine_restart(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	leased := bidden(t, w, 1, nil)
	w.chain.lease(leased, w.Address())
	bidden(t, w, 2, nil)
	require.NoError(t, w.Close())

	w.clock.move(time.Second)
	again := startOn(t, w.chain, w.clock, testSpec())
	again.settle(t, 2)
	require.Len(t, bids(again), 2, "an open bid is taken over, not repeated")
	require.Equal(t, 1, again.Active())
	require.Equal(t, 1, again.Pending())
	again.clock.move(4 * time.Minute)
	again.settle(t, 1)
	require.Empty(t, closes(again))
	again.clock.move(2 * time.Minute)
	again.settle(t, 2)
	eventually(t, "the old bid withdrawn", func() bool { return len(closes(again)) == 1 })
	require.Equal(t, uint64(2), closes(again)[0].ID.DSeq, "a lease from before the restart is not given up")
}

func leaseOf(id marketv1.OrderID, providerAddr string) ids.LeaseID {
	return ids.LeaseID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, ProviderAddr: providerAddr}
}
