// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"fmt"
	"testing"
	"time"

	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// TestScale creates, refreshes and destroys SCALE_DEPLOYMENTS (20) deployments with a real CLI, SCALE_PARALLELISM (20)
// at a time, on blocks of a second. What it took goes to the log; `make bench` runs it with 100.
func TestScale(t *testing.T) {
	t.Parallel()
	n := int(setting(t, "SCALE_DEPLOYMENTS", 20))
	parallelism := setting(t, "SCALE_PARALLELISM", 20)
	net := acctest.StartDevnet(t, "blocks of a second and no other transactions",
		devnet.Options{BlockTime: time.Second, AkashProviders: []akashprovider.Spec{}},
		acctest.Calm("transactions are counted"))
	web := acctest.Web{}
	w := net.NewWorkspace(t, acctest.Tenant,
		acctest.Deployment("web", web.SDL(), fmt.Sprintf("count = %d", n), "deposit = { uact = 500000 }"))
	at := fmt.Sprintf("-parallelism=%d", parallelism)
	owner := net.Owner(t, acctest.Tenant)
	run := func(what string, args ...string) (transactions int) {
		before := len(transactionsOf(t, net, owner))
		began := time.Now()
		w.MustRun(t, append(args, at)...)
		transactions = len(transactionsOf(t, net, owner)) - before
		t.Logf("%s %d with -parallelism=%d: %.1f s, %d transactions", what, n, parallelism,
			time.Since(began).Seconds(), transactions)
		return transactions
	}
	require.LessOrEqual(t, run("create", "apply", "-auto-approve"), n/2, "they share transactions")
	require.Len(t, net.Deployments(t, owner, "active"), n)
	require.Zero(t, run("refresh", "plan"))
	require.LessOrEqual(t, run("destroy", "destroy", "-auto-approve"), n/2)
	require.Empty(t, net.Deployments(t, owner, "active"))
}

// transactionsOf are the hashes of an account's transactions.
func transactionsOf(t *testing.T, net *acctest.Devnet, owner string) []string {
	t.Helper()
	var hashes []string
	for page := uint64(1); ; page++ {
		answer, err := txtypes.NewServiceClient(net.Inside.Conn()).GetTxsEvent(t.Context(), &txtypes.GetTxsEventRequest{
			Query: fmt.Sprintf("message.sender='%s'", owner), Page: page, Limit: 100,
		})
		require.NoError(t, err)
		for _, tx := range answer.TxResponses {
			hashes = append(hashes, tx.TxHash)
		}
		if uint64(len(hashes)) >= answer.Total || len(answer.TxResponses) == 0 {
			return hashes
		}
	}
}
