// SPDX-License-Identifier: Apache-2.0

// Package deploy holds the use cases: open a deployment, win a lease for a
// group, deliver a manifest, wait until services run, close.
//
// It combines chain, transactions, gateway, market and journal, and knows
// nothing of Terraform. Every method may be interrupted at any line: what it
// leaves is continued by the next call with the same input. Errors are
// [*Failure]s that say what exists on chain, what it costs and what to do next.
package deploy
