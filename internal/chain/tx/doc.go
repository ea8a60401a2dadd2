// SPDX-License-Identifier: Apache-2.0

// Package tx turns messages into a transaction inside a block: simulate, price,
// sign, broadcast, confirm. Callers hand in messages and a context and get a
// typed result; [Engine] is the one writer of its account.
//
// Transactions are unordered by default: they carry a unique timeout instead of
// an account sequence, so concurrent callers and other processes with the same
// key do not disturb each other, and once the chain's own clock passed the
// timeout a transaction that is not in a block never will be. That is what makes
// a second attempt safe; before that point nothing is signed anew. On a chain
// that refuses unordered transactions the engine falls back to sequences, with
// the same timeout.
//
// The package reads no chain text: what an error means is decided in package
// chain. It stores nothing: BeforeBroadcast lets the caller write down what is
// about to be sent, and [Engine.Resolve] finds out later what became of it.
package tx
