// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const (
	// nextBlockTime bounds the wait for a block on a chain that may have stopped.
	nextBlockTime = 30 * time.Second
	// youngAge is how old a deployment must be, by the chain's clock, before it can be called missing: its transaction
	// may take over a minute to land, and an endpoint may be behind by some blocks.
	youngAge = 2 * time.Minute
	// staleHead is the age of a latest block that no endpoint in order shows.
	staleHead = 2 * time.Minute
)

// findDeployment reads a deployment. The chain never forgets one, so "not found" is believed only when a later block
// says so too, by an endpoint that is not behind, and about a deployment that is not too young: to take a wrong one for
// gone would drop from state, or report as closed, what goes on costing money.
func (d *Deployer) findDeployment(
	ctx context.Context, id ids.DeploymentID,
) (*deploymentv1beta4.QueryDeploymentResponse, error) {
	found, err := d.Chain.FindDeployment(ctx, id)
	if !errors.Is(err, chain.ErrNotFound) {
		return found, err
	}
	block, err := d.nextBlock(ctx)
	if err != nil {
		return nil, err
	}
	found, err = d.Chain.FindDeployment(ctx, id)
	if !errors.Is(err, chain.ErrNotFound) {
		return found, err
	}
	if behind := d.Clock.Now().Sub(block.Time); behind > staleHead {
		return nil, fmt.Errorf("%w: the latest block is %s old, so it is not known whether deployment %s is missing",
			chain.ErrLagging, behind.Round(time.Second), id)
	}
	if made, ok := d.madeAt(id.DSeq); ok && block.Time.Before(made.Add(youngAge)) {
		return nil, fmt.Errorf("%w: deployment %s is not found, and too young to be called missing before %s",
			chain.ErrLagging, id, made.Add(youngAge).UTC().Format(time.TimeOnly+" MST"))
	}
	return nil, err
}

// nextBlock waits for the chain's next block.
func (d *Deployer) nextBlock(ctx context.Context) (block chain.Block, err error) {
	head, err := d.Chain.LatestBlock(ctx)
	if err != nil {
		return chain.Block{}, err
	}
	until := d.Clock.Now().Add(nextBlockTime)
	err = d.poll(ctx, func() (bool, error) {
		block, err = d.Chain.LatestBlock(ctx)
		if err == nil && block.Height == head.Height && d.Clock.Now().After(until) {
			err = fmt.Errorf("%w: no block after %d in %s", chain.ErrLagging, head.Height, nextBlockTime)
		}
		return block.Height > head.Height, err
	})
	return block, err
}
