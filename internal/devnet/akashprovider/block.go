// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"

	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// The events that tell of something an Akash provider acts on. All market events carry an id that names an order.
const (
	marketEvents   = "akash.market.v1.Event"
	providerEvents = "akash.provider.v1beta4.Event"
	auditEvents    = "akash.audit.v1.Event"
)

// Block tells what changed up to a height. It says where to look, not what is there: bids that lose have no event
// of their own, but the lease that beat them does.
type Block struct {
	Height int64
	// Orders are those that changed themselves, or a bid or lease of theirs.
	Orders map[marketv1.OrderID]bool
	// Owners are the Akash providers whose registration or audits changed.
	Owners map[string]bool
}

// ReadBlock finds what changed among a block's events, those of its transactions included.
func ReadBlock(height int64, events ...[]abci.Event) Block {
	b := Block{Height: height, Orders: map[marketv1.OrderID]bool{}, Owners: map[string]bool{}}
	for _, list := range events {
		for _, event := range list {
			switch {
			case strings.HasPrefix(event.Type, marketEvents):
				if id, ok := orderIn(event); ok {
					b.Orders[id] = true
				}
			case strings.HasPrefix(event.Type, providerEvents), strings.HasPrefix(event.Type, auditEvents):
				var owner string
				if json.Unmarshal([]byte(attribute(event, "owner")), &owner) == nil {
					b.Owners[owner] = true
				}
			}
		}
	}
	return b
}

// orderIn reads the order that a market event's id names.
func orderIn(event abci.Event) (marketv1.OrderID, bool) {
	var id struct {
		Owner string `json:"owner"`
		DSeq  uint64 `json:"dseq,string"`
		GSeq  uint32 `json:"gseq"`
		OSeq  uint32 `json:"oseq"`
	}
	if json.Unmarshal([]byte(attribute(event, "id")), &id) != nil {
		return marketv1.OrderID{}, false
	}
	order := marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
	return order, orderID(order).Validate() == nil
}

func attribute(event abci.Event, key string) string {
	for _, a := range event.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// Then adds a later block to this one.
func (b Block) Then(next Block) Block {
	if b.Height == 0 {
		return next
	}
	out := Block{Height: next.Height, Orders: maps.Clone(b.Orders), Owners: maps.Clone(b.Owners)}
	maps.Copy(out.Orders, next.Orders)
	maps.Copy(out.Owners, next.Owners)
	return out
}

// orders lists the changed orders in a fixed order.
func (b Block) orders() []marketv1.OrderID {
	return slices.SortedFunc(maps.Keys(b.Orders), func(x, y marketv1.OrderID) int {
		return strings.Compare(orderID(x).String(), orderID(y).String())
	})
}
