// SPDX-License-Identifier: Apache-2.0

package akashproviders

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

var (
	wordText = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)
	gibText  = regexp.MustCompile(`^[1-9][0-9]{0,5}Gi$`)
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func number(description string) schema.Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// optional is a text of a filter.
func optional(description string, checks ...validator.String) schema.Attribute {
	return schema.StringAttribute{Optional: true, Validators: checks, MarkdownDescription: description}
}

// Schema describes the data source.
func (d *providersDataSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Akash providers registered on chain, sorted by address, with what auditors signed for " +
			"them and what their gateways say they have free now. Reading takes a few seconds at most: who has not " +
			"answered by then counts as silent. What was read is kept for up to five minutes. A market that cannot be read " +
			"is a warning, an empty list and `complete = false`, so that no plan fails for it.",
		Attributes: map[string]schema.Attribute{
			"attributes": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only Akash providers that declare all of these attributes with exactly these values; a " +
					"key may hold `*` and `?`, which do not cross a `/`. Example: `{ region = \"us-west\" }`.",
			},
			"audited_by": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(validators.Address()),
				},
				MarkdownDescription: "Only Akash providers that one of these auditors has signed: all `attributes` asked for " +
					"here, or anything when there are none. By address.",
			},
			"gpu":  gpuFilterAttribute(),
			"free": freeFilterAttribute(),
			"online_only": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to leave out Akash providers whose gateway does not answer. Default `false`; " +
					"`free` leaves them out in any case.",
			},
			"height":  number("The block at which the list was read; null when it could not be."),
			"read_at": text("When that was, RFC 3339 in UTC; null when it could not be."),
			"complete": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the chain told everything: `false`, with a warning, when the list or a part of " +
					"what auditors signed could not be read. Silent gateways are counted in `unanswered`.",
			},
			"unanswered": number("How many of those that suit by what the chain tells have a gateway that did not answer. " +
				"With `free` or `online_only` they are not in `providers`."),
			"providers": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The Akash providers.",
				NestedObject: schema.NestedAttributeObject{Attributes: factAttributes()},
			},
		},
	}
}

func gpuFilterAttribute() schema.Attribute {
	word := stringvalidator.RegexMatches(wordText, "write it in lower case without spaces, such as nvidia or h100")
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Only Akash providers that declare such a GPU, which bids need, and have it, free or not, " +
			"as far as their gateways tell the models. With `free.gpus`, that many of such a kind must be free. Example: " +
			"`{ model = \"h100\" }`.",
		Attributes: map[string]schema.Attribute{
			"vendor": optional("The vendor, e.g. `nvidia`. Default any.", word),
			"model":  optional("The model in lower case, e.g. `a100` or `rtx4090`. Default any.", word),
			"vram": optional("Its memory in whole Gi, e.g. `80Gi`. Default any. Akash providers have to declare it.",
				stringvalidator.RegexMatches(gibText, "write whole Gi, such as 80Gi")),
			"interface": optional("`pcie` or `sxm`. Default any. Akash providers have to declare it.",
				stringvalidator.OneOf("pcie", "sxm")),
		},
	}
}

func freeFilterAttribute() schema.Attribute {
	atLeastOne := []validator.Int64{int64validator.AtLeast(1)}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Only Akash providers whose gateway answers and that have at least this much free at once " +
			"for one replica: on one machine, with persistent storage and addresses beside it. Example: " +
			"`{ cpu = \"8\", memory = \"32Gi\" }`.",
		Attributes: map[string]schema.Attribute{
			"cpu":     optional("Cores such as `8`, or thousandths such as `500m`. Default none.", validators.CPU()),
			"memory":  optional("Memory, e.g. `16Gi`. Default none.", validators.Size()),
			"storage": optional("Ephemeral storage, e.g. `100Gi`. Default none.", validators.Size()),
			"persistent_storage": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				Validators: []validator.Map{
					mapvalidator.SizeAtLeast(1), mapvalidator.ValueStringsAre(validators.Size()),
				},
				MarkdownDescription: "Persistent storage by class: `{ beta3 = \"1Ti\" }`. Default none.",
			},
			"gpus": schema.Int64Attribute{
				Optional: true, Validators: atLeastOne,
				MarkdownDescription: "GPUs of one kind, the one of `gpu` where that is set. Default none.",
			},
			"ips": schema.Int64Attribute{
				Optional: true, Validators: atLeastOne,
				MarkdownDescription: "Addresses to lease; Akash providers that do not tell how many they have are left out. " +
					"Default none.",
			},
		},
	}
}

// factAttributes describe [facts].
func factAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"address":  text("Account of the Akash provider, `akash1…`."),
		"host_uri": text("Where its gateway answers, e.g. `https://host:8443`."),
		"email":    text("Contact address; may be empty."),
		"website":  text("Website; may be empty."),
		"attributes": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "What it declares about itself. Nobody has checked it unless an auditor signed it.",
		},
		"audited_by": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "The auditors that signed anything for it, by address, sorted; null when that could not " +
				"be read.",
		},
		"online": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether its gateway answered, and proved to be its own.",
		},
		"offline_reason": text("Why the gateway told nothing, in a few words; null when it answered."),
		"gpu_models": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "The models of `gpus`, each once, sorted; e.g. `[\"a100\", \"t4\"]`.",
		},
		"gpus": schema.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: "The kinds of GPU in its machines, free or not; where the gateway does not tell them, " +
				"those that it declares.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"vendor":    text("The vendor, e.g. `nvidia`; null when not told."),
				"model":     text("The model, e.g. `a100`."),
				"vram":      text("Its memory, e.g. `80Gi`; null when not told."),
				"interface": text("Its interface in the Akash provider's words, e.g. `SXM4`; null when not told."),
				"units":     number("How many there are; null for what is declared only."),
			}},
		},
		"free": schema.SingleNestedAttribute{
			Computed: true,
			MarkdownDescription: "What all its machines have free together; null when the gateway did not tell. A replica " +
				"has to fit on one machine: the filter `free` of `akash_providers` asks for that.",
			Attributes: map[string]schema.Attribute{
				"machines":       number("How many machines there are."),
				"cpu_millicores": number("Processors in thousandths of a core."),
				"memory_bytes":   number("Memory in bytes."),
				"storage_bytes":  number("Ephemeral storage in bytes."),
				"persistent_storage_bytes": schema.MapAttribute{
					Computed: true, ElementType: types.Int64Type,
					MarkdownDescription: "Persistent storage in bytes, by class.",
				},
				"gpus": number("GPUs."),
				"ips":  number("Addresses to lease; null when it does not tell."),
			},
		},
		"reclamation_window": text("How long it leaves a tenant when it takes a lease back, e.g. `24h0m0s`; null when it " +
			"offers none or did not answer."),
	}
}
