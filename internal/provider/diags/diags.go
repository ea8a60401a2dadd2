// SPDX-License-Identifier: Apache-2.0

// Package diags turns errors into diagnostics. It is the only place that does:
// whoever looks for the text of a message starts here or in deploy.Failure.
package diags

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// FromError is the diagnostic of err: what was done, what came back, what exists and costs, what to do next.
func FromError(err error) diag.Diagnostic {
	summary, detail := text(err)
	return diag.NewErrorDiagnostic(summary, detail)
}

// FromErrorAt is [FromError] for an attribute that is to blame.
func FromErrorAt(at path.Path, err error) diag.Diagnostic {
	summary, detail := text(err)
	return diag.NewAttributeErrorDiagnostic(at, summary, detail)
}

func text(err error) (summary, detail string) {
	var f *deploy.Failure
	switch {
	case errors.As(err, &f):
		return f.Title, failureDetail(f)
	case errors.Is(err, deploy.ErrGone):
		return "Deployment is closed", fmt.Sprintf("%v\n\nIt cannot be opened again. Run terraform apply again: the refresh "+
			"notices, and a new one is planned.", err)
	case errors.Is(err, chain.ErrWrongChainID):
		return "Wrong chain id", fmt.Sprintf("%v\n\nNothing was signed or sent. "+
			"Set network or chain_id in the provider block to the network the endpoints belong to.", err)
	case errors.Is(err, chain.ErrLagging):
		return "Endpoints are behind", fmt.Sprintf("%v\n\nNothing was changed. Their answers are from before what this run "+
			"has seen, so they were not believed. Try again, or set grpc or rpc in the provider block to other nodes.", err)
	case errors.Is(err, chain.ErrRateLimited):
		return "Endpoints limit the rate", fmt.Sprintf("%v\n\nNothing was changed. Set more endpoints (grpc, rpc or rest) "+
			"in the provider block, or lower -parallelism, then try again.", err)
	case errors.Is(err, chain.ErrUnreachable):
		return "No endpoint answers", fmt.Sprintf("%v\n\nNothing was changed. "+
			"Check grpc, rpc and rest in the provider block, the network, and any proxy, then try again.", err)
	default:
		return "Akash error", err.Error()
	}
}

func failureDetail(f *deploy.Failure) string {
	var parts []string
	if f.Doing != "" {
		parts = append(parts, f.Doing+" failed.")
	}
	if f.Cause != nil {
		parts = append(parts, f.Cause.Error())
	}
	for _, p := range []string{f.Workload, f.Exists, f.Sent, f.Next} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "\n\n")
}

// SDL gives every problem of an SDL as one error and one warning, each problem on a line of its own. With an empty path
// the CLI does not quote the configuration.
func SDL(at path.Path, problems sdl.Problems) diag.Diagnostics {
	var all diag.Diagnostics
	add := func(d diag.Diagnostic) {
		if !at.Equal(path.Empty()) {
			d = diag.WithPath(at, d)
		}
		all.Append(d)
	}
	if errs := problems.Errors(); len(errs) > 0 {
		add(diag.NewErrorDiagnostic(fmt.Sprintf("Invalid SDL: %s", count(len(errs), "problem")),
			lines(errs)+"\n\nNothing was created or spent."))
	}
	if warnings := problems.Warnings(); len(warnings) > 0 {
		add(diag.NewWarningDiagnostic(fmt.Sprintf("SDL: %s", count(len(warnings), "warning")), lines(warnings)))
	}
	return all
}

// lines lists problems; every line starts with a space so that the CLI does not wrap it.
func lines(problems sdl.Problems) string {
	var b strings.Builder
	for i, p := range problems {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, " %s", where(p))
		b.WriteString(p.Message)
		if p.Remedy != "" {
			fmt.Fprintf(&b, "\n   → %s", p.Remedy)
		}
	}
	return b.String()
}

func where(p sdl.Problem) string {
	place := ""
	if p.Line > 0 {
		place = fmt.Sprintf("line %d, column %d: ", p.Line, p.Column)
	}
	if p.Path != "" {
		place += p.Path + ": "
	}
	return place
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
