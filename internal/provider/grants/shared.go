// SPDX-License-Identifier: Apache-2.0

// Package grants is akash_fee_grant and akash_authz_grant: what the configured account lets another one do or spend.
package grants

import (
	"fmt"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// defaultTimeout covers some blocks.
const defaultTimeout = 5 * time.Minute

func granteeAttribute() schema.Attribute {
	return schema.StringAttribute{
		Required: true,
		MarkdownDescription: "The account that is allowed something, `akash1…`, not the configured one. The chain makes " +
			"the account if there is none. Changing it replaces the grant.",
		Validators:    []validator.String{validators.Address()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func granterAttribute() schema.Attribute {
	return schema.StringAttribute{
		Computed: true, MarkdownDescription: "The account that allows it: the configured one.",
	}
}

func expiresAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "When the grant ends, a time of RFC 3339 such as `2027-01-31T00:00:00Z`. Afterwards the chain " +
			"forgets it. Changed in place. Default: never.",
		Validators: []validator.String{validators.Timestamp()},
	}
}

// timeOf reads a time; the zero value for null, unknown, or what a validator has refused.
func timeOf(value types.String) time.Time {
	t, err := time.Parse(time.RFC3339, value.ValueString())
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// timeValue is t as text: the prior text when it says the same.
func timeValue(t time.Time, prior types.String) types.String {
	switch {
	case t.IsZero():
		return types.StringNull()
	case timeOf(prior).Equal(t):
		return prior
	default:
		return types.StringValue(t.UTC().Format(time.RFC3339Nano))
	}
}

// checkTime refuses a grant that would end before it begins, which the chain refuses as well.
func checkTime(value types.String, now time.Time, problems *diag.Diagnostics) {
	if end := timeOf(value); !end.IsZero() && !end.After(now) {
		problems.AddAttributeError(path.Root("expires_at"), "Grant would have ended already", fmt.Sprintf(
			"expires_at is %s, which is past. Nothing was granted.\n\nSet a later time, or remove the resource: the chain has "+
				"forgotten a grant that was there.", value.ValueString()))
	}
}

// checkGrantee refuses a grant to oneself.
func checkGrantee(grantee types.String, owner string, problems *diag.Diagnostics) {
	if owner != "" && grantee.ValueString() == owner {
		problems.AddAttributeError(path.Root("grantee"), "Grant to oneself", fmt.Sprintf(
			"grantee is %s, the account of this configuration itself, which needs no grant. Name another account.", owner))
	}
}

// coinOf is an amount in whole units; nil when the value is null or unknown.
func coinOf(denom string, value types.String) []sdk.Coin {
	amount, ok := math.NewIntFromString(value.ValueString())
	if !ok {
		return nil
	}
	return []sdk.Coin{sdk.NewCoin(denom, amount)}
}

// limitValue is a spend limit in state. The chain keeps what is left of it, so less than the prior limit is use, and
// more, or a limit where there was none, is somebody else's doing.
func limitValue(left math.Int, prior types.String, imported bool) types.String {
	limit, ok := math.NewIntFromString(prior.ValueString())
	if imported || !ok || left.GT(limit) {
		return types.StringValue(left.String())
	}
	return prior
}

// same reports whether two values are known and equal.
func same(a, b types.String) bool { return !a.IsUnknown() && a.Equal(b) }
