// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
)

// ErrNoProbe says that a deployment is none that asked for GPUs.
var ErrNoProbe = errors.New("it asks for no GPUs in every group, as a probe does")

// ReadProbe reads a probe that is over back from the chain, which keeps groups and bids of closed deployments;
// withdrawn bids count too, since closing withdraws all. Time is zero when the dseq does not tell it. The error wraps
// [ErrGone] where there is no such deployment, [ErrNoProbe] where it is another, and is a [*Failure] where it is
// still active.
func (d *Deployer) ReadProbe(
	ctx context.Context, id ids.DeploymentID,
) (Probe, []deploymentv1beta4.GroupSpec, error) {
	doing := fmt.Sprintf("Reading probe %s", id)
	found, err := d.findDeployment(ctx, id)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return Probe{}, nil, fmt.Errorf("deployment %s: %w", id, ErrGone)
	case err != nil:
		return Probe{}, nil, d.fail(ctx, doing, "Nothing was changed.", err)
	case found.Deployment.State == deploymentv1.Deployment_active:
		return Probe{}, nil, (&Failure{
			Title: "Probe is still open", Doing: doing, Cause: errors.New("the deployment is active"),
			Exists: d.escrowText(found),
		}).closingProbe(id)
	}
	specs := specsOf(found.Groups)
	for _, spec := range specs {
		if len(spec.Resources) != 1 || spec.Resources[0].Resource.GPU == nil ||
			!spec.Resources[0].Resource.GPU.Units.Val.IsPositive() {
			return Probe{}, nil, fmt.Errorf("deployment %s: %w", id, ErrNoProbe)
		}
	}
	bids, err := d.Chain.ListBids(ctx, ids.OrderID{Owner: id.Owner, DSeq: id.DSeq})
	if err != nil {
		return Probe{}, nil, d.fail(ctx, doing, "Nothing was changed.", err)
	}
	probe := Probe{
		ID: id, Height: found.Deployment.CreatedAt,
		Offers: offersOf(bids, len(specs), marketv1beta5.Bid_open, marketv1beta5.Bid_closed),
	}
	for _, offers := range probe.Offers {
		for _, o := range offers {
			probe.Height = max(probe.Height, o.Height)
		}
	}
	if made, ok := d.madeAt(id.DSeq); ok {
		probe.Time = made.UTC()
	}
	return probe, specs, nil
}
