// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var (
	_ resource.ResourceWithMoveState    = (*deploymentResource)(nil)
	_ resource.ResourceWithUpgradeState = (*deploymentResource)(nil)
)

// oldVersion is the schema version of akash_deployment in the Terraform provider of 2023 and its forks. Ours began
// with 1, so that version 0 is always theirs.
const oldVersion = 0

// oldState is what is taken of the old akash_deployment, which was a deployment and one lease. Its services, escrow and
// times are read anew from the chain, so releases that wrote those differently are all the same here.
type oldState struct {
	// ID is dseq:gseq:oseq:owner:provider.
	ID    string `json:"id"`
	SDL   string `json:"sdl"`
	Owner string `json:"deployment_owner"`
	DSeq  string `json:"deployment_dseq"`
}

// taken is an old state in our words.
type taken struct {
	lease ids.LeaseID
	sdl   string
}

// MoveState takes the state of the old akash_deployment over, for a moved block between the two. It is told by its
// type and version, not by its publisher, since forks have others.
func (r *deploymentResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: func(
		ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse,
	) {
		name := req.SourceProviderAddress[strings.LastIndex(req.SourceProviderAddress, "/")+1:]
		if req.SourceTypeName != "akash_deployment" || name != "akash" || req.SourceSchemaVersion != oldVersion {
			return // the framework says that it cannot be moved
		}
		old, problems := takeOver(ctx, req.SourceRawState, &resp.TargetState)
		resp.Diagnostics.Append(problems...)
		if !problems.HasError() {
			resp.Diagnostics.Append(resp.TargetIdentity.Set(ctx, identityOf(old.lease.Deployment()))...)
		}
	}}}
}

// UpgradeState takes the same state over where `state replace-provider`, or another source in required_providers, left
// it under our name.
func (r *deploymentResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{oldVersion: {StateUpgrader: func(
		ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse,
	) {
		_, problems := takeOver(ctx, req.RawState, &resp.State)
		resp.Diagnostics.Append(problems...)
	}}}
}

// takeOver writes id, owner, dseq and SDL of an old state into ours. The refresh that follows fills in the rest, as it
// does after an import.
func takeOver(ctx context.Context, raw *tfprotov6.RawState, into *tfsdk.State) (taken, diag.Diagnostics) {
	var problems diag.Diagnostics
	if raw == nil {
		problems.AddError("No old state", "The CLI handed over no state to convert.")
		return taken{}, problems
	}
	old, err := parseOld(raw.JSON)
	if err != nil {
		problems.AddError("Old state cannot be read", fmt.Sprintf("It should be of the akash_deployment of the Terraform "+
			"provider cloud-j-luna/akash or a fork: %v. Nothing was changed, the deployment runs on.\n\nTake the resource "+
			"out of the state and import its deployment:\n terraform state rm ADDRESS\n terraform import ADDRESS "+
			"OWNER/DSEQ", err))
		return taken{}, problems
	}
	id := old.lease.Deployment()
	into.Raw = tftypes.NewValue(into.Schema.Type().TerraformType(ctx), nil)
	for name, value := range map[string]string{
		"id": id.String(), "owner": id.Owner, "dseq": strconv.FormatUint(id.DSeq, 10), "sdl": old.sdl,
	} {
		problems.Append(into.SetAttribute(ctx, path.Root(name), value)...)
	}
	problems.Append(leaseNote(old))
	return old, problems
}

// parseOld reads the JSON of an old state; errors quote no values but ids.
func parseOld(text []byte) (taken, error) {
	var old oldState
	if err := json.Unmarshal(text, &old); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return taken{}, fmt.Errorf("%s is a %s", kind.Field, kind.Value)
		}
		return taken{}, errors.New("it is not JSON")
	}
	parts := strings.Split(old.ID, ":")
	if len(parts) != 5 {
		return taken{}, fmt.Errorf("its id %q is not dseq:gseq:oseq:owner:provider", old.ID)
	}
	dseq, gseq, oseq, owner, seller := parts[0], parts[1], parts[2], parts[3], parts[4]
	lease, err := ids.ParseLeaseID(strings.Join([]string{owner, dseq, gseq, oseq, seller}, "/"))
	if err != nil {
		return taken{}, fmt.Errorf("its id %q: %w", old.ID, err)
	}
	if old.DSeq != "" && old.DSeq != dseq || old.Owner != "" && old.Owner != owner {
		return taken{}, fmt.Errorf("its id %q and its deployment_owner %q, deployment_dseq %q name different deployments",
			old.ID, old.Owner, old.DSeq)
	}
	if old.SDL == "" {
		return taken{}, errors.New("it has no sdl")
	}
	return taken{lease: lease, sdl: old.SDL}, nil
}

// leaseNote says what the old resource was besides the deployment. Only an akash_lease holds that.
func leaseNote(old taken) diag.Diagnostic {
	group := "NAME"
	if doc, _ := sdl.Parse([]byte(old.sdl)); doc != nil {
		if specs := doc.Groups(); int(old.lease.GSeq) <= len(specs) && old.lease.GSeq > 0 {
			group = specs[old.lease.GSeq-1].Name
		}
	}
	title := "Deployment " + old.lease.Deployment().String() + " comes from the old Terraform provider"
	return diag.NewWarningDiagnostic(title, fmt.Sprintf(
		"It runs on, nothing is sent for this. The old resource was its lease with Akash provider %s as well, which is a "+
			"resource of its own here. Where the configuration does not have it yet, add it with\n import {\n   to = "+
			"akash_lease.NAME\n   id = %q\n }\n resource \"akash_lease\" \"NAME\" {\n   group = "+
			"akash_deployment.NAME.groups[%q]\n }\nSee the guide \"Moving from the old Terraform provider\".",
		old.lease.ProviderAddr, old.lease.Group().String(), group))
}
