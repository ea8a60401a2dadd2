// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
)

// Listed is something on chain that a resource can be imported from.
type Listed struct {
	// ID is the resource's id, Name what people are shown.
	ID, Name string
	// Identity is a struct for the resource's identity.
	Identity any
	// Resource fills what a refresh after an import does. It gets a resource that has its id alone, and is called only
	// when the user wants more than identities.
	Resource func(ctx context.Context, resource *tfsdk.Resource) diag.Diagnostics
}

// OwnerToList is the argument owner of lists, checked by valid.
func OwnerToList(valid validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{valid},
		MarkdownDescription: "Whose to list, `akash1…`. Default: the account of the provider block. Another account's can " +
			"be listed and imported, and not changed.",
	}
}

// StreamList reads a list and hands it to the CLI, one by one, as many as that wants. Unlike a data source's, a list
// that cannot be read is an error: nothing would tell it from an empty one. narrower names the arguments that make it
// shorter.
func StreamList[T any](
	ctx context.Context, d *Data, req list.ListRequest, stream *list.ListResultsStream, narrower string,
	read func(context.Context, *deploy.Deployer) (deploy.List[T], error), show func(*deploy.Deployer, T) Listed,
) {
	fail := func(problem diag.Diagnostic) {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{problem})
	}
	connection, err := d.Connect(ctx)
	if err != nil {
		fail(diags.FromError(err))
		return
	}
	reading, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	found, err := read(reading, connection.Deployer)
	if err != nil {
		fail(diags.FromError(fmt.Errorf("read the list: %w", err)))
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for i, item := range found.Items {
			if req.Limit > 0 && int64(i) >= req.Limit {
				return
			}
			result := resultOf(ctx, req, show(connection.Deployer, item))
			if found.Partial && i == 0 {
				result.Diagnostics.AddWarning("Not everything was read",
					"The account has more than are read at once. Set "+narrower+" to read fewer.")
			}
			if !push(result) {
				return
			}
		}
	}
}

func resultOf(ctx context.Context, req list.ListRequest, item Listed) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = item.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, item.Identity)...)
	if !req.IncludeResource {
		return result
	}
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), item.ID)...)
	if !result.Diagnostics.HasError() {
		result.Diagnostics.Append(item.Resource(ctx, result.Resource)...)
	}
	return result
}
