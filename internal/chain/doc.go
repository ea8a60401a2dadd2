// SPDX-License-Identifier: Apache-2.0

// Package chain is the client of an Akash node: typed queries, simulation,
// broadcast, transaction look-up, and chain errors a caller can act on.
//
// It speaks gRPC, CometBFT's JSON-RPC or REST, whichever endpoints are configured;
// every query works over each. Endpoints are tried in this order, and the one that
// answers is kept. Each is compared with the expected chain before anything is asked
// of it, and all of them before a signature: one of another chain is an error. One
// that does not answer is passed over and rests when that goes on (health.go), one
// that limits requests is left alone for as long as it says, and one that is behind
// what was seen before is not believed until it got there (lag.go).
//
// Proxies and roots of trust come from the environment: HTTP_PROXY, HTTPS_PROXY and
// NO_PROXY, for gRPC HTTPS_PROXY alone, and SSL_CERT_FILE where the system's own
// roots can be replaced by it (not on macOS and Windows).
//
// Texts and codes of the chain are turned into errors in one file, classify.go.
// The package signs nothing and never retries a broadcast with other bytes;
// building, signing and confirming is the business of chain/tx.
package chain
