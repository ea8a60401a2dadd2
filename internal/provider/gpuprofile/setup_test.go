// SPDX-License-Identifier: Apache-2.0

package gpuprofile_test

import (
	"fmt"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// name is the resource of these tests.
const name = "akash_gpu_profile.ml"

// stage is a devnet on which cedar has A100s for 1.20 and T4s for 0.20 USD an hour, and birch RTX 4090s for 0.40.
// Nobody has an H100.
type stage struct {
	*acctest.Devnet
	owner string
}

func newStage(t *testing.T, options ...acctest.Option) *stage {
	t.Helper()
	specs := akashprovider.DefaultSpecs()
	birch, ok := specs[1].WithGPUs("rtx4090", 8, 100)
	require.True(t, ok)
	specs[1] = birch
	net := acctest.StartDevnet(t, "Akash providers with certain GPUs", devnet.Options{AkashProviders: specs}, options...)
	return &stage{Devnet: net, owner: net.Owner(t, acctest.Tenant)}
}

// config is a profile with these lines, and what else is wanted.
func (s *stage) config(t *testing.T, lines string, more ...string) string {
	t.Helper()
	return s.ProviderBlock(t, acctest.Tenant, "") + fmt.Sprintf(`
resource "akash_gpu_profile" "ml" {
%s
}
`, lines) + strings.Join(more, "\n")
}

// books are what the account has and had on chain.
type books struct {
	uact math.Int
	all  int
}

func (s *stage) books(t *testing.T) books {
	t.Helper()
	return books{uact: s.Balance(t, s.owner, coin.UACT), all: len(s.Deployments(t, s.owner, ""))}
}

// settled wants so many more deployments on chain than before, all closed and empty, and every uact back.
func (s *stage) settled(t *testing.T, before books, probes int) {
	t.Helper()
	all := s.Deployments(t, s.owner, "")
	require.Len(t, all, before.all+probes, "probes sent")
	for _, d := range all {
		require.Equal(t, deploymentv1.Deployment_closed, d.Deployment.State, "%s is open", d.Deployment.ID)
		for _, f := range d.EscrowAccount.State.Funds {
			require.True(t, f.Amount.IsZero(), "%s holds money", d.Deployment.ID)
		}
	}
	require.Equal(t, before.uact.String(), s.Balance(t, s.owner, coin.UACT).String(), "the deposit came back, all of it")
}
