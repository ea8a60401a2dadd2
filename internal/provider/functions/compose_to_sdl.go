// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
)

var _ function.Function = (*composeToSDL)(nil)

type composeToSDL struct{}

// NewComposeToSDL returns compose_to_sdl.
func NewComposeToSDL() function.Function { return &composeToSDL{} }

var conversionFinding = types.ObjectType{AttrTypes: map[string]attr.Type{
	"path": types.StringType, "severity": types.StringType, "reason": types.StringType, "remedy": types.StringType,
}}

var conversionReturn = map[string]attr.Type{
	"sdl": types.StringType, "score": types.Int64Type, "findings": types.ListType{ElemType: conversionFinding},
}

const conversionResult = "* `sdl` (string): the SDL, version 2.1; null as long as a finding is a `blocker`\n" +
	"* `score` (number): how much came over, from 0 to 100\n" +
	"* `findings` (list): for every part of the input its `path`, `severity` (`mapped`, `changed`, `dropped`, " +
	"`blocker`), `reason` and `remedy`; both may be empty"

// Metadata names the function.
func (f *composeToSDL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "compose_to_sdl"
}

// Definition describes the function.
func (f *composeToSDL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A Compose file as an SDL",
		MarkdownDescription: "Puts a Compose file into the words of Akash, and says what became of every key of it. Gives " +
			"an object:\n\n" + conversionResult + "\n\n`data.akash_compose` does the same with options: variables, images for " +
			"what is built, sizes, losses to accept.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "content", MarkdownDescription: "The Compose file as text, e.g. `file(\"compose.yaml\")`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: conversionReturn},
	}
}

// Run converts the file.
func (f *composeToSDL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	converted, err := migrate.Compose(ctx, text, migrate.ComposeOptions{})
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, conversionValue(converted))
}

// conversionValue is what functions of this kind give.
func conversionValue(c migrate.Conversion) types.Object {
	text := types.StringNull()
	if c.SDL != nil {
		text = types.StringValue(string(c.SDL))
	}
	findings := make([]attr.Value, 0, len(c.Report.Findings))
	for _, f := range c.Report.Findings {
		findings = append(findings, types.ObjectValueMust(conversionFinding.AttrTypes, map[string]attr.Value{
			"path": types.StringValue(f.Path), "severity": types.StringValue(string(f.Severity)),
			"reason": types.StringValue(f.Reason), "remedy": types.StringValue(f.Remedy),
		}))
	}
	return types.ObjectValueMust(conversionReturn, map[string]attr.Value{
		"sdl": text, "score": types.Int64Value(int64(c.Report.Score())),
		"findings": types.ListValueMust(conversionFinding, findings),
	})
}
