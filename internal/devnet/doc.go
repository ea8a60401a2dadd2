// SPDX-License-Identifier: Apache-2.0

// Package devnet runs a small Akash network inside the process: one CometBFT
// validator with real consensus, cosmos-sdk accounts and fees, the Akash modules
// of devnet/app, and simulated Akash providers that bid, take manifests and report status.
//
// It is not the network and moves no money: keys are public, there is one
// validator, no governance, the price of AKT is whatever it is set to, and the Akash providers run nothing.
// It is built from recorded facts and shares with the client under test only
// wire types, ids and denominations. Used by acceptance tests and by cmd/akash-devnet.
//
// # Time
//
// Blocks come every [Options.BlockTime] and carry the machine's time. Two things
// can be hurried, apart from each other: [Network.Advance] makes a number of blocks at
// once, for whatever counts blocks (escrow, the exchange's epochs), and
// [Network.AdvanceClock] puts block time forward, for deadlines that are times
// (reclamation windows, grants, unordered transactions). Both return when the
// chain is there, so that a test needs no waiting of its own.
//
// # Faults
//
// [Faults] make the public endpoints misbehave, from the start by [Options] or at
// any time by [Network.SetFaults]: they lose or refuse what is broadcast, lag, break off connections, answer slowly or
// for another chain, report too little gas. [akashprovider.Faults] do the same for each Akash provider. The Akash
// providers and [Network.Conn] have a way of their own to the chain and never meet the former, so that a test sees
// what is so.
//
// Both exist as data, too: a [FaultPlan] is text or JSON, [ParseFaults] reads it and [Network.ApplyFaults] puts it in
// force, for example "lose-broadcast=1/20,lag-blocks=2,birch.never-bid,*.refuse-manifests=1". [FaultNames] is the list
// of all there is. What is left to chance there is decided by a seed, so that a run can be had again. [MildFaults] are
// those that a correct client does not fail by.
package devnet
