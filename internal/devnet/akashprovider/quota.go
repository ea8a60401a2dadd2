// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"maps"
	"sync"

	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// quota keeps hundreds of Akash providers from sending bids that the chain would refuse, since an order takes a few
// dozen at most. A daemon of the network does send them; nobody but the chain's log sees the difference. Safe for
// concurrent use.
type quota struct {
	mu   sync.Mutex
	most int // 0 is no limit
	// bidders are those whose bids are on chain, claimed those who are sending one.
	bidders, claimed map[marketv1.OrderID]map[string]bool
}

func newQuota() *quota {
	return &quota{bidders: map[marketv1.OrderID]map[string]bool{}, claimed: map[marketv1.OrderID]map[string]bool{}}
}

// show notes a bid that is on chain.
func (q *quota) show(id marketv1.OrderID, address string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bidders[id] == nil {
		q.bidders[id] = map[string]bool{}
	}
	q.bidders[id][address] = true
	delete(q.claimed[id], address)
}

// forget drops an order that takes no more bids.
func (q *quota) forget(id marketv1.OrderID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.bidders, id)
	delete(q.claimed, id)
}

// claim asks for leave to bid. Full means that there will be none; neither, that somebody is sending who may fail.
func (q *quota) claim(id marketv1.OrderID, address string) (granted, full bool) {
	if q.most == 0 {
		return true, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.bidders[id]) >= q.most {
		return false, true
	}
	if len(q.bidders[id])+len(q.claimed[id]) >= q.most {
		return false, false
	}
	if q.claimed[id] == nil {
		q.claimed[id] = map[string]bool{}
	}
	q.claimed[id][address] = true
	return true, false
}

// release takes a claim back after a bid that failed.
func (q *quota) release(id marketv1.OrderID, address string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.claimed[id], address)
	maps.DeleteFunc(q.claimed, func(_ marketv1.OrderID, by map[string]bool) bool { return len(by) == 0 })
}
