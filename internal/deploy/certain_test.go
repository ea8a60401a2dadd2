// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// told is a chain that gives one answer about each deployment: an error, or nil for one that is active.
type told struct {
	deploy.Chain
	about map[uint64]error
}

func (told) ChainID() string { return "told-1" }

func (c told) FindDeployment(
	_ context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	if err := c.about[id.DSeq]; err != nil {
		return nil, err
	}
	return &deploymentv1beta4.QueryDeploymentResponse{Deployment: deploymentv1.Deployment{
		ID: chain.PBDeploymentID(id), State: deploymentv1.Deployment_active,
	}}, nil
}

// ending is an engine whose transactions end with this error after their hooks.
type ending struct {
	idle
	err error
}

func (e ending) Submit(_ context.Context, request tx.Request) (tx.Result, error) {
	if err := request.BeforeBroadcast(tx.Prepared{Hash: "AB", TimeoutAt: time.Now().Add(time.Minute)}); err != nil {
		return tx.Result{}, err
	}
	return tx.Result{}, e.err
}

func (e ending) Resolve(context.Context, tx.Prepared) (tx.Result, error) { return tx.Result{}, e.err }

func deployerTold(c told, transactions deploy.Transactions, j *journal.Journal) *deploy.Deployer {
	return deploy.New(deploy.Config{
		Owner: ledgerOwner, Chain: c, Tx: transactions, Journal: j, Clock: deploy.SystemClock{},
		BlockTime: coin.DefaultBlockTime, Logger: hclog.NewNullLogger(),
	})
}

// Whoever is told that something may exist looks for it, and the next run waits until it no longer can.
func TestOpenSaysWhatIsCertain(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		err      error
		exists   string
		remember int
	}{
		"refused":            {chain.Reject("sdk", 13, "insufficient fee", "AB", 0), "Nothing was created", 0},
		"never landed":       {tx.ErrNeverLanded, "Nothing was created", 0},
		"reached no node":    {fmt.Errorf("send: %w", chain.ErrNotSent), "Nothing was created", 0},
		"the answer is lost": {fmt.Errorf("send: %w", chain.ErrBroadcastUnknown), "may or may not exist", 1},
		"interrupted":        {context.Canceled, "may or may not exist", 1},
		"unknown":            {&tx.UnknownOutcomeError{Cause: context.Canceled}, "may or may not exist", 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.Open(t.TempDir(), "scope", time.Now)
			request, _ := web(t, nil)
			_, err := deployerTold(told{}, ending{err: c.err}, j).Open(t.Context(), request)
			var failure *deploy.Failure
			require.ErrorAs(t, err, &failure)
			require.Contains(t, failure.Exists, c.exists)
			left, err := j.Unclaimed(journal.KindDeployment, "told-1", ledgerOwner)
			require.NoError(t, err)
			require.Len(t, left, c.remember)
		})
	}
}

func TestLeftoversAreToldOneByOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wrote := journal.Open(dir, "scope", time.Now)
	for dseq := uint64(1); dseq <= 4; dseq++ {
		entry, err := wrote.Begin(journal.Intent{
			Kind: journal.KindDeployment, ChainID: "told-1", Owner: ledgerOwner, DSeq: dseq,
		})
		require.NoError(t, err)
		if dseq != 2 {
			require.NoError(t, entry.Broadcasting("AB", time.Now()))
			require.NoError(t, entry.Created())
		}
	}
	require.NoError(t, wrote.Close())
	j := journal.Open(dir, "scope", time.Now)
	c := told{about: map[uint64]error{1: fmt.Errorf("weather: %w", chain.ErrUnreachable)}}
	for name, connect := range map[string]func(context.Context) (*deploy.Deployer, error){
		"offline": func(context.Context) (*deploy.Deployer, error) { return nil, chain.ErrUnreachable },
		"online": func(context.Context) (*deploy.Deployer, error) {
			return deployerTold(c, idle{}, j), nil
		},
	} {
		found, err := deploy.Leftovers(t.Context(), j, "told-1", ledgerOwner, connect)
		require.NoError(t, err, name)
		require.Len(t, found, 3, "%s: nothing was sent for the second one", name)
		for _, left := range found {
			if name == "offline" || left.ID.DSeq == 1 {
				require.Contains(t, left.Text, "is not known", "%s %d", name, left.ID.DSeq)
			} else {
				require.Contains(t, left.Text, "is active", "%s %d", name, left.ID.DSeq)
			}
		}
	}
}
