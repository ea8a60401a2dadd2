// SPDX-License-Identifier: Apache-2.0

// Package schema holds the rules for what users see: the schemas of the Terraform provider and the examples beside
// them. It has tests only, and is apart from package policy so that the rules for source files can be checked while the
// Terraform provider does not compile.
//
// testdata/surface.json, which "make docs" writes, is everything users can refer to; testdata/surface_frozen.json is
// what was promised last: at a release, or before SDKs are generated. What lies between the two has to be in
// CHANGELOG.md under "Unreleased". To promise anew, in the commit that makes a release:
//
//	go test ./internal/policy/schema -run TestSurface -freeze-surface
package schema
