// SPDX-License-Identifier: Apache-2.0

// Package page shows what happens on a devnet: blocks, auctions with the reason
// why each Akash provider did or did not bid, leases, what escrow holds and how long it lasts,
// and the faults in force. [Collector] reads it all into a [View], which travels as JSON, and
// [Handler] serves the view as a web page that changes nothing and needs no script.
//
// It reads the chain inside the process, where no fault bites, so that what it
// shows is so. Used by cmd/akash-devnet: its web page and its "status" show the same view.
package page
