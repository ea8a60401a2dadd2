// SPDX-License-Identifier: Apache-2.0

package deployments

import (
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const owner = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"

func dec(text string) math.LegacyDec { return math.LegacyMustNewDecFromStr(text) }

// running is an active deployment of one group that has 100 uact, used so many and pays a price.
func running(group, used, price string) deploy.ListedDeployment {
	return deploy.ListedDeployment{
		State: "active", EscrowState: "open", Running: 1,
		Deployment: deploy.Deployment{
			ID: ids.DeploymentID{Owner: owner, DSeq: 7}, Balance: dec("100"), Spent: dec("0"),
			Groups: []deploymentv1beta4.Group{{GroupSpec: deploymentv1beta4.GroupSpec{Name: group}}},
		},
		Runway: &deploy.Runway{
			Deposited: dec("100"), Used: dec(used), Price: coin.PerBlock{Denom: coin.UACT, Amount: dec(price)},
			At: time.Date(2026, 12, 1, 12, 59, 59, 0, time.UTC),
		},
	}
}

func item(t *testing.T, found deploy.ListedDeployment) itemModel {
	t.Helper()
	item, problems := itemOf(found, coin.DefaultBlockTime)
	require.Empty(t, problems)
	return item
}

func TestItemMoney(t *testing.T) {
	t.Parallel()
	told := item(t, running("dcloud", "40.5", "0.01")) // 59.5 uact are 5950 blocks: 9 h 55 min
	require.Equal(t, "59.5", told.LeftUACT.ValueString())
	require.Equal(t, "2026-12-01T22:00:00Z", told.FundedUntil.ValueString())
	require.Equal(t, "0.01", told.PricePerBlock.ValueString())
	require.Equal(t, "4383", told.UACTPerMonth.ValueString())
	require.Equal(t, "0.00", told.USDPerMonth.ValueString())

	told = item(t, running("dcloud", "140", "1")) // the chain has not noticed yet
	require.Equal(t, "0", told.LeftUACT.ValueString())
	require.Equal(t, "2026-12-01T12:00:00Z", told.FundedUntil.ValueString())

	unknown := running("dcloud", "0", "1")
	unknown.Runway = nil // not all leases were read
	told = item(t, unknown)
	require.True(t, told.LeftUACT.IsNull() && told.FundedUntil.IsNull() && told.RunningLeases.IsNull())
	require.False(t, told.ImportBlock.IsNull())
}

func TestItemOrigin(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		group, state           string
		kind                   journal.Kind
		address, told, holding string
	}{
		"plain":       {"dcloud", "active", "", "akash_deployment", "", ""},
		"unfinished":  {"dcloud", "active", journal.KindDeployment, "akash_deployment", "akash_deployment", ""},
		"probe":       {"dcloud", "active", journal.KindProbe, "", "akash_gpu_profile", ""},
		"holder":      {"ip-endpoint-shop", "active", "", "akash_ip_endpoint", "", "shop"},
		"left holder": {"ip-endpoint", "active", journal.KindIPHolder, "akash_ip_endpoint", "akash_ip_endpoint", "ip-7"},
		"closed":      {"dcloud", "closed", "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := running(test.group, "0", "1")
			found.State, found.Unfinished = test.state, test.kind
			told := item(t, found)
			want := ""
			if test.address != "" {
				want = "import {\n  to = " + test.address + ".d7\n  id = \"" + owner + "/7\"\n}\n"
			}
			require.Equal(t, want, told.ImportBlock.ValueString())
			require.Equal(t, test.told, told.Unfinished.ValueString())
			require.Equal(t, test.holding, told.IPEndpoint.ValueString())
		})
	}
}

// What is not all there has no sum.
func TestSumNeedsEverything(t *testing.T) {
	t.Parallel()
	list := deploy.List[deploy.ListedDeployment]{
		Items: []deploy.ListedDeployment{running("a", "0", "10"), running("b", "0", "20.5")}, At: chain.Block{Height: 9},
	}
	var m model
	require.Empty(t, m.fill(t.Context(), list, true, coin.DefaultBlockTime))
	require.Equal(t, "13.37", m.USDPerMonth.ValueString())
	require.EqualValues(t, 9, m.Height.ValueInt64())
	require.Len(t, m.Deployments.Elements(), 2)
	require.Empty(t, m.fill(t.Context(), list, false, coin.DefaultBlockTime))
	require.True(t, m.USDPerMonth.IsNull())
}
