// SPDX-License-Identifier: Apache-2.0

package bidpolicy

import (
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// ForDataSource is the attribute of a forecast: all of a lease's but the wait for bids, for which nobody waits there.
func ForDataSource() datasource.Attribute {
	parts := map[string]datasource.Attribute{}
	for _, w := range weights {
		parts[w.name] = datasource.StringAttribute{
			Optional: true, MarkdownDescription: w.text, Validators: []validator.String{validators.PositiveDecimal()},
		}
	}
	attributes := map[string]datasource.Attribute{
		"strategy": datasource.StringAttribute{
			Optional: true, MarkdownDescription: strategyText, Validators: strategies,
		},
		"attributes": datasource.MapAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: attributesText,
		},
		"weights": datasource.SingleNestedAttribute{Optional: true, MarkdownDescription: weightsText, Attributes: parts},
	}
	for _, l := range lists {
		attributes[l.name] = datasource.ListAttribute{
			Optional: true, ElementType: types.StringType, Validators: listOf(l.element), MarkdownDescription: l.text,
		}
	}
	return datasource.SingleNestedAttribute{
		Optional: true, Attributes: attributes,
		MarkdownDescription: "The `bid_policy` of the `akash_lease` that is to come: who may win, and how bids are ranked. " +
			"What is left out is taken from the provider block's, as there. One `local` serves both: `window` and " +
			"`min_bids` are passed over here. Example: `local.bid_policy`.",
	}
}
