// SPDX-License-Identifier: Apache-2.0

// Package functions holds the Terraform provider's functions: pure, offline,
// the same answer for the same arguments. They need no configuration.
package functions

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// textParameter is the SDL every function takes first.
func textParameter() function.Parameter {
	return function.StringParameter{
		Name:                "text",
		MarkdownDescription: "The SDL (YAML, version 2.0 or 2.1), e.g. `file(\"deploy.yaml\")`.",
	}
}

// invalid is the error of a function whose text is refused; every problem has a line of its own.
func invalid(problems sdl.Problems) *function.FuncError {
	var b strings.Builder
	b.WriteString("The SDL is invalid:")
	for _, p := range problems.Errors() {
		b.WriteString("\n ")
		if p.Line > 0 {
			fmt.Fprintf(&b, "line %d, column %d: ", p.Line, p.Column)
		}
		if p.Path != "" {
			b.WriteString(p.Path + ": ")
		}
		b.WriteString(p.Message)
		if p.Remedy != "" {
			b.WriteString("\n   → " + p.Remedy)
		}
	}
	return function.NewArgumentFuncError(0, b.String())
}
