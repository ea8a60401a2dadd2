// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// playground is a devnet with a tenant who acts and a collector that looks.
type playground struct {
	net       *devnet.Network
	tenant    *wallet.Wallet
	collector *page.Collector
}

func newPlayground(t *testing.T, specs []akashprovider.Spec) playground {
	t.Helper()
	net, err := devnet.Start(t.Context(), devnet.Options{BlockTime: 100 * time.Millisecond, AkashProviders: specs})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, net.Stop()) })
	account, ok := net.Account(devnet.Tenant)
	require.True(t, ok)
	w, err := wallet.New(wallet.Config{
		Conn: net.Conn(), ChainID: net.ChainID(), Mnemonic: account.Mnemonic, HDPath: account.HDPath,
	})
	require.NoError(t, err)
	return playground{net: net, tenant: w, collector: page.NewCollector(net, time.Now)}
}

// until looks at every block until the view is as wanted.
func (p playground) until(t *testing.T, what string, wanted func(page.View) bool) page.View {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		view, err := p.collector.View(ctx)
		require.NoError(t, err)
		if wanted(view) {
			return view
		}
		require.NoError(t, p.net.WaitHeight(ctx, view.Height+1), "waiting for %s, last seen %+v", what, view.Auctions)
	}
}

// order asks for half a core, 512 MiB and so many GPUs of a model, at most 1000 uact a block.
func (p playground) order(t *testing.T, dseq uint64, gpus int64, model string) {
	t.Helper()
	value := func(n int64) resourcesv1beta4.ResourceValue {
		return resourcesv1beta4.ResourceValue{Val: math.NewInt(n)}
	}
	gpu := &resourcesv1beta4.GPU{Units: value(gpus)}
	if gpus > 0 {
		gpu.Attributes = []attributesv1.Attribute{{Key: "vendor/nvidia/model/" + model, Value: "true"}}
	}
	require.NoError(t, p.tenant.Broadcast(t.Context(), &deploymentv1beta4.MsgCreateDeployment{
		ID: deploymentv1.DeploymentID{Owner: p.tenant.Address(), DSeq: dseq}, Hash: bytes.Repeat([]byte{1}, 32),
		Groups: []deploymentv1beta4.GroupSpec{{
			Name: "dcloud",
			Resources: []deploymentv1beta4.ResourceUnit{{
				Resource: resourcesv1beta4.Resources{
					ID: 1, CPU: &resourcesv1beta4.CPU{Units: value(500)}, Memory: &resourcesv1beta4.Memory{Quantity: value(512 << 20)},
					Storage: []resourcesv1beta4.Storage{{Name: "default", Quantity: value(512 << 20)}}, GPU: gpu,
					Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
				},
				Count: 2, Price: sdk.NewInt64DecCoin("uact", 5000),
			}},
		}},
		Deposit: depositv1.Deposit{
			Amount: sdk.NewInt64Coin("uact", 5_000_000), Sources: []depositv1.Source{depositv1.Source_balance},
		},
	}))
}

func opinion(view page.View, name string) page.Opinion {
	for _, a := range view.Auctions {
		for _, o := range a.Opinions {
			if o.AkashProvider == name {
				return o
			}
		}
	}
	return page.Opinion{}
}

func TestViewOfAnAuction(t *testing.T) {
	t.Parallel()
	specs := append(akashprovider.DefaultSpecs(), akashprovider.GenerateSpecs(1, 1)...)
	specs[1].Faults.NeverBid, specs[3].Faults.Dead = true, true // birch, alder
	p := newPlayground(t, specs)

	empty, err := p.collector.View(t.Context())
	require.NoError(t, err)
	require.Equal(t, devnet.DefaultChainID, empty.ChainID)
	require.Equal(t, "100ms", empty.BlockTime)
	require.Empty(t, empty.Auctions)
	require.Len(t, empty.AkashProviders, 4)
	require.False(t, empty.Time.IsZero())

	p.order(t, 7, 0, "")
	view := p.until(t, "two bids and a refusal", func(v page.View) bool {
		return opinion(v, "amber").Verdict == page.VerdictOpen && opinion(v, "cedar").Verdict == page.VerdictOpen &&
			opinion(v, "birch").Verdict == page.VerdictNo
	})
	require.Len(t, view.Auctions, 1)
	auction := view.Auctions[0]
	id := ids.OrderID{Owner: p.tenant.Address(), DSeq: 7, GSeq: 1, OSeq: 1}
	require.Equal(t, page.Order{ID: id.String(), Owner: "tenant", DSeq: 7, GSeq: 1, OSeq: 1}, auction.Order)
	require.Equal(t, "open", auction.State)
	require.Equal(t, []string{"2 × 0.5 cpu, 512 MiB memory, 512 MiB storage"}, auction.Wants)
	require.Equal(t, page.Price{PerBlock: "10000", Denom: "uact", USDPerMonth: "4383.00"}, auction.Ceiling)
	var names []string
	for _, o := range auction.Opinions {
		names = append(names, o.AkashProvider)
	}
	require.Equal(t, []string{"amber", "cedar", "birch", "alder"}, names, "the cheapest bid first, refusals last")
	require.Contains(t, opinion(view, "birch").Reason, "never bids")
	require.Empty(t, opinion(view, "amber").Reason)
	require.Equal(t, "it is switched off", opinion(view, "alder").Reason)
	require.Equal(t, []string{"dead"}, view.AkashProviders[3].Faults)
	require.Equal(t, int64(-1), view.Escrows[0].Blocks, "nothing is paid yet")
	require.Equal(t, "5 ACT", view.Escrows[0].Balance)
	require.Contains(t, allTransactions(view), "CreateDeployment")

	amber := opinion(view, "amber")
	require.NoError(t, p.tenant.Broadcast(t.Context(), &marketv1beta5.MsgCreateLease{
		BidID: marketv1.BidID{Owner: id.Owner, DSeq: 7, GSeq: 1, OSeq: 1, Provider: amber.Address},
	}))
	view = p.until(t, "a lease that has paid", func(v page.View) bool {
		return len(v.Leases) == 1 && len(v.Escrows) == 1 && v.Escrows[0].Balance != "5 ACT"
	})
	lease := view.Leases[0]
	require.Equal(t, "active", lease.State)
	require.Equal(t, "amber", lease.AkashProvider)
	require.Equal(t, amber.Price, lease.Price)
	require.Equal(t, amber.Price, view.Burn)
	require.Equal(t, page.VerdictActive, opinion(view, "amber").Verdict)
	require.Equal(t, page.VerdictLost, opinion(view, "cedar").Verdict)
	require.Equal(t, 1, view.AkashProviders[0].Leases)
	p.checkEscrow(t, view)

	require.NoError(t, p.tenant.Broadcast(t.Context(), &deploymentv1beta4.MsgCloseDeployment{
		ID: deploymentv1.DeploymentID{Owner: id.Owner, DSeq: 7},
	}))
	view = p.until(t, "the end", func(v page.View) bool { return len(v.Leases) == 1 && v.Leases[0].State == "closed" })
	require.Equal(t, "lease_closed_owner", view.Leases[0].Reason)
	require.Positive(t, view.Leases[0].ClosedOn)
	require.Empty(t, view.Escrows)
	require.Equal(t, page.Price{}, view.Burn)
}

// checkEscrow compares what the page says is left with the deposit less price times blocks, as the chain settles.
func (p playground) checkEscrow(t *testing.T, view page.View) {
	t.Helper()
	lease, escrow := view.Leases[0], view.Escrows[0]
	rate := math.LegacyMustNewDecFromStr(lease.Price.PerBlock)
	left := math.LegacyNewDec(5_000_000).Sub(rate.MulInt64(view.Height - lease.Since))
	shown, err := math.LegacyNewDecFromStr(escrow.Balance[:len(escrow.Balance)-len(" ACT")])
	require.NoError(t, err)
	require.Equal(t, left.TruncateInt().String(), shown.MulInt64(1_000_000).TruncateInt().String())
	require.Equal(t, left.Quo(rate).TruncateInt64(), escrow.Blocks)
	require.Equal(t, page.Lasting(escrow.Blocks, 6*time.Second), escrow.Lasts)
	require.Equal(t, page.Lasting(escrow.Blocks, 100*time.Millisecond), escrow.LastsHere)
}

func allTransactions(view page.View) (all []string) {
	for _, b := range view.Blocks {
		all = append(all, b.Txs...)
	}
	return all
}

func TestViewSaysWhyNobodyBids(t *testing.T) {
	t.Parallel()
	p := newPlayground(t, append(akashprovider.DefaultSpecs(), akashprovider.GenerateSpecs(20, 1)...))
	p.order(t, 9, 4, "no-such-model")
	view := p.until(t, "everybody's opinion", func(v page.View) bool {
		return len(v.Auctions) == 1 && len(v.Auctions[0].Opinions)+v.Auctions[0].LeftOut == 23
	})
	p.until(t, "nobody undecided", func(page.View) bool {
		full, err := p.collector.Auction(t.Context(), ids.OrderID{Owner: p.tenant.Address(), DSeq: 9, GSeq: 1, OSeq: 1})
		require.NoError(t, err)
		return !slices.ContainsFunc(full.Opinions, func(o page.Opinion) bool { return o.Verdict == page.VerdictUndecided })
	})
	require.Len(t, view.Auctions[0].Opinions, 12, "a page shows a dozen")
	require.Equal(t, []string{"2 × 0.5 cpu, 512 MiB memory, 512 MiB storage, 4 GPU vendor/nvidia/model/no-such-model"},
		view.Auctions[0].Wants)
	full, err := p.collector.Auction(t.Context(), ids.OrderID{Owner: p.tenant.Address(), DSeq: 9, GSeq: 1, OSeq: 1})
	require.NoError(t, err)
	require.Len(t, full.Opinions, 23)
	for _, o := range full.Opinions {
		require.Equal(t, page.VerdictNo, o.Verdict)
		require.NotEmpty(t, o.Reason, o.AkashProvider)
	}
	_, err = p.collector.Auction(t.Context(), ids.OrderID{Owner: p.tenant.Address(), DSeq: 10, GSeq: 1, OSeq: 1})
	require.ErrorIs(t, err, page.ErrNoOrder)
}

func TestLasting(t *testing.T) {
	t.Parallel()
	for want, blocks := range map[string]int64{
		"0s": 0, "54s": 9, "1m 0s": 10, "1h 0m": 600, "5d 3h": 73_800, "3y 25d": 16_128_000,
		"1000 years and more": 1 << 62,
	} {
		require.Equal(t, want, page.Lasting(blocks, 6*time.Second))
	}
}
