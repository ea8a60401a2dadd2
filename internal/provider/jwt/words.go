// SPDX-License-Identifier: Apache-2.0

package jwt

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// The descriptions of attributes, which both kinds share.
const (
	accessText = "How far the token reaches: `full` allows everything on every lease of the account; `scoped` what " +
		"`scope` lists, on every lease; `granular` what `permissions` list, or `scope` on `lease_id`."
	leaseText = "With `granular`: the one lease the token is for, `lease_id` of an `akash_lease`. Needs `scope` and " +
		"`services`."
	servicesText = "With `lease_id`: names of services. The network wants at least one; Akash providers do not compare " +
		"them as of late 2026, so any of the lease's services can be reached."
	permissionsText  = "With `granular`: what the token allows, one item for each Akash provider."
	providerText     = "The Akash provider, `akash1…`, at most once."
	permitText       = "On this Akash provider: `full`, `scoped` (needs `scope`) or `granular` (needs `deployments`)."
	deploymentsText  = "What the token allows on single deployments."
	dseqText         = "The deployment sequence, e.g. `1763800000000123`."
	gseqText         = "The group, from 1. Default: every group."
	oseqText         = "The order, from 1. Default: every order. Needs `gseq`."
	itemServicesText = "Names of services, at least one."
	lifetimeText     = "How long the token is good for, a duration such as `1h`. Default `15m`. A token cannot be " +
		"revoked before it ends."
	ownerText   = "The account that signed: the provider block's key."
	bearerText  = "What goes behind `Authorization: Bearer`."
	expiresText = "When the token ends, in UTC, e.g. `2026-11-22T20:15:00Z`."
)

func scopeText() string {
	var names []string
	for _, s := range scopeNames() {
		names = append(names, "`"+s+"`")
	}
	return "What may be done: " + strings.Join(names, ", ") + "."
}

func scopeNames() []string {
	var names []string
	for _, s := range gateway.Scopes() {
		names = append(names, string(s))
	}
	return names
}

func accessValidators() []validator.String {
	return []validator.String{stringvalidator.OneOf(
		string(gateway.AccessFull), string(gateway.AccessScoped), string(gateway.AccessGranular))}
}

func scopeValidators() []validator.List {
	return []validator.List{
		listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
		listvalidator.ValueStringsAre(stringvalidator.OneOf(scopeNames()...)),
	}
}

func serviceValidators() []validator.List {
	return []validator.List{
		listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
		listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
	}
}

func sequenceValidators() []validator.Int64 {
	const most = 1<<32 - 1
	return []validator.Int64{int64validator.Between(1, most)}
}

func addressValidators() []validator.String { return []validator.String{validators.Address()} }

func lifetimeValidators() []validator.String {
	return []validator.String{validators.PositiveDuration()}
}
