// SPDX-License-Identifier: Apache-2.0

// Package provider is the Terraform provider: its configuration and the registry
// of resources and data sources. Each noun has a folder of its own below.
package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/account"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/akashproviders"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/bids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/certificate"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/deployment"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/deployments"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/exec"
	forecastds "github.com/akash-iac/terraform-provider-akash/internal/provider/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/functions"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/gpuprices"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/gpuprofile"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/grants"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/ipendpoint"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/jwt"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/lease"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/leases"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/logs"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/migration"
	networkds "github.com/akash-iac/terraform-provider-akash/internal/provider/network"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/sdlbuilder"
)

var (
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithListResources      = (*Provider)(nil)
	_ provider.ProviderWithActions            = (*Provider)(nil)
)

// Provider is the Terraform provider. Make it with [New]; it is safe for concurrent use.
type Provider struct {
	version string
	getenv  func(string) string

	wholeUnknowns bool

	mu       sync.Mutex
	journals []*journal.Journal
}

// New returns a Terraform provider of the given version that reads the process's environment.
func New(version string) *Provider { return &Provider{version: version, getenv: os.Getenv} }

// ForPulumi prepares p for Pulumi's programs, which hand over an object with one unknown part as unknown altogether.
// Call it before p is used.
func (p *Provider) ForPulumi() { p.wholeUnknowns = true }

// Factory returns p itself, for the plugin server.
func (p *Provider) Factory() provider.Provider { return p }

// Close ends the process's part of the journal; call it when Terraform has asked the plugin to stop.
func (p *Provider) Close() error { return p.CloseAsOf(time.Now()) }

// CloseAsOf is Close for a process that was asked to stop at a time, while it may have been at work: see
// [journal.Journal.CloseAsOf].
func (p *Provider) CloseAsOf(at time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all error
	for _, j := range p.journals { // one a provider block; a failure of one leaves the others nothing to wait for
		all = errors.Join(all, j.CloseAsOf(at))
	}
	return all
}

// Metadata names the Terraform provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "akash"
	resp.Version = p.version
}

// Schema describes the provider block.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure reads the provider block and the environment. It reaches no network unless an interrupted run left
// something to report: the first operation that needs the chain connects.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s, unknown, problems := resolve(ctx, m, p.getenv)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	if s.owner == "" && !unknown {
		resp.Diagnostics.AddError("No account", "The provider block names neither a key nor an owner, and none of the "+
			"environment variables "+providerdata.KeyVariables+" and AKASH_OWNER is set.\n\n"+
			"Set key (to apply) or owner (to plan only).")
		return
	}
	j, cacheDir, err := p.openJournal()
	if err != nil {
		resp.Diagnostics.AddError("Journal cannot be opened", err.Error())
		return
	}
	logger := newLogger(p.getenv, s.secrets, stderr)
	data := providerdata.New(connector(s, j, cacheDir, logger))
	data.Owner, data.CanSign, data.Ceiling, data.BlockTime = s.owner, s.key != nil, s.ceiling, s.blockTime
	data.Journal, data.ChainID, data.NoGateway = j, s.chainID, noGateway(s)
	data.Delegated = s.grantee != "" || s.feeGranter != ""
	data.Key = s.key
	data.Preflight, data.Told = s.preflight, forecast.NewTold(cacheDir, time.Now)
	data.DefaultLabels, data.WholeUnknowns = m.DefaultLabels, p.wholeUnknowns
	data.CeilingUnknown, data.Budget, data.BidPolicy = s.ceilingUnknown, s.budget, m.BidPolicy
	tflog.Debug(maskContext(ctx, s.secrets), "configured", map[string]any{
		"chain_id": s.chainID, "owner": s.owner, "can_sign": data.CanSign, "unknown": unknown,
	})
	resp.Diagnostics.Append(leftovers(ctx, data)...)
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = data, data, data
	resp.ActionData, resp.ListResourceData = data, data
}

// openJournal opens the journal of this configuration. cacheDir, beside it, is where forecasts keep what they read.
func (p *Provider) openJournal() (_ *journal.Journal, cacheDir string, _ error) {
	home, err := os.UserHomeDir()
	if err != nil && p.getenv(journal.EnvStateDir) == "" {
		return nil, "", fmt.Errorf("find a folder for the journal: %w; set %s", err, journal.EnvStateDir)
	}
	workingDir, err := os.Getwd()
	if err != nil {
		return nil, "", fmt.Errorf("find the working directory: %w", err)
	}
	dir := journal.Dir(p.getenv, home)
	j := journal.Open(dir, journal.Scope(p.getenv, workingDir), time.Now)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.journals = append(p.journals, j)
	return j, filepath.Join(filepath.Dir(dir), "market"), nil
}

// Resources lists the resources.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		deployment.NewResource, lease.NewResource, certificate.NewResource, grants.NewAuthzGrant, grants.NewFeeGrant,
		gpuprofile.NewResource, ipendpoint.NewResource, exec.NewResource,
	}
}

// DataSources lists the data sources.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		account.NewDataSource, akashproviders.NewDataSource, akashproviders.NewSingle, sdlbuilder.NewDataSource,
		migration.NewCompose, migration.NewECSTask,
		jwt.NewDataSource, forecastds.NewDataSource, gpuprices.NewDataSource, logs.NewDataSource, networkds.NewDataSource,
		deployments.NewDataSource, leases.NewDataSource, bids.NewDataSource,
	}
}

// Actions lists the deeds that leave nothing in state. CLIs that know no actions never ask.
func (p *Provider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{exec.NewAction, logs.NewAction, lease.NewRebidAction, deployment.NewTopUpAction}
}

// ListResources lists what "terraform query" can find.
func (p *Provider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{deployment.NewList, lease.NewList, ipendpoint.NewList}
}

// EphemeralResources lists the values that are stored nowhere.
func (p *Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{jwt.NewEphemeral}
}

// Functions lists the functions. They need no configuration.
func (p *Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewSDLValidate, functions.NewSDLHash, functions.NewSDLUpgrade, functions.NewUACTPerBlock,
		functions.NewUSDPerMonth,
		functions.NewEC2GPUProfile,
		functions.NewParseID, functions.NewComposeToSDL, functions.NewECSTaskToSDL,
	}
}
