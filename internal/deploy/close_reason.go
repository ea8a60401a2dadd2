// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"fmt"

	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// closeReasons are the chain's reasons for the end of a lease in plain words. Source: node x/market, provider gateway.
var closeReasons = map[marketv1.LeaseClosedReason]string{
	marketv1.LeaseClosedReason_lease_closed_invalid: "no reason is on chain",
	marketv1.LeaseClosedReason_lease_closed_owner: "its owner ended it: the lease, its group or its deployment " +
		"was closed, or the group paused",
	marketv1.LeaseClosedReason_lease_closed_reason_unstable: "its Akash provider gave up, because the workload did not " +
		"stay healthy there",
	marketv1.LeaseClosedReason_lease_closed_reason_decommission: "its Akash provider takes the machines out of service",
	marketv1.LeaseClosedReason_lease_closed_reason_unspecified:  "its Akash provider ended it and gave no reason",
	marketv1.LeaseClosedReason_lease_closed_reason_manifest_timeout: "its Akash provider got no manifest in " +
		"time, which is five minutes with most",
	marketv1.LeaseClosedReason_lease_closed_reason_insufficient_funds: "the deployment's escrow ran out of money",
}

// CloseReason says in plain words why a lease ended; name is the chain's, for example lease_closed_reason_unstable.
func CloseReason(name string) string {
	code, known := marketv1.LeaseClosedReason_value[name]
	if known {
		if text, ok := closeReasons[marketv1.LeaseClosedReason(code)]; ok {
			return text
		}
	}
	return fmt.Sprintf("the chain gives reason %q, which this version does not know", name)
}
