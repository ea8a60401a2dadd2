// SPDX-License-Identifier: Apache-2.0

package tx

import "time"

const (
	// A block wakes many callers together, and each has something to ask before it sends. A fiftieth of a block's time
	// gathers most of them and seldom costs a block.
	windowsPerBlock                   = 50
	leastBatchWindow, mostBatchWindow = 5 * time.Millisecond, 100 * time.Millisecond
	// maxBatchMessages and maxBatchBytes keep a transaction far below the 1 MiB that a node takes; 100 deployments
	// with a service each are 28 kB.
	maxBatchMessages = 200
	maxBatchBytes    = 256 << 10
	// maxBatchGas is what some 300 creations or 120 closures use. Chains that bound a block's gas bound it higher.
	maxBatchGas = 30_000_000
)

// enqueue puts a request where the next transaction takes it from.
func (e *Engine) enqueue(m *member) {
	if e.window < 0 {
		m.alone = true
	}
	e.mu.Lock()
	e.waiting = append(e.waiting, m)
	first := !e.gathering
	e.gathering = true
	e.mu.Unlock()
	if first {
		go e.gather()
	}
}

// gather lets the window go by and, while another transaction is being prepared, that as well: then it sends what has
// come together.
func (e *Engine) gather() {
	if e.window > 0 {
		<-time.After(e.window)
	}
	e.turn.acquire()
	e.mu.Lock()
	members := e.waiting
	e.waiting, e.gathering = nil, false
	e.mu.Unlock()
	e.turn.release()
	for _, batch := range batches(members) {
		go e.drive(batch)
	}
}

// batches splits requests, in their order, into what fits one transaction each. Requests with different memos do not
// travel together.
func batches(members []*member) [][]*member {
	var all [][]*member
	var messages, bytes int
	for _, m := range members {
		size := m.size()
		fits := false
		if n := len(all); n > 0 {
			last := all[n-1]
			fits = !m.alone && !last[0].alone && m.req.Memo == last[0].req.Memo &&
				messages+len(m.req.Msgs) <= maxBatchMessages && bytes+size <= maxBatchBytes
		}
		if !fits {
			all = append(all, nil)
			messages, bytes = 0, 0
		}
		n := len(all) - 1
		all[n] = append(all[n], m)
		messages += len(m.req.Msgs)
		bytes += size
	}
	return all
}

// size is about what the messages take in a transaction.
func (m *member) size() int {
	total := 0
	for _, msg := range m.req.Msgs {
		if sized, ok := msg.(interface{ Size() int }); ok {
			total += sized.Size()
		}
	}
	return total
}

// halves splits a batch in two; a single member stays what it is.
func halves(members []*member) [][]*member {
	middle := len(members) / 2
	if middle == 0 {
		return [][]*member{members}
	}
	return [][]*member{members[:middle:middle], members[middle:]}
}
