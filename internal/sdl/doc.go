// SPDX-License-Identifier: Apache-2.0

// Package sdl turns the text of an SDL (2.0 or 2.1) into what the network
// wants of it: the group specs that go on chain, the manifest that goes to the
// gateway of an Akash provider, and the hash that ties the two together.
//
// It accepts and rejects exactly what the network's own Go parser does and
// produces the same bytes, quirks included, since an Akash provider recomputes
// the hash; but it reports every problem of a text in one pass, each with its
// line, column, key path and remedy. Where the official parser crashes, this
// one returns an error.
//
// Data goes one way: YAML nodes are read into structs that remember where each
// value stood (one file per concept), then references and limits are checked,
// then groups and manifest are built. There is no I/O, no clock and no network
// here. The package is used by the gateway client, the use cases in deploy and
// the Terraform provider.
//
// Over the public corpora a text takes 1.2 to 1.3 times what yaml.v3 needs to
// decode it into plain maps ("make bench"). Of that, seven tenths are yaml.v3
// itself building its nodes, which nothing here can speed up, 15 % reading them
// into structs, 9 % the checks, 6 % groups, manifest and hash. A text that is
// not YAML takes longer: it is read again to find the line at fault.
//
// Mirrors akash-network/chain-sdk go/sdl and go/manifest/v2beta3 at 55f1c683.
package sdl
