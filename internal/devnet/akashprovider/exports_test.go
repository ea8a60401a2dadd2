// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/shell"
)

// Height is the block of the last step, for tests that wait for one.
func (p *AkashProvider) Height() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.height
}

// Pending counts the orders that hold a reservation and have no lease, and Active those with one.
func (p *AkashProvider) Pending() int { return len(p.status().Cluster.Inventory.Pending) }

// Active counts the leases that hold a reservation.
func (p *AkashProvider) Active() int { return len(p.status().Cluster.Inventory.Active) }

// Runway is the arithmetic of funds.
var Runway = runway

// PingEvery sets the pause between the pings of websockets that are opened afterwards.
func (p *AkashProvider) PingEvery(pause time.Duration) { p.pingEvery = pause }

// PlayFrames runs sh on frames, each with its length before it, and gives the frames of its output.
func PlayFrames(script []byte, tty bool) [][]byte {
	out := &recorder{}
	console := newPipeConsole(out)
	if tty {
		console = newTerminalConsole(out)
	}
	for listening := true; len(script) > 0 && listening; {
		n := min(int(script[0])+1, len(script))
		listening = console.hear(websocket.BinaryMessage, script[1:n])
		script = script[n:]
	}
	console.input.Close()
	if _, err := (shell.Container{}).Run([]string{"sh"}, console.streams); err != nil {
		panic(err)
	}
	return out.frames
}

type recorder struct {
	mu     sync.Mutex
	frames [][]byte
}

func (r *recorder) write(_ int, frame []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frames = append(r.frames, slices.Clone(frame))
	return nil
}
