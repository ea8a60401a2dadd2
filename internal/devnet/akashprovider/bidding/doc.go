// SPDX-License-Identifier: Apache-2.0

// Package bidding decides whether and for how much a simulated Akash provider bids on an order: does it
// meet the requirements ([Facts.Refuses]), does the order fit on its nodes ([Inventory.Reserve]), what does
// it cost ([Pricing.Price]).
//
// It is pure: no network, no clock, no goroutines, so the same order against the same state always gives
// the same bid. internal/devnet/akashprovider is its only user.
package bidding
