// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
)

// report is what both data sources give.
type report struct {
	SDL             types.String `tfsdk:"sdl"`
	Mapped          types.List   `tfsdk:"mapped"`
	Changed         types.List   `tfsdk:"changed"`
	Dropped         types.List   `tfsdk:"dropped"`
	Blockers        types.List   `tfsdk:"blockers"`
	Score           types.Int64  `tfsdk:"score"`
	SecretVariables types.Map    `tfsdk:"secret_variables"`
	EstUSDMonth     types.Object `tfsdk:"est_usd_month"`
}

var findingType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"path": types.StringType, "reason": types.StringType, "remedy": types.StringType,
}}

func findingsAttribute(description string) schema.Attribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"path": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The part of the input, with all below it, e.g. `services.web.ports[0]`.",
			},
			"reason": schema.StringAttribute{Computed: true, MarkdownDescription: "What became of it, and why."},
			"remedy": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What to do about it; empty where nothing has to be done.",
			},
		}},
	}
}

func reportAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"mapped":  findingsAttribute("What means the same on Akash."),
		"changed": findingsAttribute("What works, and not as before."),
		"dropped": findingsAttribute("What has no counterpart; the rest runs without it. The plan warns of each."),
		"blockers": findingsAttribute("Always empty in state: each blocker is an error of the plan, until the input or an " +
			"option takes it away, or `accept_losses` names its path."),
		"score": schema.Int64Attribute{
			Computed: true,
			MarkdownDescription: "How much of the input came over, from 0 to 100: what is mapped counts whole, what changed " +
				"half, what is dropped not at all.",
		},
		"secret_variables": schema.MapAttribute{
			Computed: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "By service, variables that the input takes from secrets. The SDL does not have them: give " +
				"them in `env_wo` of `akash_deployment` and `akash_lease`.",
		},
		"est_usd_month": schema.SingleNestedAttribute{
			Computed: true,
			MarkdownDescription: "The costs side by side, in USD a month; null without `aws_usd_month`. Those on Akash are a " +
				"forecast, see `data.akash_forecast`.",
			Attributes: map[string]schema.Attribute{
				"aws": schema.StringAttribute{Computed: true, MarkdownDescription: "What `aws_usd_month` says."},
				"akash_low": schema.StringAttribute{
					Computed: true, MarkdownDescription: "The lowest likely price; null where none is known.",
				},
				"akash_median": schema.StringAttribute{
					Computed: true, MarkdownDescription: "The median of likely prices; null where none is known.",
				},
			},
		},
	}
}

// newReport is the values of a conversion, without costs.
func newReport(c migrate.Conversion) report {
	r := report{
		Mapped: findings(c.Report.Of(migrate.Mapped)), Changed: findings(c.Report.Of(migrate.Changed)),
		Dropped: findings(c.Report.Of(migrate.Dropped)), Blockers: findings(c.Report.Of(migrate.Blocker)),
		Score: types.Int64Value(int64(c.Report.Score())), SDL: types.StringNull(),
		EstUSDMonth: types.ObjectNull(estimateType),
	}
	if c.SDL != nil {
		r.SDL = types.StringValue(string(c.SDL))
	}
	secrets := map[string]attr.Value{}
	for service, names := range c.SecretVariables {
		var values []attr.Value
		for _, name := range names {
			values = append(values, types.StringValue(name))
		}
		if len(values) > 0 {
			secrets[service] = types.ListValueMust(types.StringType, values)
		}
	}
	r.SecretVariables = types.MapValueMust(types.ListType{ElemType: types.StringType}, secrets)
	return r
}

func findings(of []migrate.Finding) types.List {
	values := make([]attr.Value, 0, len(of))
	for _, f := range of {
		values = append(values, types.ObjectValueMust(findingType.AttrTypes, map[string]attr.Value{
			"path": types.StringValue(f.Path), "reason": types.StringValue(f.Reason), "remedy": types.StringValue(f.Remedy),
		}))
	}
	return types.ListValueMust(findingType, values)
}

// problems are a warning for each loss that nobody accepted, and an error for each blocker.
func problems(at path.Path, c migrate.Conversion, accepted []string) diag.Diagnostics {
	var all diag.Diagnostics
	for _, f := range c.Report.Of(migrate.Blocker) {
		text := sentence(f)
		if f.Acceptable() {
			text += fmt.Sprintf("\n\nTo do without it: accept_losses = [%q].", f.Path)
		}
		all.AddAttributeError(at, "Not on Akash: "+f.Path, text)
	}
	for _, f := range c.Report.Of(migrate.Dropped) {
		if !slices.Contains(accepted, f.Path) {
			all.AddAttributeWarning(at, "Left out: "+f.Path, sentence(f))
		}
	}
	return all
}

// sentence is a finding for people.
func sentence(f migrate.Finding) string {
	text := strings.ToUpper(f.Reason[:1]) + f.Reason[1:] + "."
	if f.Remedy != "" {
		text += " Remedy: " + f.Remedy + "."
	}
	return text
}
