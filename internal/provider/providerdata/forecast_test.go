// SPDX-License-Identifier: Apache-2.0

package providerdata_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// stall is a market that always looks the same. It counts how often it is read.
type stall struct {
	snapshot market.Snapshot
	err      error
	read     int
}

func (s *stall) Read(context.Context, func(market.Seller) bool, ...string) (market.Snapshot, error) {
	s.read++
	return s.snapshot, s.err
}

func (s *stall) Ask(context.Context, ...market.Seller) []market.Candidate { return nil }

// said is a [providerdata.Told] that remembers in memory.
type said map[string]bool

func (s said) Again(key string) bool {
	before := s[key]
	s[key] = true
	return before
}

func dataOf(s *stall, preflight providerdata.Preflight) *providerdata.Data {
	data := providerdata.New(func(context.Context) (*providerdata.Connection, error) {
		return &providerdata.Connection{Deployer: deploy.New(deploy.Config{
			Market: s, Clock: deploy.SystemClock{}, BlockTime: coin.DefaultBlockTime,
		})}, nil
	})
	data.Preflight, data.ChainID, data.BlockTime = preflight, "chain", coin.DefaultBlockTime
	data.Told, data.Now = said{}, func() time.Time { return time.Unix(0, 0) }
	return data
}

var wanted = deploy.ForecastRequest{Spec: deploymentv1beta4.GroupSpec{
	Name: "web", Resources: []deploymentv1beta4.ResourceUnit{{
		Count: 1, Price: sdk.DecCoin{Denom: coin.UACT, Amount: math.LegacyNewDec(10)},
	}},
}}

// at is a market with one Akash provider that has room, and bid for the same lately; "" for a price is that it did not.
func at(price string) *stall {
	s := &stall{snapshot: market.Snapshot{Candidates: []market.Candidate{{
		Seller: market.Seller{Addr: "akash1one"}, Inventory: &market.Inventory{Nodes: []market.Node{{CPU: 1000}}},
	}}}}
	if price != "" {
		s.snapshot.Observations = []market.Observation{{
			ProviderAddr: "akash1one", Shape: market.ShapeOfGroup(wanted.Spec),
			Price: coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyMustNewDecFromStr(price)},
		}}
	}
	return s
}

func full() *stall {
	s := at("")
	s.snapshot.Candidates[0].Inventory.Nodes = nil
	return s
}

// TestForecast_preflight refuses a plan for facts alone, and only where it may.
func TestForecast_preflight(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stall     *stall
		preflight providerdata.Preflight
		severity  diag.Severity // SeverityInvalid for silence
		says      string
	}{
		"likely":              {at("5"), providerdata.PreflightError, diag.SeverityWarning, "1 Akash provider can run this"},
		"price unknown":       {at(""), providerdata.PreflightError, diag.SeverityWarning, "prices are not known yet"},
		"too dear":            {at("11"), providerdata.PreflightError, diag.SeverityError, "too dear"},
		"too dear, warned of": {at("11"), providerdata.PreflightWarn, diag.SeverityWarning, "too dear"},
		"nobody":              {full(), providerdata.PreflightError, diag.SeverityError, "nobody can run this"},
		"nobody, warned of":   {full(), providerdata.PreflightWarn, diag.SeverityWarning, "nobody can run this"},
		"unreadable": {
			&stall{err: errors.New("no chain")}, providerdata.PreflightError, diag.SeverityWarning, "could not be read",
		},
		"off": {full(), providerdata.PreflightOff, diag.SeverityInvalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems, told := dataOf(test.stall, test.preflight).Forecast(t.Context(), "web", "", wanted)
			if test.severity == diag.SeverityInvalid {
				require.Empty(t, problems)
				require.False(t, told)
				require.Zero(t, test.stall.read)
				return
			}
			require.True(t, told)
			require.Len(t, problems, 1)
			require.Equal(t, test.severity, problems[0].Severity())
			require.Contains(t, problems[0].Summary(), test.says)
		})
	}
}

// TestForecast_repair refuses no plan for bad news about a lease that is lost anyhow: nothing else could be planned
// then, not even to destroy it.
func TestForecast_repair(t *testing.T) {
	t.Parallel()
	repair := wanted
	repair.Repairs = true
	for _, market := range []*stall{full(), at("11")} {
		problems, told := dataOf(market, providerdata.PreflightError).Forecast(t.Context(), "web", "It has ended.", repair)
		require.True(t, told)
		require.Len(t, problems, 1)
		require.Equal(t, diag.SeverityWarning, problems[0].Severity())
		require.Contains(t, problems[0].Detail(), "It has ended.")
	}
	problems, _ := dataOf(full(), providerdata.PreflightError).Forecast(t.Context(), "web", "", wanted)
	require.Contains(t, problems[0].Detail(), "terraform destroy -refresh=false")
}

// TestForecast_notTwice is silent where Terraform plans again, bad news included, and reads no market for it.
func TestForecast_notTwice(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(t *testing.T, d *providerdata.Data){
		"told before": func(t *testing.T, d *providerdata.Data) {
			t.Helper()
			_, _ = d.Forecast(t.Context(), "web", "", wanted)
		},
		"applying": func(_ *testing.T, d *providerdata.Data) { d.Applying() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := full()
			data := dataOf(s, providerdata.PreflightError)
			again(t, data)
			before := s.read
			problems, told := data.Forecast(t.Context(), "web", "", wanted)
			require.Empty(t, problems)
			require.True(t, told)
			require.Equal(t, before, s.read)
		})
	}
}
