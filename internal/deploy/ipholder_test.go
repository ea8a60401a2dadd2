// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"testing"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// address is a request for an address; name may be "".
func address(name string) deploy.IPHolderRequest {
	return deploy.IPHolderRequest{
		Name: name, Deposit: sdk.NewInt64Coin(coin.UACT, 5_000_000),
		Most:      coin.PerBlock{Denom: coin.UACT, Amount: math.LegacyNewDec(60)},
		BidWindow: time.Minute, MinBids: 1, OnFailure: deploy.CloseOnFailure,
	}
}

// left is what a plan reports of interrupted runs.
func (h *house) left(t *testing.T) []deploy.Leftover {
	t.Helper()
	r := h.start(nil)
	found, err := deploy.Leftovers(t.Context(), r.journal, h.net.ChainID(), h.key.Address(),
		func(context.Context) (*deploy.Deployer, error) { return r.Deployer, nil })
	require.NoError(t, err)
	return found
}

func TestHolderName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "ip-17", deploy.HolderName("ip-endpoint", 17))
	require.Equal(t, "shop", deploy.HolderName("ip-endpoint-shop", 17))
	require.Empty(t, deploy.HolderName("dcloud", 17))
	require.Empty(t, deploy.HolderName("ip-endpointer", 17))
}

// A run is killed after the deployment was created, and after it was leased: nothing of it goes unreported, and the
// next run takes it over and pays nothing twice.
func TestOpenIPHolder_killed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "shop"} {
		t.Run("name "+name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, devnet.Tenant, devnet.Options{})
			first := h.start(&dying{Transactions: h.engine, afterInclusion: true})
			_, err := first.OpenIPHolder(t.Context(), address(name))
			require.ErrorIs(t, err, errKilled)
			first.killed(t)
			paid := h.active(t)
			require.Len(t, paid, 1)
			left := h.left(t)
			require.Len(t, left, 1)
			require.True(t, left[0].IPHolder)
			require.Equal(t, paid[0], left[0].ID)
			require.Contains(t, left[0].Text, "escrow holds 5 ACT")

			second := h.start(nil)
			held, err := second.OpenIPHolder(t.Context(), address(name))
			require.NoError(t, err)
			require.True(t, held.Adopted)
			require.Equal(t, paid[0], held.ID)
			second.killed(t) // leased, and not in any state yet
			left = h.left(t)
			require.Len(t, left, 1)
			require.Contains(t, left[0].Text, held.Lease.ID.String())

			third := h.start(nil)
			again, err := third.OpenIPHolder(t.Context(), address(name))
			require.NoError(t, err)
			require.Equal(t, held.Lease.ID, again.Lease.ID)
			require.Equal(t, held.Address, again.Address)
			again.HandedOver()
			require.NoError(t, third.journal.Retire(h.net.ChainID(), again.ID))
			require.Empty(t, h.left(t))
			require.Len(t, h.active(t), 1)
		})
	}
}

// Another kind of deployment is never taken for an interrupted holder, nor the other way round.
func TestOpenIPHolder_anotherKind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	first := h.start(nil)
	opening, err := address("shop").Open()
	require.NoError(t, err)
	_, err = first.Open(t.Context(), opening)
	require.NoError(t, err)
	first.killed(t)
	request, _ := web(t, nil)
	request.Groups = opening.Groups
	opened, err := h.start(nil).Open(t.Context(), request)
	require.NoError(t, err)
	require.False(t, opened.Adopted)
	require.Len(t, h.active(t), 2)
}

// Two holders of one name would share an address and fight for its port: the second one goes elsewhere, or fails and
// leaves nothing.
func TestOpenIPHolder_nameTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{}) // one Akash provider has addresses
	first := h.start(nil)
	held, err := first.OpenIPHolder(t.Context(), address("shop"))
	require.NoError(t, err)
	held.HandedOver()
	require.NoError(t, first.journal.Close())
	second := h.start(nil)
	request := address("shop")
	request.BidWindow = 30 * time.Second
	_, err = second.OpenIPHolder(t.Context(), request)
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "No Akash provider leases an address for this", failure.Title)
	require.Contains(t, failure.Exists, "was closed")
	require.Equal(t, []ids.DeploymentID{held.ID}, h.active(t))
	require.Empty(t, h.left(t))
	other, err := second.OpenIPHolder(t.Context(), address(""))
	require.NoError(t, err)
	require.NotEqual(t, held.Address, other.Address)
}
