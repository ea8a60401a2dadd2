// SPDX-License-Identifier: Apache-2.0

// Package akashprovider simulates Akash providers: it watches a chain over gRPC like the real daemon, bids on
// open orders, takes manifests over TLS, and reports leases as running. Nothing is ever run: a "workload" is a
// record that becomes ready after a few blocks, writes a line to its log every few more, and has a shell with a
// handful of commands.
//
// It is built from the recorded facts of the network and shares only wire types and ids with our client,
// never logic. The parts that need no chain are packages of their own: bidding (does it bid, and for how
// much), manifest (is what it was sent right), token (who sent it), shell (the inside of a container).
//
// The gateway has two listeners: REST with websockets (logs, events, shell) on the one whose address is on chain, and
// gRPC (status, screening on request) on another, by convention one port above. A migration takes effect at once,
// where a cluster needs a moment.
//
// What it does not do: containers, attestation, certificates of a public authority. Manifests live in memory
// only; after a restart a lease answers 404 until its owner sends the manifest again, and the manifest timeout
// does not apply to it.
//
// It supervises its leases: one without manifest is given up after a while, and one whose funds have ended is
// withdrawn from, which is how the chain learns that a deployment has run dry.
//
// One goroutine per Akash provider follows the chain (step.go); requests to the gateway run beside it and
// meet it under one lock. It sends at most one transaction a block, as a daemon does.
package akashprovider
