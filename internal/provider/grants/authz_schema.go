// SPDX-License-Identifier: Apache-2.0

package grants

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	escrowv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/escrow/v1"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// Scopes of a deposit grant, in the chain's words.
var (
	scopeDeployment = escrowv1.DepositAuthorization_deployment.String()
	scopeBid        = escrowv1.DepositAuthorization_bid.String()
)

// Schema describes the resource.
func (r *authzGrant) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "Lets another account act for the configured one: either send one type of message " +
			"(`message_type`), as a key in CI with `authz_granter` does, or deposit its coins up to a limit (`deposit`), " +
			"which the grantee uses with `deposit_sources = [\"grant\"]`. The chain keeps one grant for each type of " +
			"message, and deposits stand under `/akash.escrow.v1.MsgAccountDeposit`.\n\nLimits and time change in place, " +
			"in one transaction. The chain forgets a grant past its time; the next plan then shows it as to be created. " +
			"Destroying it revokes it; what was deposited by it stays until the deployment is closed.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`granter/grantee/message-type`, e.g. " +
					"`akash1…/akash1…/akash.market.v1beta5.MsgCreateLease`. Never changes. Also its import id.",
			},
			"granter": granterAttribute(),
			"grantee": granteeAttribute(),
			"message_type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The type of message the grantee may send, e.g. " +
					"`/akash.deployment.v1beta4.MsgCreateDeployment`. Set this or `deposit`. Another type replaces the grant.",
				Validators: []validator.String{
					validators.MessageType(), stringvalidator.ExactlyOneOf(path.MatchRoot("message_type"), path.MatchRoot("deposit")),
				},
			},
			"deposit":    depositAttribute(),
			"expires_at": expiresAttribute(),
			"kind": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The chain's name of the grant: `GenericAuthorization` or, with `deposit`, " +
					"`DepositAuthorization`. Another one was granted elsewhere, and the plan overwrites it.",
			},
			"remaining_uact": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What may still be deposited in uact; null without such a limit.",
			},
			"remaining_uakt": schema.StringAttribute{
				Computed: true, MarkdownDescription: "What may still be deposited in uakt; null without such a limit.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
		},
	}
}

func depositAttribute() schema.Attribute {
	one := stringvalidator.AtLeastOneOf(
		path.MatchRelative().AtParent().AtName("spend_limit_uact"),
		path.MatchRelative().AtParent().AtName("spend_limit_uakt"),
	)
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Let the grantee deposit the granter's coins into escrow accounts. What a closed deployment " +
			"did not spend returns to the granter, and to the limit. Set this or `message_type`. Example: " +
			"`{ spend_limit_uact = \"20000000\" }`.",
		Attributes: map[string]schema.Attribute{
			"spend_limit_uact": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The most that may be deposited in uact (1 ACT = 1 USD = 1000000 uact), e.g. `20000000`. " +
					"A change grants the new limit anew, whatever was used.",
				Validators: []validator.String{validators.PositiveWhole(), one},
			},
			"spend_limit_uakt": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The most that may be deposited in uakt (1 AKT = 1000000 uakt). Deployments take uact.",
				Validators:          []validator.String{validators.PositiveWhole(), one},
			},
			"scopes": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What may be paid: `deployment`, and `bid` for Akash providers. Default `[\"deployment\"]`.",
				Default: setdefault.StaticValue(
					types.SetValueMust(types.StringType, []attr.Value{types.StringValue(scopeDeployment)})),
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					setvalidator.ValueStringsAre(stringvalidator.OneOf(scopeDeployment, scopeBid)),
				},
			},
		},
	}
}
