// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// NoteGroups notes the groups of a deployment as planned, for leases whose own group is unknown as a whole.
func (d *Data) NoteGroups(groups types.Map) {
	if !d.WholeUnknowns {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, group := range groups.Elements() {
		if !slices.ContainsFunc(d.groups, group.Equal) {
			d.groups = append(d.groups, group)
		}
	}
}

// NewGroups are the different groups noted so far whose deployment is yet to be created: one of them is what a lease of
// an unknown group is for. It is empty where a group's parts are unknown each by itself.
func (d *Data) NewGroups() []types.Object {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []types.Object
	for _, value := range d.groups {
		group, ok := value.(types.Object)
		if ok && partUnknown(group, "deployment_id") && !partUnknown(group, "spec") {
			found = append(found, group)
		}
	}
	return found
}

func partUnknown(group types.Object, name string) bool {
	part := group.Attributes()[name]
	return part == nil || part.IsUnknown()
}
