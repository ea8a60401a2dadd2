// SPDX-License-Identifier: Apache-2.0

package ids

import (
	"errors"
	"fmt"
)

// OrderID names a request for bids: text form owner/dseq/gseq/oseq. The zero value is invalid.
type OrderID struct {
	Owner string
	DSeq  uint64
	GSeq  uint32
	// OSeq counts the orders of a group from 1; every re-auction opens a new one.
	OSeq uint32
}

// ParseOrderID reads owner/dseq/gseq/oseq. The error wraps [ErrInvalid].
func ParseOrderID(s string) (OrderID, error) {
	owner, n, _, err := parts(s, "owner/dseq/gseq/oseq", 3, false)
	if err != nil {
		return OrderID{}, err
	}
	return OrderID{Owner: owner, DSeq: n[0], GSeq: uint32(n[1]), OSeq: uint32(n[2])}, nil //nolint:gosec // 32 bits
}

// String returns owner/dseq/gseq/oseq.
func (o OrderID) String() string { return fmt.Sprintf("%s/%d", o.Group(), o.OSeq) }

// Validate reports what is wrong with o; the error wraps [ErrInvalid].
func (o OrderID) Validate() error {
	return errors.Join(o.Group().Validate(), positive("oseq", uint64(o.OSeq)))
}

// Group returns the id of the group the order asks for.
func (o OrderID) Group() GroupID { return GroupID{Owner: o.Owner, DSeq: o.DSeq, GSeq: o.GSeq} }

// Deployment returns the id of the order's deployment.
func (o OrderID) Deployment() DeploymentID { return o.Group().Deployment() }

// Bid names the bid of one Akash provider on the order.
func (o OrderID) Bid(providerAddr string) BidID {
	return BidID{Owner: o.Owner, DSeq: o.DSeq, GSeq: o.GSeq, OSeq: o.OSeq, ProviderAddr: providerAddr}
}

// BidID names an Akash provider's offer on an order: text form
// owner/dseq/gseq/oseq/akash-provider. The zero value is invalid. The network
// also counts bids (bseq), but that number is always 0 and not part of the text.
type BidID struct {
	Owner string
	DSeq  uint64
	GSeq  uint32
	OSeq  uint32
	// ProviderAddr is the bech32 address of the Akash provider.
	ProviderAddr string
}

// ParseBidID reads owner/dseq/gseq/oseq/akash-provider. The error wraps [ErrInvalid].
func ParseBidID(s string) (BidID, error) {
	owner, n, seller, err := parts(s, "owner/dseq/gseq/oseq/akash-provider", 3, true)
	if err != nil {
		return BidID{}, err
	}
	group := DeploymentID{Owner: owner, DSeq: n[0]}.Group(uint32(n[1])) //nolint:gosec // parsed with 32 bits
	return group.Order(uint32(n[2])).Bid(seller), nil                   //nolint:gosec // parsed with 32 bits
}

// String returns owner/dseq/gseq/oseq/akash-provider.
func (b BidID) String() string { return fmt.Sprintf("%s/%s", b.Order(), b.ProviderAddr) }

// Validate reports what is wrong with b; the error wraps [ErrInvalid].
func (b BidID) Validate() error {
	return errors.Join(b.Order().Validate(), ValidateAddress(b.ProviderAddr))
}

// Order returns the id of the order the bid answers.
func (b BidID) Order() OrderID {
	return OrderID{Owner: b.Owner, DSeq: b.DSeq, GSeq: b.GSeq, OSeq: b.OSeq}
}

// Group returns the id of the bid's group.
func (b BidID) Group() GroupID { return b.Order().Group() }

// Deployment returns the id of the bid's deployment.
func (b BidID) Deployment() DeploymentID { return b.Order().Deployment() }

// Lease returns the id of the lease that accepting the bid makes.
func (b BidID) Lease() LeaseID { return LeaseID(b) }

// LeaseID names an accepted bid; it has the bid's fields and text form. The zero value is invalid.
type LeaseID BidID

// ParseLeaseID reads owner/dseq/gseq/oseq/akash-provider. The error wraps [ErrInvalid].
func ParseLeaseID(s string) (LeaseID, error) {
	b, err := ParseBidID(s)
	return LeaseID(b), err
}

// String returns owner/dseq/gseq/oseq/akash-provider.
func (l LeaseID) String() string { return BidID(l).String() }

// Validate reports what is wrong with l; the error wraps [ErrInvalid].
func (l LeaseID) Validate() error { return BidID(l).Validate() }

// Bid returns the id of the bid the lease accepted.
func (l LeaseID) Bid() BidID { return BidID(l) }

// Order returns the id of the lease's order.
func (l LeaseID) Order() OrderID { return BidID(l).Order() }

// Group returns the id of the lease's group: the slot that outlives the lease.
func (l LeaseID) Group() GroupID { return BidID(l).Group() }

// Deployment returns the id of the lease's deployment.
func (l LeaseID) Deployment() DeploymentID { return BidID(l).Deployment() }
