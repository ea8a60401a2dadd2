// SPDX-License-Identifier: Apache-2.0

package bidding

import (
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// maxVolumes is the network's default for the volumes of one resource unit.
const maxVolumes = 4

// Facts are what an Akash provider knows of itself when it judges an order.
type Facts struct {
	Attributes []attributesv1.Attribute  // its own, as registered on chain
	Required   []attributesv1.Attribute  // what it wants to see in the order
	Audited    []auditv1.AuditedProvider // what auditors have signed about it
}

// Refuses judges the requirements of a group; nil means the order may be bid on. The error is a [Reason].
func (f Facts) Refuses(spec deploymentv1beta4.GroupSpec) error {
	wanted := spec.Requirements.Attributes
	if !subset(wanted, f.Attributes) {
		return ReasonProviderAttributes
	}
	if !subset(f.Required, wanted) {
		return ReasonOrderAttributes
	}
	for _, unit := range spec.Resources {
		if !storageCapable(unit.Resource.Storage, f.Attributes) || !gpuCapable(unit.Resource.GPU, f.Attributes) {
			return ReasonCapabilities
		}
	}
	for _, unit := range spec.Resources {
		if len(unit.Resource.Storage) > maxVolumes {
			return ReasonVolumes
		}
	}
	if !f.signed(spec.Requirements) {
		return ReasonSignatures
	}
	return nil
}

// signed applies signedBy: every auditor of allOf and one of anyOf must have signed all that is required.
func (f Facts) signed(req attributesv1.PlacementRequirements) bool {
	for _, auditor := range req.SignedBy.AllOf {
		if !f.signedBy(auditor, req.Attributes) {
			return false
		}
	}
	for _, auditor := range req.SignedBy.AnyOf {
		if f.signedBy(auditor, req.Attributes) {
			return true
		}
	}
	return len(req.SignedBy.AnyOf) == 0
}

// signedBy wants a record of the auditor even when nothing is required of it.
func (f Facts) signedBy(auditor string, wanted []attributesv1.Attribute) bool {
	for _, record := range f.Audited {
		if record.Auditor == auditor && subset(wanted, record.Attributes) {
			return true
		}
	}
	return false
}
