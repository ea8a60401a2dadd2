// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// DeploymentIDOf converts the wire form of an id.
func DeploymentIDOf(id deploymentv1.DeploymentID) ids.DeploymentID {
	return ids.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}
}

// GroupIDOf converts the wire form of an id.
func GroupIDOf(id deploymentv1.GroupID) ids.GroupID {
	return ids.GroupID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq}
}

// OrderIDOf converts the wire form of an id.
func OrderIDOf(id marketv1.OrderID) ids.OrderID {
	return ids.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
}

// BidIDOf converts the wire form of an id. The bid number is dropped: it is always 0.
func BidIDOf(id marketv1.BidID) ids.BidID {
	return ids.BidID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, ProviderAddr: id.Provider}
}

// LeaseIDOf converts the wire form of an id. The bid number is dropped: it is always 0.
func LeaseIDOf(id marketv1.LeaseID) ids.LeaseID {
	return ids.LeaseID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, ProviderAddr: id.Provider}
}

// PBDeploymentID gives the wire form of an id.
func PBDeploymentID(id ids.DeploymentID) deploymentv1.DeploymentID {
	return deploymentv1.DeploymentID{Owner: id.Owner, DSeq: id.DSeq}
}

// PBGroupID gives the wire form of an id.
func PBGroupID(id ids.GroupID) deploymentv1.GroupID {
	return deploymentv1.GroupID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq}
}

// PBOrderID gives the wire form of an id.
func PBOrderID(id ids.OrderID) marketv1.OrderID {
	return marketv1.OrderID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq}
}

// PBBidID gives the wire form of an id, with bid number 0.
func PBBidID(id ids.BidID) marketv1.BidID {
	return marketv1.BidID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, Provider: id.ProviderAddr}
}

// PBLeaseID gives the wire form of an id, with bid number 0.
func PBLeaseID(id ids.LeaseID) marketv1.LeaseID {
	return marketv1.LeaseID{Owner: id.Owner, DSeq: id.DSeq, GSeq: id.GSeq, OSeq: id.OSeq, Provider: id.ProviderAddr}
}
