// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// stage is a devnet behind proxies, with a workspace whose runs are killed.
type stage struct {
	*acctest.Devnet
	life      *life
	trap      trap
	victim    victim
	workspace *acctest.Workspace
	owner     string
	// known are the deployments that the state ever held.
	known map[string]bool
	// purse is what the account had after the last step, in a life that mints.
	purse purse
}

func newStage(t *testing.T, l *life) *stage {
	t.Helper()
	s := &stage{
		Devnet: acctest.StartDevnet(t, "a node and gateways behind proxies",
			devnet.Options{BlockTime: 100 * time.Millisecond, Economy: l.economy()},
			acctest.Calm("a kill is at a request that is counted")),
		life: l, known: map[string]bool{},
	}
	s.trap.set(point{}, 0, nil)
	s.owner = s.Owner(t, l.account)
	chain := providerv1beta4.NewQueryClient(s.Inside.Conn())
	for _, seller := range s.Inside.AkashProviders() {
		known, err := chain.Provider(t.Context(), &providerv1beta4.QueryProviderRequest{Owner: seller.Address()})
		require.NoError(t, err)
		require.NoError(t, s.Wallet(t, seller.Name()).Broadcast(t.Context(), &providerv1beta4.MsgUpdateProvider{
			Owner: seller.Address(), HostURI: gatewayProxy(t, &s.trap, known.Provider.HostURI),
			Attributes: known.Provider.Attributes, Info: known.Provider.Info,
		}))
	}
	if l.mints {
		require.NoError(t, s.Inside.Faucet(t.Context(), s.owner, sdk.NewCoins(sdk.NewInt64Coin(coin.UAKT, pocket))))
		s.purse = s.look(t)
	}
	s.workspace = s.NewWorkspace(t, l.account, l.providerBlock())
	s.workspace.Setenv("AKASH_GRPC", "")
	s.workspace.Setenv("AKASH_NODE", nodeProxy(t, &s.trap, s.Inside.RPC()))
	return s
}

// write puts the wish into the workspace.
func (s *stage) write(t *testing.T, w wish) {
	t.Helper()
	text := ""
	if w != (wish{}) {
		web := acctest.Web{Env: []string{"GREETING=" + w.greeting}, CPU: w.cpu}
		text = acctest.Deployment("web", web.SDL(), fmt.Sprintf("deposit = { uact = %d }", w.uact)) +
			"output \"id\" { value = akash_deployment.web.id }\n"
		if w.greeting != "" {
			text += acctest.Lease("web")
		}
	}
	s.workspace.Write(t, "web.tf", text)
}

// check compares the chain with the wish, and with what the state says.
func (s *stage) check(t *testing.T, w wish) {
	t.Helper()
	s.checkDeployments(t, w)
	if !s.life.mints {
		return
	}
	s.checkMints(t, w)
	if w == (wish{}) {
		s.emptyPurse(t)
	}
}

func (s *stage) checkDeployments(t *testing.T, w wish) {
	t.Helper()
	var active []deploymentv1beta4.QueryDeploymentResponse
	all := s.Deployments(t, s.owner, "")
	id := ""
	if w != (wish{}) {
		require.NoError(t, json.Unmarshal([]byte(s.workspace.MustRun(t, "output", "-json", "id")), &id))
		s.known[id] = true
	}
	for _, d := range all {
		name := fmt.Sprintf("%s/%d", d.Deployment.ID.Owner, d.Deployment.ID.DSeq)
		require.True(t, s.known[name], "deployment %s was paid for, and no state has ever known it", name)
		if d.Deployment.State == deploymentv1.Deployment_active {
			active = append(active, d)
			continue
		}
		require.True(t, held(d).IsZero(), "deployment %s is closed and holds money", name)
	}
	if w == (wish{}) {
		require.Empty(t, active, "destroyed")
		return
	}
	require.Len(t, active, 1)
	web := active[0]
	require.Equal(t, id, fmt.Sprintf("%s/%d", web.Deployment.ID.Owner, web.Deployment.ID.DSeq))
	paidIn := held(web)
	for _, c := range web.EscrowAccount.State.Transferred {
		paidIn = paidIn.Add(c.Amount)
	}
	require.Equal(t, math.LegacyNewDec(w.uact), paidIn, "paid into the escrow")
	cpu := web.Groups[0].GroupSpec.Resources[0].Resource.CPU.Units.Val
	require.Equal(t, w.cpu, cpu.String()+"m")
	var lease string
	for _, l := range s.Leases(t, id) {
		if l.State == marketv1.Lease_active {
			require.Empty(t, lease, "a second lease runs")
			lease = fmt.Sprintf("%s/%d/%d/%s", id, l.ID.GSeq, l.ID.OSeq, l.ID.Provider)
		}
	}
	if w.greeting == "" {
		require.Empty(t, lease)
		return
	}
	require.NotEmpty(t, lease)
	require.Contains(t, s.Running(t, lease)["web"], "GREETING="+w.greeting)
}

// held is what a deployment's escrow holds.
func held(d deploymentv1beta4.QueryDeploymentResponse) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for _, f := range d.EscrowAccount.State.Funds {
		sum = sum.Add(f.Amount)
	}
	return sum
}
