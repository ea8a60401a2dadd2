// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var _ function.Function = (*sdlValidate)(nil)

type sdlValidate struct{}

// NewSDLValidate returns sdl_validate.
func NewSDLValidate() function.Function { return &sdlValidate{} }

var problemTypes = map[string]attr.Type{
	"line": types.Int64Type, "column": types.Int64Type, "path": types.StringType, "message": types.StringType,
	"remedy": types.StringType,
}

var verdictTypes = map[string]attr.Type{
	"valid": types.BoolType, "version": types.StringType, "hash": types.StringType,
	"errors":   types.ListType{ElemType: types.ObjectType{AttrTypes: problemTypes}},
	"warnings": types.ListType{ElemType: types.ObjectType{AttrTypes: problemTypes}},
}

// Metadata names the function.
func (f *sdlValidate) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sdl_validate"
}

// Definition describes the function.
func (f *sdlValidate) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Every problem of an SDL",
		MarkdownDescription: "Judges an SDL as the network does and gives an object, also for a text that is refused:\n\n" +
			"* `valid` (bool): whether the network takes it\n" +
			"* `version` (string): the rules it follows, `2.0` or `2.1`; null when invalid\n" +
			"* `hash` (string): the manifest's SHA-256 as `sdl_hash` gives it; null when invalid\n" +
			"* `errors` (list of objects): what is refused, sorted by position\n" +
			"* `warnings` (list of objects): what is taken but hardly meant: ignored keys, moving image tags, " +
			"absurd prices\n\n" +
			"Each problem has `line` and `column` (numbers from 1; 0 when the whole text is meant), `path` (string, " +
			"e.g. `services.web.expose[0].port`), `message` and `remedy` (strings; `remedy` may be empty). No message holds " +
			"the value of an environment variable or a credential.",
		Parameters: []function.Parameter{textParameter()},
		Return:     function.ObjectReturn{AttributeTypes: verdictTypes},
	}
}

// Run judges.
func (f *sdlValidate) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	doc, problems := sdl.Parse([]byte(text))
	verdict := map[string]attr.Value{
		"valid": types.BoolValue(doc != nil), "version": types.StringNull(), "hash": types.StringNull(),
		"errors": problemList(problems.Errors()), "warnings": problemList(problems.Warnings()),
	}
	if doc != nil {
		verdict["version"] = types.StringValue(doc.Version())
		verdict["hash"] = types.StringValue(hex.EncodeToString(doc.Hash()))
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(verdictTypes, verdict))
}

func problemList(problems sdl.Problems) types.List {
	values := make([]attr.Value, 0, len(problems))
	for _, p := range problems {
		values = append(values, types.ObjectValueMust(problemTypes, map[string]attr.Value{
			"line": types.Int64Value(int64(p.Line)), "column": types.Int64Value(int64(p.Column)),
			"path": types.StringValue(p.Path), "message": types.StringValue(p.Message),
			"remedy": types.StringValue(p.Remedy),
		}))
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: problemTypes}, values)
}
