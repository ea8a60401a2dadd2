// SPDX-License-Identifier: Apache-2.0

// Package market judges bids: which are acceptable, which is best, and when to
// stop waiting for more.
//
// It is pure: bids, facts and policy come in, a choice with a reason for every
// bid goes out. It reads no chain, no clock and no file, so the same input
// always gives the same answer. internal/deploy feeds it.
package market
