// SPDX-License-Identifier: Apache-2.0

package forecast_test

import (
	"strconv"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/forecast"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const gib = 1 << 30

// running starts a devnet and returns what reads its market, a new one for each call.
func running(tb testing.TB, options devnet.Options) (*devnet.Network, func(dir string) *forecast.Reader) {
	tb.Helper()
	n, err := devnet.Start(tb.Context(), options)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, n.Stop()) })
	client, err := chain.Dial(tb.Context(), chain.Config{GRPC: []string{n.GRPC()}})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, client.Close()) })
	return n, func(dir string) *forecast.Reader {
		return forecast.New(forecast.Config{
			Chain: client, Dir: dir, Source: []string{n.ChainID(), n.GRPC()},
			Gateways: func(hostURI, providerAddr string) (forecast.Gateway, error) {
				return gateway.New(gateway.Config{HostURI: hostURI, ProviderAddr: providerAddr, Certificates: client})
			},
		})
	}
}

func value(n int64) resourcesv1beta4.ResourceValue {
	return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
}

// leasedTo are deployments before the first block, with a lease each.
func leasedTo(sellers ...string) []devnet.Deployment {
	out := make([]devnet.Deployment, 0, len(sellers))
	for i, name := range sellers {
		out = append(out, devnet.Deployment{
			DSeq: uint64(i) + 1, Hash: make([]byte, 32),
			Groups: []deploymentv1beta4.GroupSpec{{Name: "web", Resources: []deploymentv1beta4.ResourceUnit{{
				Count: 2, Price: sdk.NewInt64DecCoin("uact", 100),
				Resource: resourcesv1beta4.Resources{
					ID: 1, CPU: &resourcesv1beta4.CPU{Units: value(500)}, GPU: &resourcesv1beta4.GPU{Units: value(0)},
					Memory:    &resourcesv1beta4.Memory{Quantity: value(gib)},
					Storage:   []resourcesv1beta4.Storage{{Name: "default", Quantity: value(gib)}},
					Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
				},
			}}}},
			Leases: []devnet.Lease{{AkashProvider: name, Price: sdk.NewInt64DecCoin("uact", int64(3+i))}},
		})
	}
	return out
}

// seen are the candidates by the names of their specs.
func seen(t *testing.T, n *devnet.Network, r *forecast.Reader, auditors ...string) (
	map[string]market.Candidate, market.Snapshot,
) {
	t.Helper()
	got, err := r.Read(t.Context(), nil, auditors...)
	require.NoError(t, err)
	require.Empty(t, got.Partial)
	byAddr := map[string]market.Candidate{}
	for _, c := range got.Candidates {
		byAddr[c.Addr] = c
	}
	byName := map[string]market.Candidate{}
	for _, p := range n.AkashProviders() {
		byName[p.Name()] = byAddr[p.Address()]
	}
	return byName, got
}

func TestRead_devnet(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	specs[0].AuditedBy = []string{akashprovider.NetworkAuditor}
	specs[1].ReclamationWindow = 2 * time.Hour
	n, reader := running(t, devnet.Options{
		BlockTime: 100 * time.Millisecond, AkashProviders: specs, Deployments: leasedTo("amber", "birch", "amber"),
	})
	got, snapshot := seen(t, n, reader(t.TempDir()), akashprovider.NetworkAuditor)
	require.Positive(t, snapshot.Height)
	require.Len(t, got, 3)
	for name, c := range got {
		require.Empty(t, c.Silent, name)
		require.NotEmpty(t, c.Attributes, name)
		require.Positive(t, c.Latency, name)
	}
	require.NotEmpty(t, got["amber"].Audits[akashprovider.NetworkAuditor])
	require.Empty(t, got["birch"].Audits)

	birch := got["birch"].Inventory
	require.Len(t, birch.Nodes, 3)
	require.Equal(t, uint64(4), *birch.FreeIPs)
	require.Equal(t, 2*time.Hour, birch.ReclamationWindow)
	require.Equal(t, map[string]uint64{"beta2": 2000 * gib, "beta3": 1000 * gib}, birch.Pools)
	require.Equal(t, []string{"beta2", "beta3"}, birch.Nodes[0].StorageClasses)
	var cpu uint64
	for _, node := range birch.Nodes {
		cpu += node.CPU
	}
	require.Equal(t, uint64(3*32_000-1000), cpu, "the lease takes two halves of a core")

	cedar := got["cedar"].Inventory
	require.Equal(t, uint64(4), cedar.Nodes[0].FreeGPUs)
	require.Equal(t, market.GPU{Vendor: "nvidia", Model: "a100", RAM: "80Gi", Interface: "SXM4"}, cedar.Nodes[0].GPUs[3])

	require.Len(t, snapshot.Observations, 3)
	require.Equal(t, market.Shape{CPU: 1000, Memory: 2 * gib, Ephemeral: 2 * gib, Endpoints: 1},
		snapshot.Observations[0].Shape)
}

func TestRead_devnetFaults(t *testing.T) {
	t.Parallel()
	n, reader := running(t, devnet.Options{BlockTime: 100 * time.Millisecond})
	all := n.AkashProviders()
	stolen := all[0].Identity()
	all[0].SetFaults(akashprovider.Faults{Dead: true})
	all[1].SetFaults(akashprovider.Faults{Certificate: &stolen})
	all[2].SetFaults(akashprovider.Faults{Delay: 20 * time.Second})
	dir := t.TempDir()
	began := time.Now()
	got, _ := seen(t, n, reader(dir))
	cold := time.Since(began)
	require.Equal(t, "refused the connection", got["amber"].Silent)
	require.Equal(t, "did not prove to be itself: its certificate is not the one on chain", got["birch"].Silent)
	require.Equal(t, "did not answer in 2s", got["cedar"].Silent)
	require.Less(t, cold, 5*time.Second)
	began = time.Now()
	again, _ := seen(t, n, reader(dir))
	require.Equal(t, got["cedar"].Silent, again["cedar"].Silent)
	require.Less(t, time.Since(began), cold/4, "silence costs once: cold "+strconv.FormatFloat(cold.Seconds(), 'f', 2, 64))
}
