// SPDX-License-Identifier: Apache-2.0

// Package bench measures what users wait for and pay for before any work is done: the time a plugin needs until
// Terraform can talk to it, the memory it took by then, and the time a devnet needs until it can be used.
//
// It measures, it does not judge: there is no timed assertion anywhere, since a busy machine is not a defect. The
// numbers mean something beside those of a minimal plugin taken in the same run, which is what cmd/bench prints.
package bench
