// SPDX-License-Identifier: Apache-2.0

// Package acctest is what acceptance tests share: a chain with Akash providers,
// the Terraform provider in process, configurations, and looks at the chain's own
// state that do not go through the code under test. Only tests import it.
//
// [Start] gives a test a [Network], of which it may ask what any chain can
// answer: everything goes through gRPC and the gateways. It is a devnet of the
// test's own, or, when these variables name one, a foreign chain:
//
//	AKASH_CONFORMANCE_GRPC           the node's gRPC: host:9090, http://host:9090 or https://host:443
//	AKASH_CONFORMANCE_CHAIN_ID       the chain's id
//	AKASH_CONFORMANCE_MNEMONIC       an account with at least 10 AKT and 40 ACT that nobody else uses meanwhile
//	AKASH_CONFORMANCE_HD_PATH        its path; m/44'/118'/0'/0/0 when left out
//	AKASH_CONFORMANCE_MORE_HD_PATHS  paths, with commas, of further such accounts of the mnemonic: each lets one
//	                                 more test run at the same time
//	AKASH_CONFORMANCE_PROVIDERS      addresses, with commas, of all Akash providers that bid by themselves on
//	                                 small orders, at prices that stay as they are
//
// They are the variables of internal/devnet/conformance and one more; that suite's
// others are not used here. All but the paths are needed as soon as one is given.
// An account is one test's own while the test runs, in every process of this
// machine. The first test on a foreign chain holds an auction to see what the Akash
// providers ask; who is [Cheapest], [Middle] and [Dearest] comes from that, and a
// test that needs one more than there are is left out.
//
// [StartDevnet] is for tests that need more than endpoints: faults, the hand of an
// Akash provider, a chain of their own. They say what, and are left out on a foreign chain.
//
// Every devnet has mild faults unless the test says why not, see [FaultsVariable].
package acctest
