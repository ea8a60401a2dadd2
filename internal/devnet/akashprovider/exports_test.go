// SPDX-License-Identifier: Apache-2.0

package akashprovider

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
