// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// LabelsAll is labels over the provider block's default_labels, element by element. It is null where neither says
// anything, and unknown while either is.
func (d *Data) LabelsAll(labels types.Map) types.Map {
	var defaults types.Map
	if d != nil {
		defaults = d.DefaultLabels
	}
	if labels.IsUnknown() || defaults.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	all := defaults.Elements()
	maps.Copy(all, labels.Elements())
	if len(all) == 0 {
		return types.MapNull(types.StringType)
	}
	return types.MapValueMust(types.StringType, all)
}
