// SPDX-License-Identifier: Apache-2.0

// Package exec runs commands in the containers of a lease: akash_exec as a resource, which runs one once, and as an
// action, which runs one whenever it is asked to.
package exec

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// defaultTimeout is how long a command may run.
const defaultTimeout = 10 * time.Minute

const (
	leaseText = "The lease to run it in, `owner/dseq/gseq/oseq/akash-provider`, e.g. `akash_lease.web.lease_id`."

	serviceText = "The service to run it in, by its name in the SDL, e.g. `web`."

	replicaText = "Which replica of the service, from 0, in the Akash provider's order. Default 0."

	commandText = "The program and its arguments, e.g. `[\"sh\", \"-c\", \"bin/migrate --all\"]`. No shell reads them " +
		"unless the program is one. They pass through the Akash provider's gateway in the address of a request and are " +
		"stored in state: let a shell take secrets from the container's environment, as in " +
		"`[\"sh\", \"-c\", \"psql \\\"$DATABASE_URL\\\" -f /init.sql\"]`."

	bounds = "The command gets no input and no terminal. The exit code has to be 0."
)

func commandValidators() []validator.List {
	return []validator.List{
		listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
	}
}

func serviceValidators() []validator.String {
	return []validator.String{stringvalidator.LengthAtLeast(1)}
}

// input is what resource and action have in common.
type input struct {
	LeaseID types.String
	Service types.String
	Replica types.Int64
	Command []types.String
}

// check refuses a lease that is none, or another account's; unknown values pass.
func (i input) check(data *providerdata.Data) diag.Diagnostics {
	var problems diag.Diagnostics
	if i.LeaseID.IsUnknown() || i.LeaseID.IsNull() {
		return nil
	}
	id, err := ids.ParseLeaseID(i.LeaseID.ValueString())
	if err != nil {
		problems.AddAttributeError(path.Root("lease_id"), "Invalid lease id", fmt.Sprintf(
			"%v\n\nUse the lease_id of an akash_lease: owner/dseq/gseq/oseq/akash-provider.", err))
		return problems
	}
	if data != nil {
		problems.Append(data.CheckOwner("lease", id.Owner, "ask its Akash provider to run a command")...)
	}
	return problems
}

// run runs the command once.
func (i input) run(ctx context.Context, data *providerdata.Data, limit time.Duration) (
	gateway.CommandResult, diag.Diagnostics,
) {
	problems := i.check(data)
	if data.NoGateway != "" {
		problems.AddError("Gateways cannot be asked", data.NoGateway)
	}
	if problems.HasError() {
		return gateway.CommandResult{}, problems
	}
	id, err := ids.ParseLeaseID(i.LeaseID.ValueString())
	if err != nil {
		problems.AddAttributeError(path.Root("lease_id"), "Invalid lease id", err.Error())
		return gateway.CommandResult{}, problems
	}
	deployer, err := data.Signer(ctx)
	if err != nil {
		problems.Append(diags.FromError(err))
		return gateway.CommandResult{}, problems
	}
	words := make([]string, len(i.Command))
	for n, word := range i.Command {
		words[n] = word.ValueString()
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	result, err := deployer.RunCommand(bounded, id, gateway.Command{
		Service: i.Service.ValueString(), Replica: int(i.Replica.ValueInt64()), Words: words,
	})
	if err != nil {
		problems.Append(diags.FromError(err))
	}
	return result, problems
}

// text is what a program wrote, fit for state: valid text whose only control characters are tabs and ends of lines.
func text(output []byte) types.String {
	return types.StringValue(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(output), "�")))
}
