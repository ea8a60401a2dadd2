// SPDX-License-Identifier: Apache-2.0

package market

import "time"

// Snapshot is the market as it was read at one time: what a forecast judges. It is read only once made.
type Snapshot struct {
	// ReadAt is when the chain was asked, by the clock of this machine; the gateways' times stand with the candidates.
	ReadAt time.Time
	// Height is the chain's last block then.
	Height int64
	// Candidates are all registered Akash providers, by address.
	Candidates []Candidate
	// Observations are prices seen on chain, the newest first.
	Observations []Observation
	// Partial says what could not be read, a sentence each without capital and full stop.
	Partial []string

	// Expected is made of Observations once, by [NewPrices]; nil makes it anew for every question.
	Expected *Prices
}

func (s Snapshot) prices() *Prices {
	if s.Expected != nil {
		return s.Expected
	}
	return NewPrices(s.Observations)
}
