// SPDX-License-Identifier: Apache-2.0

// Package journal remembers what was started and is not yet known to be
// finished, so that a run that is killed loses nothing that was paid for.
//
// One file is one intent: a deployment about to be created, or a deposit about to be paid into one. It is created
// exclusively and synced to disk before anything is broadcast, locked by the
// live process, and removed once Terraform's state holds the id; that of a payment
// some minutes later, when no endpoint is so far behind as not to show it. It never holds
// an SDL, a manifest, a key or any other secret. The chain decides what an
// entry means; the journal only says where to look. The package does file I/O
// and nothing else; internal/deploy uses it.
package journal
