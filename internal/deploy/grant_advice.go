// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/cosmos/cosmos-sdk/x/authz"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

// explainGrant titles what is wrong with a delegation and says who can mend it how. It reports whether it did.
func (d *Deployer) explainGrant(f *Failure, err error) bool {
	switch {
	case errors.Is(err, chain.ErrAuthorizationNotFound), errors.Is(err, chain.ErrAuthorizationExpired):
		if d.Grantee == "" {
			return false
		}
		f.Title = "Missing grant"
		url, ok := chain.MissingGrant(err)
		if !ok {
			url = "/…"
		}
		f.Next = d.authzAdvice([]string{url})
	case errors.Is(err, chain.ErrFeeGrantNotFound), errors.Is(err, chain.ErrFeeGrantExpired):
		f.Title, f.Next = "Missing fee grant", d.feeAdvice("")
	case errors.Is(err, chain.ErrFeeGrantExhausted):
		f.Title, f.Next = "Fee grant used up", d.feeAdvice("")
	case errors.Is(err, chain.ErrFeeGrantMessage):
		f.Title = "Fee grant for other messages"
		f.Next = d.feeAdvice("")
		if d.Grantee != "" {
			f.Next = d.feeAdvice(fmt.Sprintf("\n   allowed_messages = [%q]", typesOf(&authz.MsgExec{})[0]))
		}
	default:
		return false
	}
	return true
}

// authzAdvice is what the owner has to apply or to run so that the grantee may send messages of these types.
func (d *Deployer) authzAdvice(types []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The owner %s has to allow it, with its own key: apply", d.Owner)
	for _, url := range types {
		fmt.Fprintf(&b, "\n resource \"akash_authz_grant\" %q {\n   grantee      = %q\n   message_type = %q\n }",
			label(url), d.Grantee, url)
	}
	b.WriteString("\nor run")
	for _, url := range types {
		fmt.Fprintf(&b, "\n akash tx authz grant %s generic --msg-type=%s --from %s", d.Grantee, url, d.Owner)
	}
	return b.String() + "\nThen try again."
}

// feeAdvice is what the fee granter has to apply or to run.
func (d *Deployer) feeAdvice(line string) string {
	return fmt.Sprintf("The fee granter %s has to allow it, with its own key: apply\n "+
		"resource \"akash_fee_grant\" \"fees\" {\n   grantee          = %q\n   spend_limit_uakt = \"1000000\"%s\n }\n"+
		"or run\n akash tx feegrant grant %s %s "+
		"--spend-limit 1000000uakt\nThen try again, or take fee_granter out of the provider block.",
		d.FeeGranter, d.signer(), line, d.FeeGranter, d.signer())
}

// label is a resource name for a type of message: create_lease for /akash.market.v1beta5.MsgCreateLease.
func label(url string) string {
	name := strings.TrimPrefix(url[strings.LastIndexAny(url, "./")+1:], "Msg")
	var b strings.Builder
	small := false // the letter before
	for _, r := range name {
		if unicode.IsUpper(r) && small {
			b.WriteByte('_')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
