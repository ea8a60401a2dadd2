// SPDX-License-Identifier: Apache-2.0

// Package manifest reads, judges and hashes the manifests that a simulated Akash provider receives.
//
// It is the receiving side: it was written from the recorded facts about manifests, not from our
// SDL code, so that the two cannot share a mistake. It does no I/O and keeps no state; the gateway of
// internal/devnet/akashprovider is its only user.
//
// Steps, in the order an Akash provider takes them: [Decode] the body, [Manifest.Validate] it on its own,
// compare [Manifest.Hash] with the hash on chain, [Manifest.CrossCheck] it against the groups on chain.
package manifest
