// SPDX-License-Identifier: Apache-2.0

// Package schema holds the rules for what users see: the schemas of the Terraform provider and the examples beside
// them. It has tests only, and is apart from package policy so that the rules for source files can be checked while the
// Terraform provider does not compile.
package schema
