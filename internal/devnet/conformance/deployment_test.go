// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

type creation = deploymentv1beta4.MsgCreateDeployment

// twoGroups asks for a second group.
func (a *actor) twoGroups(m *creation) { m.Groups = append(m.Groups, a.group("group2")) }

func TestDeploymentLife(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	dseq := a.nextDSeq()
	created := a.do(t, a.creation(dseq, a.twoGroups))
	id := map[string]any{"owner": a.addr, "dseq": fmt.Sprint(dseq)}
	check(t, "observed.md 5", "create tells of the deployment, each order, then the deposit", func(t *testing.T) {
		require.Equal(t, "DeploymentCreated OrderCreated OrderCreated transfer", story(created))
		require.Equal(t, map[string]any{"id": id, "hash": base64.StdEncoding.EncodeToString(hashOf(1))},
			told(t, created, "akash.deployment.v1.EventDeploymentCreated"))
		require.Equal(t, map[string]any{"id": map[string]any{
			"owner": a.addr, "dseq": fmt.Sprint(dseq), "gseq": 1.0, "oseq": 1.0,
		}}, told(t, created, "akash.market.v1.EventOrderCreated"))
	})
	check(t, "observed.md 2", "the deposit goes to the escrow module's account", func(t *testing.T) {
		escrow := authtypes.NewModuleAddress("escrow").String()
		require.Equal(t, "akash14pphss726thpwws3yc458hggufynm9x77l4l2u", escrow)
		require.Equal(t, []string{"1000000uact granter escrow"},
			moves(created, map[string]string{escrow: "escrow", a.pool.funder.addr: "granter"}))
	})
	check(t, "lifecycle.md 2, 3", "groups are numbered in order, each with an order of its own", func(t *testing.T) {
		got := a.deployment(t, dseq)
		require.Equal(t, "active", got.Deployment.State.String())
		require.Equal(t, created.Height, got.Deployment.CreatedAt)
		require.Len(t, got.Groups, 2)
		for i, g := range got.Groups {
			require.EqualValues(t, i+1, g.ID.GSeq)
			require.Equal(t, "open", g.State.String())
			order := a.order(t, dseq, g.ID.GSeq, 1)
			require.Equal(t, "open", order.State.String())
			require.Equal(t, g.GroupSpec, order.Spec)
			require.Equal(t, created.Height, order.CreatedAt)
		}
	})
	check(t, "observed.md 5, lifecycle.md 2", "an update changes the hash alone", func(t *testing.T) {
		before := a.deployment(t, dseq)
		res := a.do(t, a.update(dseq, hashOf(2)))
		require.Equal(t, "DeploymentUpdated", story(res))
		require.Equal(t, map[string]any{"id": id, "hash": base64.StdEncoding.EncodeToString(hashOf(2))},
			told(t, res, "akash.deployment.v1.EventDeploymentUpdated"))
		after := a.deployment(t, dseq)
		require.Equal(t, hashOf(2), after.Deployment.Hash)
		after.Deployment.Hash = before.Deployment.Hash
		require.Equal(t, before, after)
	})
	a.refuses(t,
		refusal{
			"observed.md 7a", "an update to the same hash", a.update(dseq, hashOf(2)),
			wallet.Options{},
			"deployment", 10, "message index: 0: Invalid: deployment hash", false,
		},
		refusal{
			"observed.md 7a", "an update of nothing", a.update(dseq+999, hashOf(2)),
			wallet.Options{},
			"deployment", 4, "message index: 0: Deployment not found", false,
		},
		refusal{
			"observed.md 7a", "closing nothing", a.closing(dseq + 999),
			wallet.Options{},
			"deployment", 4, "message index: 0: Deployment not found", false,
		},
	)
	closed := a.do(t, a.closing(dseq))
	check(t, "observed.md 5, lifecycle.md 6.7", "close refunds, then tells of deployment, groups and orders",
		func(t *testing.T) {
			require.Equal(t, "transfer DeploymentClosed GroupClosed OrderClosed GroupClosed OrderClosed", story(closed))
			require.Equal(t, map[string]any{"id": id}, told(t, closed, "akash.deployment.v1.EventDeploymentClosed"))
		})
	check(t, "observed.md 6", "a closed deployment keeps its records", func(t *testing.T) {
		got := a.deployment(t, dseq)
		require.Equal(t, "closed", got.Deployment.State.String())
		for _, g := range got.Groups {
			require.Equal(t, "closed", g.State.String())
			require.Equal(t, "closed", a.order(t, dseq, g.ID.GSeq, 1).State.String())
		}
		require.Equal(t, "closed", got.EscrowAccount.State.State.String())
		require.Empty(t, got.EscrowAccount.State.Deposits)
	})
	a.refuses(t,
		refusal{
			"observed.md 7a", "closing again", a.closing(dseq),
			wallet.Options{},
			"deployment", 5, "message index: 0: Deployment closed", false,
		},
		refusal{
			"observed.md 7a", "an update of a closed one", a.update(dseq, hashOf(3)),
			wallet.Options{},
			"deployment", 5, "message index: 0: Deployment closed", false,
		},
		refusal{
			"observed.md 6, 7a", "a sequence used before", a.creation(dseq),
			wallet.Options{},
			"deployment", 3, "message index: 0: Deployment exists", false,
		},
	)
	check(t, "lifecycle.md 2.2", "another owner may use the same sequence", func(t *testing.T) {
		other := newActor(t)
		other.do(t, other.creation(dseq))
	})
}

func TestGroups(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq))
	group := func(t *testing.T) string { t.Helper(); return a.deployment(t, dseq).Groups[0].State.String() }
	wrong := func(what string, msg sdk.Msg, code uint32, text string) refusal {
		return fails("lifecycle.md 2", what, msg, "deployment", code, text)
	}
	a.refuses(t,
		wrong("starting an open group", a.startGroup(dseq), 16, "Group open"),
		wrong("pausing no group", &deploymentv1beta4.MsgPauseGroup{ID: a.groupID(dseq, 9)}, 14, "Group not found"),
		wrong("starting no group", &deploymentv1beta4.MsgStartGroup{ID: a.groupID(dseq, 9)}, 14, "Group not found"),
		wrong("closing no group", &deploymentv1beta4.MsgCloseGroup{ID: a.groupID(dseq, 9)}, 14, "Group not found"),
	)
	check(t, "observed.md 5", "pause closes the order", func(t *testing.T) {
		require.Equal(t, "GroupPaused OrderClosed", story(a.do(t, a.pauseGroup(dseq))))
		require.Equal(t, "paused", group(t))
		require.Equal(t, "closed", a.order(t, dseq, 1, 1).State.String())
	})
	a.refuses(t, wrong("pausing twice", a.pauseGroup(dseq), 17, "Group paused"))
	check(t, "observed.md 5", "start opens the next order", func(t *testing.T) {
		require.Equal(t, "GroupStarted OrderCreated", story(a.do(t, a.startGroup(dseq))))
		require.Equal(t, "open", group(t))
		require.Equal(t, "open", a.order(t, dseq, 1, 2).State.String())
	})
	check(t, "observed.md 5, lifecycle.md 2", "close ends the group, not the deployment", func(t *testing.T) {
		require.Equal(t, "GroupClosed OrderClosed", story(a.do(t, a.closeGroup(dseq))))
		require.Equal(t, "closed", group(t))
		got := a.deployment(t, dseq)
		require.Equal(t, "active", got.Deployment.State.String())
		require.Equal(t, "open", got.EscrowAccount.State.State.String())
	})
	const closed = "Group already closed"
	a.refuses(t,
		wrong("starting a closed group", a.startGroup(dseq), 15, closed),
		wrong("pausing a closed group", a.pauseGroup(dseq), 15, closed),
		wrong("closing a closed group", a.closeGroup(dseq), 15, closed),
	)
	check(t, "observed.md 5", "close without an open group tells of the deployment alone", func(t *testing.T) {
		require.Equal(t, "transfer DeploymentClosed", story(a.do(t, a.closing(dseq))))
	})
}

func TestDeploymentReclamation(t *testing.T) {
	t.Parallel()
	a := newActor(t)
	params := a.marketParams(t)
	window := func(d time.Duration) func(*creation) {
		return func(m *creation) { m.Reclamation = &deploymentv1.DeploymentReclamation{MinWindow: d} }
	}
	check(t, "observed.md 3, messages.md 3", "deployment and order keep the window asked for", func(t *testing.T) {
		dseq := a.nextDSeq()
		a.do(t, a.creation(dseq, window(params.MinReclamationWindow)))
		require.Equal(t, params.MinReclamationWindow, a.deployment(t, dseq).Deployment.Reclamation.MinWindow)
		require.Equal(t, params.MinReclamationWindow, a.order(t, dseq, 1, 1).Reclamation.MinWindow)
		got := a.getOK(t, fmt.Sprintf(
			"/akash/deployment/v1beta4/deployments/info?id.owner=%s&id.dseq=%d", a.addr, dseq))
		require.Equal(t, fmt.Sprintf("%ds", int64(params.MinReclamationWindow.Seconds())),
			at(t, got, "deployment", "reclamation", "min_window"))
	})
	for what, d := range map[string]time.Duration{
		"below the least": params.MinReclamationWindow - time.Second,
		"above the most":  params.MaxReclamationWindow + time.Second,
	} {
		a.refuses(t, refusal{
			"lifecycle.md 2.1", "a window " + what, a.creation(a.nextDSeq(), window(d)),
			wallet.Options{},
			"deployment", 26, "invalid reclamation configuration", false,
		})
	}
}

func TestDeposits(t *testing.T) {
	t.Parallel()
	rich := richActor(t)
	a := newActor(t)
	res, err := deploymentv1beta4.NewQueryClient(a.conn).Params(t.Context(), &deploymentv1beta4.QueryParamsRequest{})
	require.NoError(t, err)
	least := sdk.NewCoins(res.Params.MinDeposits...).AmountOf(coin.UACT)
	check(t, "messages.md 2", "params tell the least deposit of each denomination", func(t *testing.T) {
		require.True(t, least.IsPositive())
		got := a.getOK(t, "/akash/deployment/v1beta4/params")
		list, ok := at(t, got, "params", "min_deposits").([]any)
		require.True(t, ok)
		require.Contains(t, list, any(map[string]any{"denom": "uact", "amount": least.String()}))
	})
	below := func(m *creation) { m.Deposit = granted(1000, coin.UACT) }
	inUAKT := func(m *creation) {
		m.Deposit = granted(5_000_000, coin.UAKT)
		m.Groups[0].Resources[0].Price = sdk.NewInt64DecCoin(coin.UAKT, 1000)
	}
	beyond := func(m *creation) { m.Deposit = granted(9_000_000_000_000_000, coin.UACT) }
	onlyOwn := func(m *creation) { m.Deposit = fromBalance(smallDeposit, coin.UACT) }
	other := func(m *creation) {
		m.Deposit = granted(5_000_000, "uusdc")
		m.Groups[0].Resources[0].Price = sdk.NewInt64DecCoin("uusdc", 1000)
	}
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq))
	next := a.nextDSeq()
	short := "deposit invalid: insufficient balance"
	a.refuses(t,
		fails("observed.md 7a", "too small a deposit", a.creation(next, below), "deployment", 20,
			"Deposit too low - 1000 < "+least.String()+"uact: Deposit invalid"),
		fails("observed.md 6, 7a", "a deployment in uakt", a.creation(next, inUAKT), "deployment", 20, "Deposit invalid"),
		fails("lifecycle.md 2.1", "a denomination without a least deposit", a.creation(next, other), "", 0,
			"Deposit invalid"),
		fails("observed.md 7a", "more than there is", a.creation(next, beyond), "undefined", 1, short),
		fails("pitfalls.md 5", "funds that are not among the sources", a.creation(next, onlyOwn), "undefined", 1, short),
		fails("observed.md 7a", "a deposit onto nothing", a.addition(a.addr, next, granted(1, coin.UACT)),
			"escrow", 3, "account not found"),
		fails("observed.md 7a", "a deposit of more than there is",
			a.addition(a.addr, dseq, fromBalance(1, coin.UACT)), "undefined", 1, short),
	)
	check(t, "observed.md 5", "create out of the balance takes it from the owner", func(t *testing.T) {
		own := rich.nextDSeq()
		escrow := authtypes.NewModuleAddress("escrow").String()
		names := map[string]string{rich.addr: "owner", escrow: "escrow"}
		res := rich.do(t, rich.creation(own, onlyOwn))
		require.Equal(t, []string{"1000000uact owner escrow"}, moves(res, names))
		deposits := rich.deployment(t, own).EscrowAccount.State.Deposits
		require.Len(t, deposits, 1)
		require.Equal(t, rich.addr, deposits[0].Owner)
		require.Equal(t, "balance", deposits[0].Source.String())
		require.Equal(t, res.Height, deposits[0].Height)
		require.Equal(t, []string{"1000000uact escrow owner"}, moves(rich.do(t, rich.closing(own)), names))
	})
	a.do(t, a.closing(dseq))
	a.refuses(t, fails("observed.md 7a", "a deposit onto a closed one", a.addition(a.addr, dseq, granted(1, coin.UACT)),
		"escrow", 2, "account closed"))
}
