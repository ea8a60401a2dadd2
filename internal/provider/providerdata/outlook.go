// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// Outlook is what a forecast says, for plans that need no auction; ok is false where none is made. Unlike
// [Data.Forecast] it tells nobody.
func (d *Data) Outlook(ctx context.Context, request deploy.ForecastRequest) (_ market.Outlook, ok bool) {
	if !d.forecasts() {
		return market.Outlook{}, false
	}
	outlook, err := d.outlook(ctx, request)
	return outlook, err == nil
}

// forecasts reports whether plans ask the market at all.
func (d *Data) forecasts() bool {
	return d.Preflight != PreflightOff && d.Preflight != "" && d.ChainID != ""
}

func (d *Data) outlook(ctx context.Context, request deploy.ForecastRequest) (market.Outlook, error) {
	bounded, cancel := context.WithTimeout(ctx, forecastTime)
	defer cancel()
	connection, err := d.Connect(bounded)
	if err != nil {
		return market.Outlook{}, err
	}
	request.Owner = d.Owner
	return connection.Deployer.Forecast(bounded, request)
}

// Note is a warning that is told once in a run of the CLI, which plans everything once more when it applies.
func (d *Data) Note(at path.Path, summary, detail string) diag.Diagnostics {
	if d.again(d.ChainID + "\n" + summary) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, summary, detail)}
}

// again notes that what key names is being told, and reports whether it was before in this run.
func (d *Data) again(key string) bool { return d.Told != nil && d.Told.Again(key) }
