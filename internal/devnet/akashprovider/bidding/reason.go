// SPDX-License-Identifier: Apache-2.0

package bidding

// Reason says why there is no bid. It is an error and a text to show; the texts are those with which the
// network's bid screening answers, where it has one.
type Reason string

// Reasons that carry no detail of the order.
const (
	ReasonProviderAttributes Reason = "incompatible provider attributes"
	ReasonOrderAttributes    Reason = "incompatible order attributes"
	ReasonCapabilities       Reason = "incompatible attributes for resources requirements"
	ReasonVolumes            Reason = "group volumes count exceeds limit"
	ReasonSignatures         Reason = "attribute signature requirements not met"
	ReasonCapacity           Reason = "provider does not have sufficient resources for this deployment"
	ReasonLeasedIPs          Reason = "provider does not have sufficient leased IPs for this deployment"
)

// Error makes a Reason an error.
func (r Reason) Error() string { return string(r) }
