// SPDX-License-Identifier: Apache-2.0

// Package acctest is what acceptance tests share: a devnet of their own, the
// Terraform provider in process, configurations, and looks at the chain's own
// state that do not go through the code under test. Only tests import it.
package acctest
