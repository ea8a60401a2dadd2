// SPDX-License-Identifier: Apache-2.0

// Package chain is the client of an Akash node: typed queries, simulation,
// broadcast, transaction look-up, and chain errors a caller can act on.
//
// It speaks gRPC or CometBFT's JSON-RPC, whichever endpoints are configured;
// every query works over both. Endpoints are tried in order: one that does not
// answer is passed over, one that belongs to another chain is refused before
// anything is asked of it, and one that is behind what was seen before is not
// believed until it got there.
//
// Texts and codes of the chain are turned into errors in one file, classify.go.
// The package signs nothing and never retries a broadcast with other bytes;
// building, signing and confirming is the business of chain/tx.
package chain
