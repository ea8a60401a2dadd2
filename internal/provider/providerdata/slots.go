// SPDX-License-Identifier: Apache-2.0

package providerdata

import "github.com/akash-iac/terraform-provider-akash/internal/ids"

// Filled notes that a resource was created for a group by this run.
func (d *Data) Filled(group ids.GroupID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.filled == nil {
		d.filled = map[ids.GroupID]bool{}
	}
	d.filled[group] = true
}

// HasFilled reports whether a resource was created for a group by this run.
func (d *Data) HasFilled(group ids.GroupID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.filled[group]
}
