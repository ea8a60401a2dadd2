// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// Outlook reads the market for a note in the plan; ok is false when preflight is off, nothing is known of the network
// yet, or the market could not be read: no plan is the worse for want of a note.
func (d *Data) Outlook(ctx context.Context, request deploy.ForecastRequest) (outlook market.Outlook, ok bool) {
	if d.Preflight == PreflightOff || d.Preflight == "" || d.ChainID == "" {
		return market.Outlook{}, false
	}
	bounded, cancel := context.WithTimeout(ctx, forecastTime)
	defer cancel()
	connection, err := d.Connect(bounded)
	if err != nil {
		return market.Outlook{}, false
	}
	outlook, err = connection.Deployer.Forecast(bounded, request)
	return outlook, err == nil
}

// Note is a warning that is told once in a run of the CLI, which plans everything once more when it applies.
func (d *Data) Note(at path.Path, summary, detail string) diag.Diagnostics {
	if d.Told != nil && d.Told.Again(d.ChainID+"\n"+summary) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, summary, detail)}
}
