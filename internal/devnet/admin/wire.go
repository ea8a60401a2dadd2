// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// Network is what a devnet says about itself.
type Network struct {
	ChainID string `json:"chain_id"`
	Height  int64  `json:"height"`
	// Time is the chain's clock, which may be ahead of the machine's.
	Time time.Time `json:"time"`
	// BlockTime is the pause between blocks, as [time.ParseDuration] reads it.
	BlockTime string `json:"block_time"`
	RPC       string `json:"rpc"`
	GRPC      string `json:"grpc"` // host:port, without TLS
	REST      string `json:"rest"`
}

// Faults is a plan in both forms; see [devnet.Network.FaultPlan].
type Faults struct {
	Text   string           `json:"plan"`
	Plan   devnet.FaultPlan `json:"faults"`
	Height int64            `json:"height"`
}

// AkashProvider is one simulated Akash provider.
type AkashProvider struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	HostURI string `json:"host_uri"`
	GRPC    string `json:"grpc"` // host:port; "" when it answers none
	// Alive tells whether its gateway takes connections.
	Alive bool `json:"alive"`
	// PriceFactor multiplies what it asks in new bids, a decimal.
	PriceFactor string `json:"price_factor"`
	// Leases are those that it runs, as owner/dseq/gseq/oseq/provider.
	Leases []string `json:"leases"`
	// Faults in force as words of a plan.
	Faults string `json:"faults"`
}

// CloseLeases says which leases to close from the seller's side; what is empty does not narrow.
type CloseLeases struct {
	// AkashProvider is a name or address.
	AkashProvider string `json:"akash_provider,omitempty"`
	Owner         string `json:"owner,omitempty"`
	DSeq          uint64 `json:"dseq,omitempty"`
	// Reason is one of [CloseReasons]; "" is the first of them.
	Reason string `json:"reason,omitempty"`
}

type (
	closedLeases struct {
		Closed []string `json:"closed"`
		Height int64    `json:"height"`
	}
	heightAnswer struct {
		Height int64     `json:"height"`
		Time   time.Time `json:"time"`
	}
	advanceRequest struct {
		Blocks int64 `json:"blocks"`
	}
	clockRequest struct {
		By string `json:"by"`
	}
	priceRequest struct {
		USDPerAKT string `json:"akt_usd"`
	}
	snapshotRequest struct {
		Dir string `json:"dir"`
	}
	snapshotAnswer struct {
		Dir    string `json:"dir"`
		Height int64  `json:"height"`
	}
	faucetRequest struct {
		Address string `json:"address"`
		Coins   string `json:"coins"`
	}
	factorRequest struct {
		Factor string `json:"factor"`
	}
)

// Error is what the server's side answers in place of a result.
type Error struct {
	// Status is HTTP's.
	Status int `json:"-"`
	// What was asked, Cause what went wrong, Remedy what to do about it.
	What   string `json:"error"`
	Cause  string `json:"cause"`
	Remedy string `json:"remedy"`
}

// Error is the whole story in one line.
func (e *Error) Error() string {
	text := e.What + ": " + e.Cause
	if e.Remedy != "" {
		text += " (" + e.Remedy + ")"
	}
	return text
}
