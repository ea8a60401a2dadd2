// SPDX-License-Identifier: Apache-2.0

package providerdata

import "github.com/hashicorp/terraform-plugin-framework/diag"

// Worded puts the headline of warnings first where it would be shown last: Pulumi shows a warning's text and then its
// summary. Errors it shows the other way round.
func (d *Data) Worded(problems diag.Diagnostics) diag.Diagnostics {
	if !d.WholeUnknowns {
		return problems
	}
	var worded diag.Diagnostics
	for _, p := range problems {
		if p.Severity() == diag.SeverityWarning {
			text := p.Summary() + "\n\n" + p.Detail()
			if at, ok := p.(diag.DiagnosticWithPath); ok {
				p = diag.NewAttributeWarningDiagnostic(at.Path(), "", text)
			} else {
				p = diag.NewWarningDiagnostic("", text)
			}
		}
		worded.Append(p)
	}
	return worded
}
