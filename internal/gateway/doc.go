// SPDX-License-Identifier: Apache-2.0

// Package gateway is the client of one Akash provider's gateway: it delivers
// manifests, reads the state of leases over HTTPS and their last log lines and
// events over websockets, and moves host names and leased addresses.
//
// It trusts a gateway only when the certificate is either a public one for its
// host name or the one that this very Akash provider published on chain. It
// never follows redirects, bounds every answer, and retries nothing but an
// outdated token: how long to wait for an Akash provider is the caller's
// decision, for which [ErrNoLease] and [ErrUnavailable] say what is worth it.
//
// Manifests and tokens never reach logs or errors. What workloads print is
// returned as it is: masking secrets in it is the caller's, who knows them.
package gateway
