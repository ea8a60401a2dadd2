// SPDX-License-Identifier: Apache-2.0

// Package network is data.akash_network: the chain's last block and the rules that matter to who deploys on it.
package network

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*networkDataSource)(nil)

// measuredBlocks is over how many blocks their time is measured.
const measuredBlocks = 100

type networkDataSource struct {
	providerdata.ForDataSource
}

type model struct {
	ChainID           types.String `tfsdk:"chain_id"`
	Height            types.Int64  `tfsdk:"height"`
	Time              types.String `tfsdk:"time"`
	AssumedBlockTime  types.String `tfsdk:"assumed_block_time_seconds"`
	MeasuredBlockTime types.String `tfsdk:"measured_block_time_seconds"`
	NodeVersion       types.String `tfsdk:"node_version"`
	MinDeposits       types.Map    `tfsdk:"min_deposits"`
	MinGasPrices      types.Map    `tfsdk:"min_gas_prices"`
	OrderMaxBids      types.Int64  `tfsdk:"order_max_bids"`
	MinReclamation    types.String `tfsdk:"min_reclamation_window"`
	MaxReclamation    types.String `tfsdk:"max_reclamation_window"`
	Mint              types.Object `tfsdk:"mint"`
	Providers         types.Int64  `tfsdk:"registered_providers"`
	Complete          types.Bool   `tfsdk:"complete"`
}

var mintType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"allowed": types.BoolType, "status": types.StringType, "usd_per_akt": types.StringType,
	"spread_percent": types.StringType, "min_uact": types.StringType, "epoch_blocks": types.Int64Type,
}}

// NewDataSource returns akash_network.
func NewDataSource() datasource.DataSource { return &networkDataSource{} }

// Metadata names the data source.
func (d *networkDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_network"
}

// Read asks the chain. Its block and its rules have to be told; what else is not is null, with a warning.
func (d *networkDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	connection, err := d.Data.Connect(ctx)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	m := model{
		AssumedBlockTime: seconds(d.Data.BlockTime), MeasuredBlockTime: types.StringNull(), NodeVersion: types.StringNull(),
		MinGasPrices: types.MapNull(types.StringType), Mint: types.ObjectNull(mintType.AttrTypes),
		Providers: types.Int64Null(), Complete: types.BoolValue(true),
	}
	block, err := m.rules(ctx, connection.Chain)
	if err != nil {
		resp.Diagnostics.Append(diags.FromError(err))
		return
	}
	for _, part := range []struct {
		name string
		read func() error
	}{
		{"min_gas_prices", func() error { return m.gasPrices(ctx, connection.Chain) }},
		{"mint", func() error { return m.minting(ctx, connection.Chain) }},
		{"registered_providers", func() error { return m.count(ctx, connection.Chain) }},
		{"measured_block_time_seconds", func() error { return m.measure(ctx, connection.Chain, block) }},
		{"node_version", func() error { return m.version(ctx, connection.Chain) }},
	} {
		if err := part.read(); err != nil {
			m.Complete = types.BoolValue(false)
			resp.Diagnostics.AddWarning(part.name+" of the network could not be read", fmt.Sprintf(
				"%v\n\n%s is null and complete false. Plan again to try again.", err, part.name))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// rules reads the last block and the parameters.
func (m *model) rules(ctx context.Context, c *chain.Client) (chain.Block, error) {
	block, err := c.LatestBlock(ctx)
	if err != nil {
		return chain.Block{}, err
	}
	deployments, err := c.DeploymentParams(ctx)
	if err != nil {
		return chain.Block{}, err
	}
	market, err := c.MarketParams(ctx)
	if err != nil {
		return chain.Block{}, err
	}
	m.ChainID, m.Height = types.StringValue(c.ChainID()), types.Int64Value(block.Height)
	m.Time = types.StringValue(block.Time.UTC().Format(time.RFC3339))
	deposits := map[string]attr.Value{}
	for _, deposit := range deployments.MinDeposits {
		deposits[deposit.Denom] = types.StringValue(deposit.Amount.String())
	}
	m.MinDeposits = types.MapValueMust(types.StringType, deposits)
	m.OrderMaxBids = types.Int64Value(int64(market.OrderMaxBids))
	m.MinReclamation = types.StringValue(market.MinReclamationWindow.String())
	m.MaxReclamation = types.StringValue(market.MaxReclamationWindow.String())
	return block, nil
}

func (m *model) gasPrices(ctx context.Context, c *chain.Client) error {
	prices, err := c.MinGasPrices(ctx)
	if err == nil {
		m.MinGasPrices = decimals(prices)
	}
	return err
}

func (m *model) minting(ctx context.Context, c *chain.Client) error {
	status, err := c.MintStatus(ctx)
	if err != nil {
		return err
	}
	price := types.StringNull()
	if status.USDPerAKT.IsPositive() {
		price = types.StringValue(coin.Trim(status.USDPerAKT))
	}
	const hundredths = 100 // of a percent
	m.Mint = types.ObjectValueMust(mintType.AttrTypes, map[string]attr.Value{
		"allowed": types.BoolValue(status.Allowed), "status": types.StringValue(status.Status), "usd_per_akt": price,
		"spread_percent": types.StringValue(coin.Trim(math.LegacyNewDec(status.SpreadBPS).QuoInt64(hundredths))),
		"min_uact":       types.StringValue(status.LeastUACT.String()), "epoch_blocks": types.Int64Value(status.EpochBlocks),
	})
	return nil
}

func (m *model) count(ctx context.Context, c *chain.Client) error {
	registered, err := c.ListProviders(ctx)
	if err == nil {
		m.Providers = types.Int64Value(int64(len(registered)))
	}
	return err
}

// measure compares the last block with one some time before. A chain that has but one has no block time yet.
func (m *model) measure(ctx context.Context, c *chain.Client, last chain.Block) error {
	first := max(last.Height-measuredBlocks, 1)
	if last.Height <= first {
		return nil
	}
	before, err := c.BlockAt(ctx, first)
	if err == nil {
		m.MeasuredBlockTime = seconds(last.Time.Sub(before.Time) / time.Duration(last.Height-first))
	}
	return err
}

func (m *model) version(ctx context.Context, c *chain.Client) error {
	version, err := c.NodeVersion(ctx)
	if err == nil && version != "" {
		m.NodeVersion = types.StringValue(version)
	}
	return err
}

// seconds is an exact decimal, to the millisecond.
func seconds(d time.Duration) types.String {
	const millis = 1000
	return types.StringValue(coin.Trim(math.LegacyNewDec(d.Round(time.Millisecond).Milliseconds()).QuoInt64(millis)))
}

func decimals(coins sdk.DecCoins) types.Map {
	values := map[string]attr.Value{}
	for _, c := range coins {
		values[c.Denom] = types.StringValue(coin.Trim(c.Amount))
	}
	return types.MapValueMust(types.StringType, values)
}
