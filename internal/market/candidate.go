// SPDX-License-Identifier: Apache-2.0

package market

import (
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// Candidate is one Akash provider as a forecast sees it: the seller and what its gateway told. It is read only once
// made.
type Candidate struct {
	Seller
	// Inventory is what it has free; nil when its gateway was not asked or did not tell.
	Inventory *Inventory
	// Silent says why Inventory is nil, in a few words; "" when it was not asked.
	Silent string
	// ReadAt is when its gateway was asked.
	ReadAt time.Time
}

// Inventory is what an Akash provider has free: what it could allocate less what is allocated, as its gateway tells
// anybody (gRPC GetStatus).
type Inventory struct {
	Nodes []Node `json:"nodes,omitempty"`
	// Pools is free persistent storage in bytes, by class; a class that is not here does not exist.
	Pools map[string]uint64 `json:"pools,omitempty"`
	// FreeIPs is how many addresses it can lease; nil when it does not say, as older versions.
	FreeIPs *uint64 `json:"free_ips,omitempty"`
	// ReclamationWindow is how long it leaves a tenant when it reclaims a lease; 0 when it offers none.
	ReclamationWindow time.Duration `json:"reclamation_window,omitempty"`
}

// Node is what one machine has free.
type Node struct {
	Name string `json:"name"`
	// CPU is in thousandths of a core.
	CPU uint64 `json:"cpu"`
	// Memory and Ephemeral storage are in bytes.
	Memory    uint64 `json:"memory"`
	Ephemeral uint64 `json:"ephemeral"`
	// FreeGPUs is how many devices are free; GPUs are all of the machine's, free or not, one element each.
	FreeGPUs uint64 `json:"free_gpus,omitempty"`
	GPUs     []GPU  `json:"gpus,omitempty"`
	// StorageClasses are the persistent classes that can be mounted here.
	StorageClasses []string `json:"storage_classes,omitempty"`
}

// GPU is one device, in the words of the Akash provider: {"nvidia", "h100", "80Gi", "SXM5"}.
type GPU struct {
	Vendor    string `json:"vendor"`
	Model     string `json:"model"`
	RAM       string `json:"ram,omitempty"`
	Interface string `json:"interface,omitempty"`
}

// Screening is what a gateway answers when asked whether and for how much it would bid on a group (AEP-67).
type Screening struct {
	Passed bool
	// Reasons are why not, in the Akash provider's words.
	Reasons []string
	// Price is for the whole group, per block; only when Passed.
	Price coin.PerBlock
}

// Observation is a price that was seen on chain: a bid, accepted or not, and what it was for.
type Observation struct {
	ProviderAddr string        `json:"provider"`
	Shape        Shape         `json:"shape"`
	Price        coin.PerBlock `json:"price"`
	// Height is the block of the bid.
	Height int64 `json:"height"`
}
