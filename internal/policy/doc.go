// SPDX-License-Identifier: Apache-2.0

// Package policy holds the rules of the house that a machine can check: who may import whom, what the shipped binary
// must not link, how files begin and how long they may be.
//
// It has tests only and nothing imports it. A rule that stands in the way of a change is discussed in DECISIONS.md and
// changed there and here; it is not relaxed to make a build pass.
package policy
