// SPDX-License-Identifier: Apache-2.0

// Package crash kills runs of the Terraform provider at the boundaries of their
// input and output, runs them again, and compares what the chain then holds with
// what was paid for: no deployment that nobody knows of, none twice, no deposit
// twice, and a state that says what the chain says. `make crash` does so for as
// many kills as CRASH_KILLS says; the tests do a sample. Every fourth kill hits an
// account that has to mint what it deposits: nothing is minted twice, and no ACT is
// lost. Beside that it runs many resources and two runs at once through a real CLI.
//
// A run meets the world at the node's JSON-RPC, at the gateways, and in the
// journal's files. The first two go through proxies of this package, which kill
// before a request goes on or after it was answered and before the answer is
// handed back. A kill between a journal entry and the request that follows is
// the same as one before the request, since neither chain nor disk change in
// between; what a kill leaves inside one write of the journal is tested with
// that package.
package crash
