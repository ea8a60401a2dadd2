// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// preflights are the values of preflight.
var preflights = []string{
	string(providerdata.PreflightError), string(providerdata.PreflightWarn), string(providerdata.PreflightOff),
}

func preflightAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What a plan does when the forecast says that nobody would take a lease, or only for more " +
			"than its ceiling: `error` (default) refuses the plan, `warn` says so and goes on, `off` plans without asking the " +
			"market. A market that cannot be read is never more than a warning. Environment: `AKASH_PREFLIGHT`.",
		Validators: []validator.String{stringvalidator.OneOf(preflights...)},
	}
}

// preflight reads the setting; one that is not known yet only warns.
func (r *resolver) preflight(value types.String) providerdata.Preflight {
	if value.IsUnknown() {
		return providerdata.PreflightWarn
	}
	word := cmp.Or(r.text(value, "AKASH_PREFLIGHT"), string(providerdata.PreflightError))
	if !slices.Contains(preflights, word) {
		r.problems.AddAttributeError(path.Root("preflight"), "Invalid preflight",
			fmt.Sprintf("%q is none of %s.", word, strings.Join(preflights, ", ")))
	}
	return providerdata.Preflight(word)
}
