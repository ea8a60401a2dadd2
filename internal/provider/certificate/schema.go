// SPDX-License-Identifier: Apache-2.0

package certificate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

const (
	// defaultValidFor is the network's command line's year.
	defaultValidFor = "8760h"
	// defaultRenewBefore is 30 days.
	defaultRenewBefore = "720h"
)

// Schema describes the resource.
func (r *certificateResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	computed := func(text string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A client certificate of the account on chain, by which gateways of Akash providers know it " +
			"over mTLS. Most configurations need none: tokens signed by the key are the default and cost nothing. It costs a " +
			"transaction fee, and no deposit.\n\nThe certificate is as the Akash CLI makes it: ECDSA P-256, self-signed, for " +
			"client authentication. Renewal is an update in place: one transaction publishes the next certificate, with a new " +
			"private key, and revokes the last one, so at every moment exactly one holds. The plan shows it, and why, in " +
			"`renewal_reason`: when the end is nearer than `renew_before`, or when somebody revoked the certificate." +
			"\n\n~> The private key is written to the state, unencrypted unless the state is. Whoever reads it has the full " +
			"access of the account to its leases, until the certificate is revoked.",
		Attributes: map[string]schema.Attribute{
			"id": computed("`owner/serial` of the first certificate. It stays the same when the certificate is renewed. Also " +
				"its import id, then with the serial of any certificate of the account."),
			"valid_for": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(defaultValidFor),
				MarkdownDescription: "How long a certificate holds, a duration such as `2160h`. Default `8760h`, a year. A " +
					"change renews it.",
				Validators: []validator.String{validators.PositiveDuration()},
			},
			"renew_before": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(defaultRenewBefore),
				MarkdownDescription: "Renew when the certificate ends within this time, a duration below `valid_for`. Default " +
					"`720h`, 30 days. The first plan after that shows the renewal; nothing happens without an apply. A change " +
					"counts from the next refresh on.",
				Validators: []validator.String{validators.PositiveDuration()},
			},
			"owner":           computed("The account, `akash1…`, which is the certificate's subject."),
			"serial":          computed("The serial of the present certificate, a decimal number."),
			"certificate_pem": computed("The present certificate, one PEM block."),
			"public_key_pem":  computed("Its public key, as it is on chain."),
			"private_key_pem": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "Its private key, PKCS #8, not encrypted. Empty after an import, until the next apply.",
			},
			"not_before": computed("When it begins, in UTC, e.g. `2026-11-22T20:00:00Z`."),
			"not_after":  computed("When it ends, in UTC."),
			"state":      computed("`valid`, `revoked` or `expired`, as of the last refresh."),
			"renewal_reason": computed("Why the next apply renews the certificate, as of the last refresh; empty when it " +
				"does not."),
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
		},
	}
}
