// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var _ function.Function = (*sdlHash)(nil)

type sdlHash struct{}

// NewSDLHash returns sdl_hash.
func NewSDLHash() function.Function { return &sdlHash{} }

// Metadata names the function.
func (f *sdlHash) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sdl_hash"
}

// Definition describes the function.
func (f *sdlHash) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Hash of an SDL's manifest",
		MarkdownDescription: "Gives the SHA-256 of the manifest that the SDL stands for, 64 hex digits in lower case: what " +
			"is put on chain as the deployment's hash and what an Akash provider recomputes. Comments, formatting, order of " +
			"keys, prices and placement attributes do not enter it. An SDL the network refuses is an error with every problem " +
			"and its line.",
		Parameters: []function.Parameter{textParameter()},
		Return:     function.StringReturn{},
	}
}

// Run hashes.
func (f *sdlHash) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	doc, problems := sdl.Parse([]byte(text))
	if doc == nil {
		resp.Error = invalid(problems)
		return
	}
	resp.Error = resp.Result.Set(ctx, hex.EncodeToString(doc.Hash()))
}
