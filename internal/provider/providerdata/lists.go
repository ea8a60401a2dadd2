// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// listTime bounds how long a data source reads a list.
const listTime = 30 * time.Second

// ListOwner is whose things a list is of: the configured owner, else the account of the Terraform provider.
func (d *Data) ListOwner(configured types.String) (types.String, diag.Diagnostics) {
	switch {
	case !configured.IsNull():
		return configured, nil
	case d.Owner != "":
		return types.StringValue(d.Owner), nil
	}
	return configured, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("owner"), "No account",
		"The Terraform provider's own account is not known yet; set owner.")}
}

// ReadList reads a list for a data source; what names the things, e.g. "leases", and narrower the arguments that make
// it shorter. A chain that does not answer is a warning and an empty list, so that a plan stands on what it knows
// otherwise, and one of another network is an error. complete is true only when all is in it.
func ReadList[T any](
	ctx context.Context, d *Data, what, narrower string,
	read func(context.Context, *deploy.Deployer) (deploy.List[T], error),
) (list deploy.List[T], complete bool, problems diag.Diagnostics) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	connection, err := d.Connect(ctx)
	if err == nil {
		list, err = read(ctx, connection.Deployer)
	}
	switch {
	case errors.Is(err, chain.ErrWrongChainID):
		problems.Append(diags.FromError(err))
		return deploy.List[T]{}, false, problems
	case err != nil:
		problems.AddWarning("No "+what+" could be read", fmt.Sprintf("%v\n\nThe list is empty, height null and complete "+
			"false, so that the plan can go on. Whatever goes by this list must look at complete. Plan again to try again.",
			err))
		return deploy.List[T]{}, false, problems
	case list.Partial:
		problems.AddWarning("Not all "+what+" were read", fmt.Sprintf("The account has more than are read at once; complete "+
			"is false. Set %s to read fewer.", narrower))
	}
	return list, !list.Partial, problems
}

// Height is the height of a list's block, null when nothing was read.
func Height(at chain.Block) types.Int64 {
	if at.Height == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(at.Height)
}

// USDPerMonth is a price in US dollars a month for people, null for one of a denomination without a fixed value.
func (d *Data) USDPerMonth(price coin.PerBlock) types.String {
	text := price.USDPerMonth(d.BlockTime)
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
