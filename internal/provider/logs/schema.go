// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

const defaultTail, mostTail = 100, 1000

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// Schema describes the data source.
func (d *logsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The last lines that the services of a lease wrote, and what the cluster noted about them, " +
			"from the gateway of the lease's Akash provider. Every plan reads them anew, so what refers to them changes " +
			"with every plan: show them in an output, and let no resource depend on them. A gateway that does not answer " +
			"is a warning and `complete = false`.\n\n~> A log holds whatever the workload prints. The values of the " +
			"running manifest's `env` and registry credentials, of four characters and more, are shown as `***`, also " +
			"where they are quoted or encoded, and without that manifest nothing is shown. Other secrets, such as tokens " +
			"the workload got elsewhere, and values of an earlier manifest are not known, so `lines` and `events` are " +
			"sensitive; like everything of a data source they are written to the state.",
		Attributes: map[string]schema.Attribute{
			"lease_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{validators.LeaseID()},
				MarkdownDescription: "The lease, `lease_id` of an `akash_lease`: `owner/dseq/gseq/oseq/akash-provider`. " +
					"Gateways show a log to the owner alone.",
			},
			"services": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
				},
				MarkdownDescription: "Only these services, in this order. Default all, in the order of the manifest. One " +
					"that the lease does not run is a warning. Example: `[\"web\"]`.",
			},
			"tail": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, mostTail)},
				MarkdownDescription: fmt.Sprintf("How many lines of each service to read at most, over all its replicas, and how "+
					"many events; the last ones, 1 to %d. Default `%d`. Lines of more than 2000 characters are cut.",
					mostTail, defaultTail),
			},
			"include_events": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether to read `events` too. Default `false`.",
			},
			"complete": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether everything that was asked for could be read; `false` comes with a warning that " +
					"says what could not.",
			},
			"lines": schema.ListNestedAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The lines by service, of each the oldest first. `nonsensitive()` shows them, at your " +
					"risk.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"service": text("The service that wrote it."),
					"replica": text("The cluster's name of the replica, e.g. `web-7c9f4-x2k8p`."),
					"text":    text("The line, without terminal colours and control characters."),
				}},
			},
			"events": schema.ListNestedAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "What the cluster noted, the oldest first; null without `include_events`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"type":   text("`Normal` or `Warning`."),
					"reason": text("A word, e.g. `BackOff`."),
					"note":   text("A sentence, e.g. `Back-off pulling image \"…\"`."),
					"kind":   text("What it is about, e.g. `Pod`."),
					"name":   text("The name of that."),
				}},
			},
		},
	}
}
