// SPDX-License-Identifier: Apache-2.0

package functions

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

var _ function.Function = (*parseID)(nil)

type parseID struct{}

// NewParseID returns parse_id.
func NewParseID() function.Function { return &parseID{} }

var idReturn = map[string]attr.Type{
	"kind": types.StringType, "owner": types.StringType, "dseq": types.StringType, "gseq": types.Int64Type,
	"oseq": types.Int64Type, "provider_address": types.StringType, "deployment_id": types.StringType,
	"group_id": types.StringType, "order_id": types.StringType, "lease_id": types.StringType,
}

// Metadata names the function.
func (f *parseID) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_id"
}

// Definition describes the function.
func (f *parseID) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The parts of an id",
		MarkdownDescription: "Takes an id of this Terraform provider's resources and data sources apart. Addresses are " +
			"checked with their checksums. Gives an object, in which what the id does not have is null:\n\n" +
			"| `kind` | text | example |\n| --- | --- | --- |\n" +
			"| `deployment` | `owner/dseq` | `akash_deployment.id`, `akash_ip_endpoint.id` |\n" +
			"| `group` | `owner/dseq/gseq` | `akash_lease.id` |\n" +
			"| `order` | `owner/dseq/gseq/oseq` | `data.akash_bids.….order_id` |\n" +
			"| `lease` | `owner/dseq/gseq/oseq/akash-provider` | `akash_lease.lease_id`; the text of a bid is the same |\n\n" +
			"* `owner`, `provider_address` (strings): the accounts, `akash1…`\n" +
			"* `dseq` (string), `gseq`, `oseq` (numbers): the numbers of deployment, group and order\n" +
			"* `deployment_id`, `group_id`, `order_id`, `lease_id` (strings): the id itself and those above it, e.g. the " +
			"`group_id` of a lease, which is the import id of an `akash_lease`",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "id", MarkdownDescription: "The id, e.g. `akash_lease.web.lease_id`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: idReturn},
	}
}

// Run takes the id apart.
func (f *parseID) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	values, err := partsOfID(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	for name, typ := range idReturn {
		if values[name] != nil {
			continue
		}
		values[name] = types.StringNull()
		if typ.Equal(types.Int64Type) {
			values[name] = types.Int64Null()
		}
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(idReturn, values))
}

// partsOfID tells the kind by the number of parts.
func partsOfID(text string) (map[string]attr.Value, error) {
	switch strings.Count(text, "/") {
	case 1:
		id, err := ids.ParseDeploymentID(text)
		return partsOfDeployment("deployment", id), err
	case 2:
		id, err := ids.ParseGroupID(text)
		return partsOfGroup("group", id), err
	case 3:
		id, err := ids.ParseOrderID(text)
		return partsOfOrder("order", id), err
	case 4:
		id, err := ids.ParseLeaseID(text)
		values := partsOfOrder("lease", id.Order())
		values["provider_address"] = types.StringValue(id.ProviderAddr)
		values["lease_id"] = types.StringValue(id.String())
		return values, err
	}
	return nil, fmt.Errorf("%w: %q is none of owner/dseq, owner/dseq/gseq, owner/dseq/gseq/oseq and "+
		"owner/dseq/gseq/oseq/akash-provider", ids.ErrInvalid, text)
}

func partsOfDeployment(kind string, id ids.DeploymentID) map[string]attr.Value {
	return map[string]attr.Value{
		"kind": types.StringValue(kind), "owner": types.StringValue(id.Owner),
		"dseq":          types.StringValue(strconv.FormatUint(id.DSeq, 10)),
		"deployment_id": types.StringValue(id.String()),
	}
}

func partsOfGroup(kind string, id ids.GroupID) map[string]attr.Value {
	values := partsOfDeployment(kind, id.Deployment())
	values["gseq"], values["group_id"] = types.Int64Value(int64(id.GSeq)), types.StringValue(id.String())
	return values
}

func partsOfOrder(kind string, id ids.OrderID) map[string]attr.Value {
	values := partsOfGroup(kind, id.Group())
	values["oseq"], values["order_id"] = types.Int64Value(int64(id.OSeq)), types.StringValue(id.String())
	return values
}
