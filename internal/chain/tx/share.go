// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"slices"
	"strconv"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// msgIndexKey is the attribute that says which message an event belongs to; a transaction's own events have none.
const msgIndexKey = "msg_index"

// messagesOf are the messages of a transaction, in its members' order.
func messagesOf(members []*member) []sdk.Msg {
	var msgs []sdk.Msg
	for _, m := range members {
		msgs = append(msgs, m.req.Msgs...)
	}
	return msgs
}

// ownerOf finds whose the message at index is, and which index that member's messages begin at; -1 when nobody's.
func ownerOf(members []*member, index int) (at, first int) {
	if index < 0 {
		return -1, 0
	}
	for i, m := range members {
		if index < first+len(m.req.Msgs) {
			return i, first
		}
		first += len(m.req.Msgs)
	}
	return -1, 0
}

// without leaves out the member at index.
func without(members []*member, index int) []*member {
	return slices.Concat(members[:index], members[index+1:])
}

// shareOut gives each member its part of a transaction: its messages' events, and its share of the fee by messages,
// rounded so that the shares add up.
func shareOut(r Result, members []*member) []Result {
	total := int64(len(messagesOf(members)))
	shares := make([]Result, len(members))
	first := 0
	for i, m := range members {
		n := len(m.req.Msgs)
		shares[i] = r
		if !r.FeeUAKT.IsNil() && total > 0 {
			shares[i].FeeUAKT = portion(r.FeeUAKT, int64(first+n), total).Sub(portion(r.FeeUAKT, int64(first), total))
		}
		if len(members) > 1 {
			shares[i].Events = eventsOf(r.Events, first, n)
		}
		first += n
	}
	return shares
}

// portion is what the first n of total messages pay.
func portion(fee math.Int, n, total int64) math.Int { return fee.MulRaw(n).QuoRaw(total) }

// eventsOf keeps the transaction's own events and those of the n messages from first on, counted from 0.
func eventsOf(events []chain.Event, first, n int) []chain.Event {
	var own []chain.Event
	for _, event := range events {
		text, ok := event.Attr(msgIndexKey)
		if !ok {
			own = append(own, event)
			continue
		}
		index, err := strconv.Atoi(text)
		if err != nil || index < first || index >= first+n {
			continue
		}
		event.Attributes = slices.Clone(event.Attributes)
		for i, a := range event.Attributes {
			if a.Key == msgIndexKey {
				event.Attributes[i].Value = strconv.Itoa(index - first)
			}
		}
		own = append(own, event)
	}
	return own
}
