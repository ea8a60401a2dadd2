// SPDX-License-Identifier: Apache-2.0

package akashprovider

import sdkmath "cosmossdk.io/math"

// Faults are the ways in which a simulated Akash provider misbehaves on request. The zero value misbehaves
// in none. They change at run time with [AkashProvider.SetFaults].
type Faults struct {
	// NeverBid makes it ignore every order that it has not bid on yet.
	NeverBid bool
	// BidLateBlocks is added to the delay of the spec.
	BidLateBlocks int64
	// WithdrawBids makes it close each bid one block after it was included.
	WithdrawBids bool
	// PriceFactor multiplies every price from now on; nil or zero means no change.
	PriceFactor sdkmath.LegacyDec
	// RefuseManifests is how many of the next manifests are refused with 422; -1 refuses all.
	RefuseManifests int
	// HideLeases is how many of the next correct manifests are answered as if the lease had not been seen yet
	// (404); -1 answers all so. The manifest is kept, as on the network, and deployed a block later.
	HideLeases int
	// SlowReadyBlocks is added to the ready delay of every service.
	SlowReadyBlocks int64
	// NeverReady keeps every service pending.
	NeverReady bool
	// GatewayDown answers every request with 503.
	GatewayDown bool
	// CutSocketsAfter cuts every new websocket in the middle of a frame after so many messages; 0 cuts none.
	CutSocketsAfter int
	// FailShells is how many of the next shells end with the failure marker instead of a result; -1 fails all.
	FailShells int
	// CloseLeases makes it close each lease one block after it has seen it.
	CloseLeases bool
	// IgnoreManifestTimeout leaves a lease without manifest open for ever, as the observed daemon did.
	IgnoreManifestTimeout bool
}

// take uses up one of a counted fault: -1 never runs out.
func take(counter *int) bool {
	switch {
	case *counter == 0:
		return false
	case *counter > 0:
		*counter--
	}
	return true
}
