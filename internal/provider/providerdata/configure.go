// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ForResource is embedded by every resource: it takes what the Terraform provider's Configure handed over.
type ForResource struct {
	// Data is nil until Configure ran, as during validation.
	Data *Data
}

// Configure keeps the data.
func (f *ForResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	data, problems := From(req.ProviderData)
	resp.Diagnostics.Append(problems...)
	f.Data = data
}

// ForDataSource is [ForResource] for data sources.
type ForDataSource struct {
	// Data is nil until Configure ran, as during validation.
	Data *Data
}

// Configure keeps the data.
func (f *ForDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	data, problems := From(req.ProviderData)
	resp.Diagnostics.Append(problems...)
	f.Data = data
}

// ForEphemeral is [ForResource] for ephemeral resources.
type ForEphemeral struct {
	// Data is nil until Configure ran, as during validation.
	Data *Data
}

// Configure keeps the data.
func (f *ForEphemeral) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	data, problems := From(req.ProviderData)
	resp.Diagnostics.Append(problems...)
	f.Data = data
}

// ForAction is [ForResource] for actions.
type ForAction struct {
	// Data is nil until Configure ran, as during validation.
	Data *Data
}

// Configure keeps the data.
func (f *ForAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	data, problems := From(req.ProviderData)
	resp.Diagnostics.Append(problems...)
	f.Data = data
}
