// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// PersistentStorage says how much persistent storage a group's leases keep, by class, as in "10 GiB of beta2"; "" when
// they keep none. It outlives updates and restarts, and ends with the lease.
func PersistentStorage(spec deploymentv1beta4.GroupSpec) string {
	kept := market.ShapeOfGroup(spec).Persistent
	var texts []string
	for _, class := range slices.Sorted(maps.Keys(kept)) {
		texts = append(texts, fmt.Sprintf("%s of %s", binarySize(kept[class]), class))
	}
	return strings.Join(texts, ", ")
}

// binarySize is a number of bytes in the largest unit that keeps it whole, in whole MiB at least.
func binarySize(bytes uint64) string {
	const mebi, gibi = 1 << 20, 1 << 30
	if bytes >= gibi && bytes%gibi == 0 {
		return fmt.Sprintf("%d GiB", bytes/gibi)
	}
	return fmt.Sprintf("%d MiB", (bytes+mebi-1)/mebi)
}
