// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// labelAttributes are labels as the user writes them, and as they are with the provider block's.
func labelAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"labels": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Your own words about the deployment, name → value, for outputs, policy checks and reports. " +
				"They are kept in state alone: a deployment on chain has no room for them, and a change sends no " +
				"transaction. Example: `{ team = \"search\", cost_center = \"4711\" }`.",
			Validators: []validator.Map{
				mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)), mapvalidator.NoNullValues(),
			},
		},
		"labels_all": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "`labels` over the provider block's `default_labels`; null without either. In state alone, " +
				"as they are.",
		},
	}
}
