// SPDX-License-Identifier: Apache-2.0

package ids

import (
	"errors"
	"fmt"
	"strconv"
)

// DeploymentID names a deployment: text form owner/dseq. The zero value is invalid.
type DeploymentID struct {
	// Owner is the bech32 address of the account that pays.
	Owner string
	// DSeq is the deployment sequence, above zero and unique per owner for ever.
	DSeq uint64
}

// ParseDeploymentID reads owner/dseq. The error wraps [ErrInvalid].
func ParseDeploymentID(s string) (DeploymentID, error) {
	owner, n, _, err := parts(s, "owner/dseq", 1, false)
	if err != nil {
		return DeploymentID{}, err
	}
	return DeploymentID{Owner: owner, DSeq: n[0]}, nil
}

// ParseDSeq reads a dseq alone: a whole number above zero without leading zeros. The error wraps [ErrInvalid].
func ParseDSeq(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || s[0] == '0' {
		return 0, fmt.Errorf("%w: dseq %q, want a whole number above zero", ErrInvalid, s)
	}
	return n, nil
}

// String returns owner/dseq.
func (d DeploymentID) String() string { return fmt.Sprintf("%s/%d", d.Owner, d.DSeq) }

// Validate reports what is wrong with d; the error wraps [ErrInvalid].
func (d DeploymentID) Validate() error {
	return errors.Join(ValidateAddress(d.Owner), positive("dseq", d.DSeq))
}

// Group names group gseq of the deployment.
func (d DeploymentID) Group(gseq uint32) GroupID {
	return GroupID{Owner: d.Owner, DSeq: d.DSeq, GSeq: gseq}
}

// GroupID names a group of a deployment: text form owner/dseq/gseq. The zero value is invalid.
type GroupID struct {
	Owner string
	DSeq  uint64
	// GSeq counts the groups of a deployment from 1, in the order of MsgCreateDeployment.
	GSeq uint32
}

// ParseGroupID reads owner/dseq/gseq. The error wraps [ErrInvalid].
func ParseGroupID(s string) (GroupID, error) {
	owner, n, _, err := parts(s, "owner/dseq/gseq", 2, false)
	if err != nil {
		return GroupID{}, err
	}
	return GroupID{Owner: owner, DSeq: n[0], GSeq: uint32(n[1])}, nil //nolint:gosec // parsed with 32 bits
}

// String returns owner/dseq/gseq.
func (g GroupID) String() string { return fmt.Sprintf("%s/%d", g.Deployment(), g.GSeq) }

// Validate reports what is wrong with g; the error wraps [ErrInvalid].
func (g GroupID) Validate() error {
	return errors.Join(g.Deployment().Validate(), positive("gseq", uint64(g.GSeq)))
}

// Deployment returns the id of the deployment the group belongs to.
func (g GroupID) Deployment() DeploymentID { return DeploymentID{Owner: g.Owner, DSeq: g.DSeq} }

// Order names order oseq of the group.
func (g GroupID) Order(oseq uint32) OrderID {
	return OrderID{Owner: g.Owner, DSeq: g.DSeq, GSeq: g.GSeq, OSeq: oseq}
}
