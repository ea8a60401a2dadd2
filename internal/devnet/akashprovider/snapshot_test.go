// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

func (d *onDevnet) state(t *testing.T, dseq uint64) string {
	t.Helper()
	res, err := deploymentv1beta4.NewQueryClient(d.Conn()).Deployment(t.Context(),
		&deploymentv1beta4.QueryDeploymentRequest{ID: deploymentv1.DeploymentID{Owner: d.tenant.address, DSeq: dseq}})
	if err != nil {
		return err.Error()
	}
	return res.Deployment.State.String()
}

func (d *onDevnet) close(t *testing.T, dseq uint64) {
	t.Helper()
	require.NoError(t, d.wallet.Broadcast(t.Context(), &deploymentv1beta4.MsgCloseDeployment{
		ID: deploymentv1.DeploymentID{Owner: d.tenant.address, DSeq: dseq},
	}))
}

// leaseStatus asks the gateway, once the wanted words are there.
func (d *onDevnet) leaseStatus(t *testing.T, p *akashprovider.AkashProvider, words string) string {
	t.Helper()
	var text string
	eventually(t, words, func() bool {
		_, text = d.ask(t, p, http.MethodGet, "/lease/100/1/1/status", nil, nil)
		return strings.Contains(text, words)
	})
	return text
}

func TestDevnet_snapshotAndRestore(t *testing.T) {
	t.Parallel()
	d := newOnDevnet(t)
	body, hash := webManifest(t, firstEnv)
	d.create(t, 100, hash, webGroup())
	var bids []marketv1beta5.Bid
	eventually(t, "three bids", func() bool { bids = d.openBids(t, 100); return len(bids) == 3 })
	p := d.named(t, bids[0].ID.Provider)
	lease := d.lease(t, bids[0])
	status, text := d.ask(t, p, http.MethodPut, "/deployment/100/manifest", body, nil)
	require.Equal(t, http.StatusOK, status, text)
	const ready = `"available":1,"total":1`
	before := d.leaseStatus(t, p, ready)

	dir := filepath.Join(t.TempDir(), "snapshot")
	height, err := d.Snapshot(t.Context(), dir)
	require.NoError(t, err)
	require.LessOrEqual(t, height, d.Height())
	requireSecret(t, dir)
	_, err = d.Snapshot(t.Context(), dir)
	require.ErrorIs(t, err, devnet.ErrSnapshotExists)

	// The network goes on.
	d.close(t, 100)
	d.create(t, 101, hash, webGroup())
	require.Equal(t, "closed", d.state(t, 100))

	for name, opts := range map[string]devnet.Options{
		"in memory": {From: dir}, "in memory, at the same time": {From: dir}, "on disk": {From: dir, Dir: t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts.BlockTime = 100 * time.Millisecond
			r := onDevnetWith(t, opts)
			require.Greater(t, r.Height(), height)
			require.Equal(t, "active", r.state(t, 100))
			require.Contains(t, r.state(t, 101), "not found")

			// It runs as before: no moment of 0 of 0, which is a fresh start's.
			p := r.named(t, lease.ProviderAddr)
			_, after := r.ask(t, p, http.MethodGet, "/lease/100/1/1/status", nil, nil)
			require.JSONEq(t, before, after)
			services, ok := p.Deployed(lease)
			require.True(t, ok)
			require.Equal(t, []string{firstEnv}, services[0].Env)

			// What was sent before can be looked up, and a client goes on.
			require.NotZero(t, transactions(t, r.REST(), height))
			r.create(t, 102, hash, webGroup())
			eventually(t, "bids on the restored chain", func() bool { return len(r.openBids(t, 102)) == 3 })
			r.close(t, 100)
			eventually(t, "the lease forgotten", func() bool { return len(p.Leases()) == 0 })
		})
	}
}

// transactions counts those up to a height which the index knows.
func transactions(t *testing.T, rest string, height int64) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		rest+"/cosmos/tx/v1beta1/txs?query=message.action%3D'/akash.deployment.v1beta4.MsgCreateDeployment'", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	var found struct {
		Responses []struct {
			Height int64 `json:"height,string"`
		} `json:"tx_responses"`
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&found))
	for _, tx := range found.Responses {
		require.LessOrEqual(t, tx.Height, height)
	}
	return len(found.Responses)
}

// requireSecret looks at the modes of all that is in a folder, and that the folder with the half of a snapshot is gone.
func requireSecret(t *testing.T, dir string) {
	t.Helper()
	beside, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Len(t, beside, 1)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	workloads, err := filepath.Glob(filepath.Join(dir, "workloads", "akash1*.json"))
	require.NoError(t, err)
	require.Len(t, workloads, 3)
	for _, path := range workloads {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	}
}
