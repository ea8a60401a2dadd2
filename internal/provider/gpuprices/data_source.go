// SPDX-License-Identifier: Apache-2.0

// Package gpuprices is data.akash_gpu_prices: what GPUs cost by the bids that are on chain, and by the Akash Console.
package gpuprices

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/console"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*pricesDataSource)(nil)

// readTime bounds what is spent on the chain.
const readTime = 30 * time.Second

type pricesDataSource struct {
	providerdata.ForDataSource
}

// NewDataSource returns akash_gpu_prices.
func NewDataSource() datasource.DataSource { return &pricesDataSource{} }

// Metadata names the data source.
func (d *pricesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_gpu_prices"
}

// Read asks the chain and, if configured, the Console. Neither is needed for a plan to go on: what cannot be read is
// empty, with a warning.
func (d *pricesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	var models []string
	if !m.Models.IsNull() {
		resp.Diagnostics.Append(m.Models.ElementsAs(ctx, &models, false)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	wanted := func(model string) bool { return len(models) == 0 || slices.Contains(models, model) }

	offers, err := d.offers(ctx)
	m.Height = types.Int64Value(offers.Height)
	if err != nil {
		m.Height = types.Int64Null()
		resp.Diagnostics.AddWarning("GPU prices could not be read", fmt.Sprintf("%v\n\nprices is empty and height null, so "+
			"that the plan can go on without the market.", err))
	}
	if offers.Partial {
		resp.Diagnostics.AddWarning("GPU prices of a part of the market", "The network has more bids than are read; "+
			"complete is false.")
	}
	m.Complete = types.BoolValue(err == nil && !offers.Partial)
	resp.Diagnostics.Append(m.setPrices(ctx, offers, wanted, d.Data.BlockTime)...)

	m.Console = types.ListNull(consoleType)
	if !m.ConsoleURL.IsNull() {
		told, err := console.GPUPrices(ctx, m.ConsoleURL.ValueString())
		if err != nil {
			resp.Diagnostics.AddWarning("Console could not be asked", fmt.Sprintf("%v\n\nconsole is empty, so that the plan "+
				"can go on without it.", err))
		}
		told = slices.DeleteFunc(told, func(p console.GPUPrice) bool { return !wanted(p.Model) })
		resp.Diagnostics.Append(m.setConsole(ctx, told)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (d *pricesDataSource) offers(ctx context.Context) (deploy.NetworkOffers, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		return deploy.NetworkOffers{}, err
	}
	return connection.Deployer.GPUOffers(ctx)
}

// open counts the open offers of a model.
func open(offers []market.GPUOffer, price market.GPUPrice) int64 {
	n := int64(0)
	for _, o := range offers {
		if o.GPU.Vendor == price.Vendor && o.GPU.Model == price.Model {
			n++
		}
	}
	return n
}
