// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// manyBids is how many accounts a check makes.
const manyBids = 40

type offer = marketv1beta5.MsgCreateBid

func TestBidRefusals(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	params := tenant.marketParams(t)
	id := tenant.bidFor(dseq, 1, seller)
	unknown, own, nonsense := id, id, id
	unknown.OSeq, own.Owner, nonsense.BSeq = 7, seller.addr, 1
	least := sdk.NewCoins(params.BidMinDeposits...).AmountOf(coin.UAKT)
	const page = "lifecycle.md 4"
	early := func(fact, what string, msg sdk.Msg, codespace string, code uint32, text string) refusal {
		return refusal{fact, what, msg, wallet.Options{Gas: 300_000}, codespace, code, text, true}
	}
	seller.refuses(t,
		early("observed.md 7e", "a bid on an order of one's own", bid(own, "10"), "sdk", 36, "BidID: self-bid: conflict"),
		early(page, "a price of 0", bid(id, "0"), "market", 19, "invalid bid: zero price"),
		fails("observed.md 7a", "a price above the order's", bid(id, "1001"), "market", 22, "bid price is invalid"),
		fails(page, "a price a trifle above the order's", bid(id, "1000.000000000000000001"), "market", 22,
			"bid price is invalid"),
		fails("observed.md 7a", "no such order", bid(unknown, "10"), "market", 15, "invalid order: order not found"),
		fails("observed.md 7a", "too small a deposit", bid(id, "10", func(m *offer) {
			m.Deposit = fromBalance(1000, coin.UAKT)
		}), "undefined", 1, "deposit invalid: minimum:"+least.String()+"uakt received:{1000uakt [balance]}"),
		fails(page, "an offer of another count", bid(id, "10", func(m *offer) {
			m.ResourcesOffer = []marketv1beta5.ResourceOffer{{Resources: tenant.group("").Resources[0].Resource, Count: 2}}
		}), "market", 32, "capabilities mismatch"),
		fails(page, "a window below the least", bid(id, "10", func(m *offer) {
			window := params.MinReclamationWindow - time.Second
			m.ReclamationWindow = &window
		}), "market", 39, "reclamation window outside governance bounds"),
	)
	check(t, "observed.md 7a", "refused: a bid in uakt panics inside the message", func(t *testing.T) {
		res := seller.try(t, wallet.Options{}, bid(id, "10", func(m *offer) {
			m.Price = sdk.NewDecCoinFromDec(coin.UAKT, math.LegacyNewDec(10))
		}))
		require.Equal(t, "undefined", res.Codespace)
		require.EqualValues(t, 111222, res.Code)
		require.True(t, strings.HasPrefix(res.RawLog, "recovered: invalid coin denominations; uact, uakt\nstack:\n"))
	})
	stranger := newActor(t)
	stranger.refuses(t, fails("observed.md 7a", "a bid of somebody who is not registered",
		bid(tenant.bidFor(dseq, 1, stranger), "10"), "market", 30, "unknown provider"))
	seller.do(t, bid(id, "1000"))
	check(t, page, "accepted: a price equal to the order's", func(t *testing.T) {
		require.Equal(t, "open", tenant.bid(t, id).Bid.State.String())
	})
	seller.refuses(t,
		fails("observed.md 7a", "a second bid", bid(id, "5"), "market", 21, "invalid bid: bid exists from provider"),
		fails("lifecycle.md 5", "withdrawing without a lease", withdraw(id), "market", 7, "unknown lease"),
	)
	check(t, page, "refused: a bid sequence", func(t *testing.T) {
		require.NotZero(t, seller.try(t, wallet.Options{}, bid(nonsense, "10")).Code)
	})
	check(t, page, "refused: a tenant's reason", func(t *testing.T) {
		res := seller.try(t, wallet.Options{}, closeBid(id, marketv1.LeaseClosedReason_lease_closed_owner))
		require.Equal(t, "market", res.Codespace)
		require.EqualValues(t, 33, res.Code)
	})
	tenant.refuses(t, fails("observed.md 7a", "a lease of no bid", lease(tenant.bidFor(dseq, 1, stranger)),
		"market", 18, "invalid bid: bid not found"))
	tenant.do(t, lease(id))
	late := newSeller(t)
	late.refuses(t, fails("observed.md 7a", "a bid on a matched order", bid(tenant.bidFor(dseq, 1, late), "10"),
		"market", 23, "order active"))
	tenant.refuses(t, fails("observed.md 7a", "a lease twice", lease(id), "market", 12, "bid not open"))
	tenant.do(t, closeLease(id))
	tenant.refuses(t,
		fails("observed.md 7a", "closing a lease again", closeLease(id), "market", 24, "order closed"),
		fails("lifecycle.md 5", "closing a lease of no order", closeLease(unknown), "market", 15,
			"invalid order: order not found"),
	)
	late.refuses(t, fails("lifecycle.md 4", "a bid on a closed order", bid(tenant.bidFor(dseq, 1, late), "10"),
		"market", 24, "order closed"))
}

// One more bid than the parameter says fits on an order, since the network's comparison is with what was there before.
func TestMostBids(t *testing.T) {
	t.Parallel()
	tenant := newActor(t)
	most := int(tenant.marketParams(t).OrderMaxBids)
	if most > manyBids {
		notOnForeignChain(t, fmt.Sprintf("an order takes %d bids", most))
	}
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	sellers := make([]*actor, most+1)
	for i := range sellers {
		sellers[i] = newActor(t)
	}
	failures := make(chan error, len(sellers))
	for _, s := range sellers {
		go func() {
			failures <- s.wallet.Broadcast(t.Context(), s.registration(), bid(tenant.bidFor(dseq, 1, s), "10"))
		}()
	}
	check(t, "lifecycle.md 4", "as many bids as the parameter, and one", func(t *testing.T) {
		for range sellers {
			require.NoError(t, <-failures)
		}
		got := tenant.getOK(t, fmt.Sprintf("%sbids/list?filters.owner=%s&filters.dseq=%d", pathMarket, tenant.addr, dseq))
		require.Len(t, at(t, got, "bids"), most+1)
	})
	late := newSeller(t)
	late.refuses(t, fails("lifecycle.md 4", "another one", bid(tenant.bidFor(dseq, 1, late), "10"), "", 0, "invalid bid"))
}

func TestLostBids(t *testing.T) {
	t.Parallel()
	tenant, one, two := newActor(t), newSeller(t), newSeller(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	first, second := tenant.bidFor(dseq, 1, one), tenant.bidFor(dseq, 1, two)
	one.do(t, bid(first, "10"))
	two.do(t, bid(second, "20"))
	check(t, "observed.md 12", "two leases on one order in a transaction: none", func(t *testing.T) {
		res := tenant.try(t, wallet.Options{}, lease(first), lease(second))
		require.Equal(t, "market", res.Codespace)
		require.EqualValues(t, 12, res.Code)
		require.Equal(t, "failed to execute message; message index: 1: bid not open", res.RawLog)
		require.Equal(t, "open", tenant.bid(t, first).Bid.State.String())
	})
	tenant.do(t, lease(second))
	tenant.refuses(t, fails("observed.md 7a", "a lease of a lost bid", lease(first), "market", 12, "bid not open"))
}

func TestWithdrawnBid(t *testing.T) {
	t.Parallel()
	tenant, seller := newActor(t), newSeller(t)
	dseq := tenant.nextDSeq()
	tenant.do(t, tenant.creation(dseq))
	id := tenant.bidFor(dseq, 1, seller)
	had := seller.balance(t, seller.addr, coin.UAKT)
	placed := seller.do(t, bid(id, "10"))
	gone := seller.do(t, closeBid(id, marketv1.LeaseClosedReason_lease_closed_reason_unspecified))
	check(t, "lifecycle.md 4", "a bid is withdrawn, its deposit comes back, the order stays open", func(t *testing.T) {
		require.Equal(t, "BidClosed", akashEvents(gone))
		require.Equal(t, had.Sub(fee(t, placed)).Sub(fee(t, gone)), seller.balance(t, seller.addr, coin.UAKT))
		require.Equal(t, "closed", tenant.bid(t, id).Bid.State.String())
		require.Equal(t, []string{"open"}, tenant.orderStates(t, dseq))
	})
	tenant.refuses(t, fails("lifecycle.md 5", "a lease of a withdrawn bid", lease(id), "market", 12, "bid not open"))
	seller.refuses(t,
		fails("observed.md 7a", "withdrawing it again", closeBid(id,
			marketv1.LeaseClosedReason_lease_closed_reason_unspecified), "market", 8, "unknown lease for bid"),
		fails("lifecycle.md 4", "a new bid after it", bid(id, "5"), "market", 21, "invalid bid: bid exists from provider"),
	)
}

// Who may bid at all, by the chain's own check of attributes.
func TestPlacement(t *testing.T) {
	t.Parallel()
	tenant, auditor, seller := newActor(t), newActor(t), newActor(t)
	attribute := func(key, value string) attributesv1.Attribute { return attributesv1.Attribute{Key: key, Value: value} }
	seller.do(t, seller.registration(attribute("region", "us-west"),
		attribute("capabilities/storage/1/class", "beta2"), attribute("capabilities/storage/1/persistent", "true"),
		attribute("capabilities/gpu/vendor/nvidia/model/a100", "true"),
		attribute("capabilities/gpu/vendor/nvidia/model/a100/ram/80Gi", "true")))
	requires := func(list ...attributesv1.Attribute) func(*creation) {
		return func(m *creation) {
			r := &m.Groups[0].Requirements
			r.Attributes = append(r.Attributes, list...)
		}
	}
	volume := func(class, persistent string) func(*creation) {
		return func(m *creation) {
			r := &unit(m).Resource
			r.Storage = append(r.Storage, resourcesv1beta4.Storage{
				Name: "data", Quantity: quantity(1 << 30),
				Attributes: []attributesv1.Attribute{attribute("class", class), attribute("persistent", persistent)},
			})
		}
	}
	gpu := func(keys ...string) func(*creation) {
		return func(m *creation) {
			g := &resourcesv1beta4.GPU{Units: quantity(1)}
			for _, key := range keys {
				g.Attributes = append(g.Attributes, attribute(key, "true"))
			}
			unit(m).Resource.GPU = g
		}
	}
	auditedBy := func(list func(*deploymentv1beta4.GroupSpec) *[]string) func(*creation) {
		return func(m *creation) { *list(&m.Groups[0]) = []string{auditor.addr} }
	}
	anyOf := auditedBy(func(g *deploymentv1beta4.GroupSpec) *[]string { return &g.Requirements.SignedBy.AnyOf })
	allOf := auditedBy(func(g *deploymentv1beta4.GroupSpec) *[]string { return &g.Requirements.SignedBy.AllOf })
	offers := func(t *testing.T, change func(*creation)) *sdk.TxResponse {
		t.Helper()
		dseq := tenant.nextDSeq()
		tenant.do(t, tenant.creation(dseq, change))
		id := tenant.bidFor(dseq, 1, seller)
		res := seller.try(t, wallet.Options{}, bid(id, "10"))
		if res.Code == 0 { // its deposit is for the next one
			seller.do(t, closeBid(id, marketv1.LeaseClosedReason_lease_closed_reason_unspecified))
		}
		return res
	}
	for _, c := range []struct {
		what   string
		change func(*creation)
		code   uint32
	}{
		{"an attribute that it has", requires(attribute("region", "us-west")), 0},
		{"an attribute with another value", requires(attribute("region", "eu-central")), 5},
		{"an attribute that it lacks", requires(attribute("tier", "community")), 5},
		{"a class of storage that it has", volume("beta2", "true"), 0},
		{"a class of storage that it lacks", volume("beta3", "true"), 32},
		{"a class that it has, but not persistent", volume("beta2", "false"), 32},
		{"a gpu that it has", gpu("vendor/nvidia/model/a100"), 0},
		{"a gpu with its memory", gpu("vendor/nvidia/model/a100/ram/80Gi"), 0},
		{"a gpu with other memory", gpu("vendor/nvidia/model/a100/ram/40Gi"), 32},
		{"any gpu", gpu("vendor/nvidia/model/*"), 0},
		{"one of two gpus", gpu("vendor/nvidia/model/h100", "vendor/nvidia/model/a100"), 0},
		{"a gpu that it lacks", gpu("vendor/nvidia/model/h100"), 32},
		{"an audit by one of a list", anyOf, 5},
		{"an audit by all of a list", allOf, 5},
	} {
		check(t, "ip-and-gpu.md 3", "an order that asks for "+c.what, func(t *testing.T) {
			res := offers(t, c.change)
			require.Equal(t, c.code, res.Code, res.RawLog)
			if c.code != 0 {
				require.Equal(t, "market", res.Codespace)
			}
		})
	}
	auditor.do(t, &auditv1.MsgSignProviderAttributes{
		Owner: seller.addr, Auditor: auditor.addr, Attributes: []attributesv1.Attribute{attribute(runKey, seller.pool.run)},
	})
	for what, change := range map[string]func(*creation){"one of a list": anyOf, "all of a list": allOf} {
		check(t, "ip-and-gpu.md 3", "an audit by "+what+" is there now", func(t *testing.T) {
			require.Zero(t, offers(t, change).Code)
		})
	}
	check(t, "ip-and-gpu.md 3", "what the seller says itself does not count for an audit", func(t *testing.T) {
		res := offers(t, func(m *creation) { anyOf(m); requires(attribute("region", "us-west"))(m) })
		require.Equal(t, "market", res.Codespace)
		require.EqualValues(t, 5, res.Code)
	})
}
