// SPDX-License-Identifier: Apache-2.0

package certificate

import (
	"cmp"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

type model struct {
	ID             types.String   `tfsdk:"id"`
	ValidFor       types.String   `tfsdk:"valid_for"`
	RenewBefore    types.String   `tfsdk:"renew_before"`
	Owner          types.String   `tfsdk:"owner"`
	Serial         types.String   `tfsdk:"serial"`
	CertificatePEM types.String   `tfsdk:"certificate_pem"`
	PublicKeyPEM   types.String   `tfsdk:"public_key_pem"`
	PrivateKeyPEM  types.String   `tfsdk:"private_key_pem"`
	NotBefore      types.String   `tfsdk:"not_before"`
	NotAfter       types.String   `tfsdk:"not_after"`
	State          types.String   `tfsdk:"state"`
	RenewalReason  types.String   `tfsdk:"renewal_reason"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

type identityModel struct {
	Owner  types.String `tfsdk:"owner"`
	Serial types.String `tfsdk:"serial"`
}

// The states of a certificate.
const (
	stateValid   = "valid"
	stateRevoked = "revoked"
	stateExpired = "expired"
)

// identity is made of the id, which outlives renewals.
func (m *model) identity() (identityModel, error) {
	owner, serial, err := parseID(m.ID.ValueString())
	return identityModel{Owner: types.StringValue(owner), Serial: types.StringValue(serial)}, err
}

// setCertificate takes over what a certificate says of itself. A private key is kept when c has none.
func (m *model) setCertificate(c *keys.ClientCertificate) {
	m.Owner, m.Serial = types.StringValue(c.Owner), types.StringValue(c.Serial)
	m.CertificatePEM, m.PublicKeyPEM = types.StringValue(c.CertificatePEM), types.StringValue(c.PublicKeyPEM)
	m.NotBefore = types.StringValue(c.NotBefore.Format(time.RFC3339))
	m.NotAfter = types.StringValue(c.NotAfter.Format(time.RFC3339))
	if c.PrivateKeyPEM != "" {
		m.PrivateKeyPEM = types.StringValue(c.PrivateKeyPEM)
	}
}

// setFresh is of a certificate that was just published.
func (m *model) setFresh(c *keys.ClientCertificate) {
	m.setCertificate(c)
	m.State, m.RenewalReason = types.StringValue(stateValid), types.StringNull()
}

// judge sets the state and whether the certificate has to be renewed. Only a refresh does: a plan must not look at the
// clock.
func (m *model) judge(found deploy.Certificate, notAfter, now time.Time) error {
	early, err := time.ParseDuration(cmp.Or(m.RenewBefore.ValueString(), defaultRenewBefore))
	if err != nil {
		return fmt.Errorf("renew_before: %w", err)
	}
	state, reason := stateValid, ""
	switch {
	case found.Revoked:
		state, reason = stateRevoked, "it was revoked"
	case now.After(notAfter):
		state, reason = stateExpired, "it ended at "+notAfter.Format(time.RFC3339)
	case m.PrivateKeyPEM.ValueString() == "":
		reason = "its private key is not known here"
	case now.Add(early).After(notAfter):
		reason = fmt.Sprintf("it ends at %s, within %s", notAfter.Format(time.RFC3339), early)
	}
	m.State, m.RenewalReason = types.StringValue(state), types.StringNull()
	if reason != "" {
		m.RenewalReason = types.StringValue(reason)
	}
	return nil
}
