// SPDX-License-Identifier: Apache-2.0

//go:build pulumi

package pulumitest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/pulumitest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// quickstarts are the programs that the README names, each in a folder of its language's name.
const quickstarts = "../../examples/pulumi/quickstart"

// password is looked for where it must not be.
const password = "kept-between-wordpress-and-mariadb"

// TestPulumiQuickstart takes the quickstart of each language through its life, as its user would, and looks at the
// chain after each step.
func TestPulumiQuickstart(t *testing.T) { //nolint:paralleltest // its programs share an account, one after another
	net := acctest.Start(t, acctest.NoRefusal())
	for _, language := range pulumitest.Languages(t) {
		t.Run(string(language), func(t *testing.T) { quickstart(t, net, language) })
	}
}

func quickstart(t *testing.T, net *acctest.Network, language pulumitest.Language) {
	program := filepath.Join(quickstarts, string(language))
	same, err := os.ReadFile("../../examples/quickstart/deploy.yaml")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(program, "deploy.yaml"))
	require.NoError(t, err)
	require.Equal(t, string(same), string(text), "all quickstarts run the same SDL")

	owner := net.Owner(t, acctest.Tenant)
	before, others := net.Balance(t, owner, coin.UACT), len(net.Deployments(t, owner, ""))
	p := pulumitest.New(t, net, acctest.Tenant, language, program)
	p.SetSecret(t, "dbPassword", password)

	// preview shows the forecast and spends nothing
	said := p.MustRun(t, "preview")
	require.Regexp(t, `(?s)db, wordpress: 2 .*, ceiling 2\.25.*Can run it`, said, "the headline, then the table")
	require.True(t, net.Balance(t, owner, coin.UACT).Equal(before), "a preview has spent something")
	require.Len(t, net.Deployments(t, owner, ""), others, "a preview has bought something")

	// up buys what was previewed
	said = p.MustRun(t, "up", "--yes", "--skip-preview")
	require.NotContains(t, said, password)
	id, lease, hash := p.Output(t, "deploymentId"), p.Output(t, "leaseId"), p.Output(t, "hash")
	found := net.Deployment(t, id)
	require.Equal(t, deploymentv1.Deployment_active, found.Deployment.State)
	leases := net.Leases(t, id)
	require.Len(t, leases, 1)
	require.Equal(t, marketv1.Lease_active, leases[0].State)
	require.Equal(t, leases[0].ID.Provider, p.Output(t, "providerAddress"))
	require.Equal(t, net.Address(t, acctest.Cheapest), p.Output(t, "providerAddress"), "the cheapest has won")
	require.True(t, strings.HasPrefix(p.Output(t, "uri"), "http://"))
	require.Equal(t, "accepted", verdict(t, p))

	// up again has nothing to do, and so has a refresh
	require.Contains(t, p.MustRun(t, "up", "--yes", "--skip-preview", "--expect-no-changes"), "3 unchanged")
	p.MustRun(t, "refresh", "--yes", "--skip-preview", "--expect-no-changes")

	// a variable of the environment is changed in place
	p.Set(t, "debugLevel", "1")
	require.Equal(t, map[string]string{"site": "update", "lease": "update"}, p.Steps(t))
	p.MustRun(t, "up", "--yes", "--skip-preview")
	require.Equal(t, lease, p.Output(t, "leaseId"), "the lease stays")
	require.NotEqual(t, hash, p.Output(t, "hash"))
	require.Len(t, net.Leases(t, id), 1)

	// An imported deployment's SDL, which nobody calls a secret, is written from what runs, values and all; until then
	// state has them encrypted.
	p.RequireNone(t, password)

	// what the state has lost is imported, and then there is nothing to do
	lost := p.Resources(t)
	p.Forget(t, "lease", "site")
	p.MustRun(t, "import", "--yes", "--generate-code=false", "--protect=false",
		lost["site"].Type, "site", id)
	p.MustRun(t, "import", "--yes", "--generate-code=false", "--protect=false",
		lost["lease"].Type, "lease", lost["lease"].ID)
	p.MustRun(t, "up", "--yes", "--skip-preview")
	require.Equal(t, lease, p.Output(t, "leaseId"), "the same lease was imported")
	require.Len(t, net.Leases(t, id), 1)
	require.Len(t, net.Deployments(t, owner, ""), others+1, "an import has bought something")
	require.Contains(t, p.MustRun(t, "up", "--yes", "--skip-preview", "--expect-no-changes"), "3 unchanged")

	// destroy ends the lease and brings the deposit back
	p.MustRun(t, "destroy", "--yes", "--skip-preview")
	require.Equal(t, deploymentv1.Deployment_closed, net.Deployment(t, id).Deployment.State)
	require.Empty(t, p.Resources(t))
	require.True(t, before.Sub(net.Balance(t, owner, coin.UACT)).LT(before.QuoRaw(100)), "the deposit came back")
}

// verdict is what became of the best bid.
func verdict(t *testing.T, p *pulumitest.Project) string {
	t.Helper()
	bids, ok := p.Outputs(t)["bids"].([]any)
	require.True(t, ok)
	require.NotEmpty(t, bids)
	best, ok := bids[0].(map[string]any)
	require.True(t, ok)
	reason, ok := best["reason"].(string)
	require.True(t, ok)
	word, _, _ := strings.Cut(reason, ":")
	return word
}
