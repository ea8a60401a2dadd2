// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// leftoverTime bounds how long a plan waits to learn what interrupted runs left.
const leftoverTime = 10 * time.Second

// leftovers reports, on every run, the deployments that interrupted runs of this configuration began and that no state
// is known to hold: they may cost money, and whoever removed the resource since would never hear of them.
func leftovers(ctx context.Context, data *providerdata.Data) diag.Diagnostics {
	if data.Owner == "" || data.ChainID == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, leftoverTime)
	defer cancel()
	found, err := deploy.Leftovers(ctx, data.Journal, data.ChainID, data.Owner,
		func(ctx context.Context) (*deploy.Deployer, error) {
			connection, err := data.Connect(ctx)
			if err != nil {
				return nil, err
			}
			return connection.Deployer, nil
		})
	var problems diag.Diagnostics
	if err != nil {
		problems.AddWarning("Journal cannot be read", err.Error())
	}
	for _, left := range found {
		if left.Probe {
			problems.AddWarning("Unfinished probe "+left.ID.String(), fmt.Sprintf("An interrupted run of an "+
				"akash_gpu_profile of this configuration opened it to get bids. %s\n\nThe next apply of this configuration closes "+
				"it, and gets the deposit back, before it sends anything else. If there is nothing to apply, close it with\n "+
				"akash tx deployment close --dseq %d", left.Text, left.ID.DSeq))
			continue
		}
		if left.IPHolder {
			problems.AddWarning("Unfinished IP endpoint "+left.ID.String(), fmt.Sprintf("An interrupted run of this "+
				"configuration began to create it. %s\n\nIf a new akash_ip_endpoint has the same name and ceiling, apply takes it "+
				"over and pays nothing twice. Otherwise keep it with\n terraform import akash_ip_endpoint.NAME %s\nor close it "+
				"with\n akash tx deployment close --dseq %d\nIf the state holds it already, this note ends with this run.",
				left.Text, left.ID, left.ID.DSeq))
			continue
		}
		problems.AddWarning("Unfinished deployment "+left.ID.String(), fmt.Sprintf("An interrupted run of this "+
			"configuration began to create it. %s\n\nIf a new akash_deployment has the same groups, apply takes it over and "+
			"pays nothing twice. Otherwise keep it with\n terraform import akash_deployment.NAME %s\nor close it with\n "+
			"akash tx deployment close --dseq %d\nIf the state holds it already, this note ends with this run.",
			left.Text, left.ID, left.ID.DSeq))
	}
	return problems
}
