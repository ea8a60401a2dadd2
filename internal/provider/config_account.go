// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// account finds the key, the owner and who pays the fees, and checks that they agree.
func (r *resolver) account(s *settings, m model) {
	s.key = r.key(s, m.Key)
	owner := r.text(m.Owner, "AKASH_OWNER")
	granter := r.text(m.AuthzGranter, "AKASH_AUTHZ_GRANTER")
	s.feeGranter = r.text(m.FeeGranter, "AKASH_FEE_GRANTER")
	r.address(&owner, "owner")
	r.address(&granter, "authz_granter")
	r.address(&s.feeGranter, "fee_granter")
	switch {
	case m.AuthzGranter.IsUnknown():
		return // whom this would act for is not known yet
	case granter != "":
		if owner != "" && owner != granter {
			r.problems.AddAttributeError(path.Root("owner"), "Owner and authz_granter disagree", fmt.Sprintf(
				"Deployments belong to authz_granter, which is %s; owner is %s. Remove owner or make them equal.",
				granter, owner))
		}
		s.owner = granter
		if s.key != nil && s.key.Address() != granter { // a key needs no grant of its own account
			s.grantee = s.key.Address()
		}
	case s.key != nil:
		if owner != "" && owner != s.key.Address() {
			r.problems.AddAttributeError(path.Root("owner"), "Key and owner disagree", fmt.Sprintf("The key belongs to %s, "+
				"owner is %s. Remove owner or use its key; to act for it with its permission, set authz_granter to it.",
				s.key.Address(), owner))
		}
		s.owner = s.key.Address()
	default:
		s.owner = owner
	}
	if s.key != nil && s.feeGranter == s.key.Address() {
		s.feeGranter = "" // it pays its own
	}
	r.guard(*s, m.AllowedOwners)
}

// address reports a value that is none, and forgets it.
func (r *resolver) address(value *string, attribute string) {
	if *value == "" {
		return
	}
	if err := keys.ValidateOwner(*value); err != nil {
		r.problems.AddAttributeError(path.Root(attribute), "Invalid "+attribute, err.Error())
		*value = ""
	}
}

// guard refuses an owner that is not among those allowed. While one of these is not known yet, it may be that one: the
// apply, which knows, is configured anew before it signs anything.
func (r *resolver) guard(s settings, value types.List) {
	allowed := r.list(value, "")
	if value.IsUnknown() || slices.ContainsFunc(value.Elements(), attr.Value.IsUnknown) {
		return
	}
	if s.owner == "" || len(allowed) == 0 || slices.Contains(allowed, s.owner) {
		return
	}
	r.problems.AddAttributeError(path.Root("allowed_owners"), "Account not allowed", fmt.Sprintf(
		"This configuration would run as %s, which is not in allowed_owners (%s). Nothing was signed.",
		s.owner, strings.Join(allowed, ", ")))
}
