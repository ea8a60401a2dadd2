// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"cmp"
	"slices"
	"time"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/bidding"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

const (
	bidDepositUAKT = 500_000
	// A bid that is not in a block after so many is given up; a failing transaction is tried so often.
	inclusionBlocks = 10
	maxAttempts     = 3
)

// Reasons of the engine's own not to bid.
const (
	reasonNeverBids bidding.Reason = "fault: it never bids"
	reasonStranger  bidding.Reason = "it is not registered on chain"
	reasonFull      bidding.Reason = "others were quicker: the order has as many bids as it may have"
)

// phase is where the engine stands with one order.
type phase int

const (
	phaseDone    phase = iota // no bid, or no longer
	phaseDue                  // a bid is to be sent
	phaseSent                 // sent, not seen in a block
	phaseOpen                 // open on chain
	phaseLeasing              // its lease runs here
)

// order is what the engine knows of one order; it is dropped when the order is open no longer and not leased.
type order struct {
	id       marketv1.OrderID
	phase    phase
	due      int64 // block
	price    sdk.DecCoin
	offer    []marketv1beta5.ResourceOffer
	sentAt   int64     // block
	openedAt time.Time // by our clock
	openedIn int64     // block
	attempts int
	closing  bool
}

// updateOrders judges new orders and follows those it has bid on; the caller holds the lock.
func (p *AkashProvider) updateOrders(v view) {
	mine := map[marketv1.OrderID]bool{}
	for id := range v.leases {
		mine[orderOf(id)] = true
	}
	for id, o := range p.orders {
		_, open := v.orders[id]
		switch {
		case open && !mine[id]: // else the orders were read before the lease was made, and the bids after it
			p.followOrder(o, v)
		case open:
		case mine[id]:
			o.phase = phaseLeasing
		case o.phase != phaseLeasing:
			p.inventory.Release(id)
			delete(p.orders, id)
		}
	}
	for _, fresh := range v.fresh {
		if p.faults.Dead {
			p.missed = append(p.missed, fresh.ID)
			continue
		}
		if _, known := p.orders[fresh.ID]; known {
			continue
		}
		// What is not bid on is not kept: nobody asks again.
		if o := p.judge(fresh, v); o.phase != phaseDone {
			p.orders[fresh.ID] = o
		}
	}
	if !p.faults.Dead {
		p.missed = nil
	}
	for id, adopted := range v.adopted {
		if _, err := p.inventory.Reserve(id, adopted.Spec); err != nil {
			p.log.Warn("a running lease does not fit", "order", orderID(id), "reason", err)
		}
		p.orders[id] = &order{id: id, phase: phaseLeasing}
	}
}

// toJudge are the fresh orders, and those that came while it was dead. The answer is for the next observe.
func (p *AkashProvider) toJudge(fresh []marketv1beta5.Order, open orderMap) []marketv1beta5.Order {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.Dead || len(p.missed) == 0 {
		return fresh
	}
	fresh = slices.Clone(fresh)
	for _, id := range p.missed {
		if o, ok := open[id]; ok {
			fresh = append(fresh, o)
		}
	}
	return fresh
}

// compareOrders puts older orders first.
func compareOrders(a, b marketv1beta5.Order) int {
	return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), compareIDs(a.ID, b.ID))
}

func compareIDs(a, b marketv1.OrderID) int {
	return cmp.Or(cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.DSeq, b.DSeq),
		cmp.Compare(a.GSeq, b.GSeq), cmp.Compare(a.OSeq, b.OSeq))
}

// judge decides once about a new order. An own bid that is already on chain is taken over, as after a restart.
func (p *AkashProvider) judge(from marketv1beta5.Order, v view) *order {
	o := &order{id: from.ID, due: from.CreatedAt + p.bidDelay(from.ID) + p.faults.BidLateBlocks}
	if bid, ok := v.bids[from.ID]; ok {
		if _, err := p.inventory.Reserve(from.ID, from.Spec); err != nil {
			p.log.Warn("an open bid does not fit", "order", orderID(from.ID), "reason", err)
		}
		o.phase, o.price, o.openedAt, o.openedIn = phaseOpen, bid.Price, p.now(), bid.CreatedAt
		return o
	}
	price, offer, err := p.quote(from, v)
	decision := Decision{Order: orderID(from.ID), Height: v.height}
	if err != nil {
		decision.Reason = err.Error()
		p.log.Debug("no bid", "order", decision.Order, "reason", err)
	} else {
		o.phase, o.price, o.offer = phaseDue, price, offer
		decision.Price, decision.Due = price.String(), o.due
	}
	p.decide(decision)
	return o
}

// bidDelay is for how many blocks an order waits: the same for the same seed, whatever else goes on.
func (p *AkashProvider) bidDelay(id marketv1.OrderID) int64 {
	// The numbers are small, and not negative: the spec was checked.
	ways := uint64(p.spec.BidJitterBlocks) + 1 //nolint:gosec // see above
	jitter := hash(p.seed, orderID(id).String()+p.identity.Address) % ways
	return p.spec.BidDelayBlocks + int64(jitter) //nolint:gosec // see above
}

// quote reserves and prices an order; on an error, which is a [bidding.Reason], nothing stays reserved.
func (p *AkashProvider) quote(
	o marketv1beta5.Order, v view,
) (sdk.DecCoin, []marketv1beta5.ResourceOffer, error) {
	if p.faults.NeverBid {
		return sdk.DecCoin{}, nil, reasonNeverBids
	}
	if o.ID.Owner == p.identity.Address {
		return sdk.DecCoin{}, nil, bidding.Reason("its own deployment")
	}
	if v.stranger {
		return sdk.DecCoin{}, nil, reasonStranger
	}
	if err := v.facts.Refuses(o.Spec); err != nil {
		return sdk.DecCoin{}, nil, err
	}
	if o.Reclamation != nil && p.spec.ReclamationWindow < o.Reclamation.MinWindow {
		return sdk.DecCoin{}, nil, bidding.Reason("reclamation window is shorter than the order's minimum")
	}
	reserved, err := p.inventory.Reserve(o.ID, o.Spec)
	if err != nil {
		return sdk.DecCoin{}, nil, err
	}
	price, err := p.pricing().Price(o.Spec, reserved.Offer)
	if err != nil {
		p.inventory.Release(o.ID)
		return sdk.DecCoin{}, nil, err
	}
	return price, reserved.Offer, nil
}

// followOrder compares an open order with the own bids on chain.
func (p *AkashProvider) followOrder(o *order, v view) {
	bid, listed := v.bids[o.id]
	switch {
	case listed && (o.phase == phaseSent || o.phase == phaseDue):
		o.phase, o.openedAt, o.openedIn = phaseOpen, p.now(), bid.CreatedAt
	case o.phase == phaseSent && v.height-o.sentAt > inclusionBlocks:
		p.log.Warn("bid was never included", "order", orderID(o.id))
		p.drop(o)
	case o.phase == phaseOpen && !listed:
		p.drop(o)
	}
}

// drop ends the bidding on an order that may stay open: nothing is bid on it again.
func (p *AkashProvider) drop(o *order) {
	o.phase = phaseDone
	p.inventory.Release(o.id)
}

// nextOrderAction picks a bid to send or to withdraw, the one due for longest first, of those that the order still
// takes.
func (p *AkashProvider) nextOrderAction() *action {
	var due []*order
	for _, o := range p.orders {
		if (o.phase == phaseDue && o.due <= p.height) || p.expired(o) {
			due = append(due, o)
		}
	}
	slices.SortFunc(due, compareDue)
	for _, o := range due {
		if o.phase == phaseOpen {
			return p.withdraw(o)
		}
		switch granted, full := p.quota.claim(o.id, p.identity.Address); {
		case granted:
			return p.bid(o)
		case full:
			p.drop(o)
			p.decide(Decision{Order: orderID(o.id), Height: p.height, Reason: string(reasonFull)})
		}
	}
	return nil
}

func compareDue(a, b *order) int { return cmp.Or(cmp.Compare(a.due, b.due), compareIDs(a.id, b.id)) }

// expired tells whether an open bid is to be withdrawn.
func (p *AkashProvider) expired(o *order) bool {
	if o.phase != phaseOpen || o.closing {
		return false
	}
	return p.now().Sub(o.openedAt) >= p.spec.BidTimeout || (p.faults.WithdrawBids && p.height > o.openedIn)
}

func (p *AkashProvider) bid(o *order) *action {
	msg := &marketv1beta5.MsgCreateBid{
		ID:    bidID(orderID(o.id), p.identity.Address),
		Price: o.price,
		Deposit: depositv1.Deposit{
			Amount:  sdk.Coin{Denom: coin.UAKT, Amount: sdkmath.NewInt(bidDepositUAKT)},
			Sources: []depositv1.Source{depositv1.Source_balance},
		},
		ResourcesOffer: o.offer,
	}
	if window := p.spec.ReclamationWindow; window > 0 {
		msg.ReclamationWindow = &window
	}
	return &action{
		what: "bid on " + orderID(o.id).String(),
		msg:  msg,
		sent: func() {
			if o.phase == phaseDue { // else a block has shown the bid already
				o.phase, o.sentAt = phaseSent, p.height
			}
		},
		failed: func(error) {
			p.quota.release(o.id, p.identity.Address)
			// The next step sees a bid that was included after all: followOrder opens it.
			if o.attempts++; o.attempts >= maxAttempts {
				p.drop(o)
			}
		},
	}
}

func (p *AkashProvider) withdraw(o *order) *action {
	return &action{
		what: "withdraw bid on " + orderID(o.id).String(),
		msg: &marketv1beta5.MsgCloseBid{
			ID:     bidID(orderID(o.id), p.identity.Address),
			Reason: marketv1.LeaseClosedReason_lease_closed_reason_unspecified,
		},
		sent: func() { o.closing = true },
		failed: func(error) {
			if o.attempts++; o.attempts >= maxAttempts {
				o.closing = true
			}
		},
	}
}
