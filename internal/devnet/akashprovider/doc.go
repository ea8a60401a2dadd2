// SPDX-License-Identifier: Apache-2.0

// Package akashprovider simulates Akash providers: it watches a chain over gRPC like the real daemon, bids on
// open orders, takes manifests over TLS, and reports leases as running. Nothing is ever run: a "workload" is a
// record that becomes ready after a few blocks.
//
// It is built from the recorded facts of the network and shares only wire types and ids with our client,
// never logic. The parts that need no chain are packages of their own: bidding (does it bid, and for how
// much), manifest (is what it was sent right), token (who sent it).
//
// What it does not do: containers, logs, shells, hostname and IP migration, the gateway's gRPC side. Manifests
// live in memory only; after a restart a lease answers 404 until its owner sends the manifest again, and the
// manifest timeout does not apply to it.
//
// It supervises its leases: one without manifest is given up after a while, and one whose funds have ended is
// withdrawn from, which is how the chain learns that a deployment has run dry.
//
// One goroutine per Akash provider follows the chain (step.go); requests to the gateway run beside it and
// meet it under one lock. It sends at most one transaction a block, as a daemon does.
package akashprovider
