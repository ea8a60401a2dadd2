// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"crypto/tls"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
)

// gatewayAuth is at most one of its members.
type gatewayAuth struct {
	token       *gateway.SuppliedToken
	certificate *tls.Certificate
	late        bool // only apply knows
}

func (g gatewayAuth) none() bool { return g.token == nil && g.certificate == nil && !g.late }

type gatewayAuthModel struct {
	Token          types.String `tfsdk:"token"`
	CertificatePEM types.String `tfsdk:"certificate_pem"`
	PrivateKeyPEM  types.String `tfsdk:"private_key_pem"`
}

// gatewayAuth reads credentials for gateways. Its errors have no attribute's path: the CLI would quote the line, which
// may hold a secret.
func (r *resolver) gatewayAuth(s *settings, value types.Object) {
	if value.IsUnknown() {
		r.unknown, s.gateways.late = true, true
		return
	}
	var m gatewayAuthModel
	variable := "AKASH_GATEWAY_TOKEN"
	if !value.IsNull() {
		r.problems.Append(value.As(r.ctx, &m, basetypes.ObjectAsOptions{})...)
	}
	if !m.CertificatePEM.IsNull() || !m.PrivateKeyPEM.IsNull() {
		variable = "" // a certificate in the block leaves no room for a token from the environment
	}
	token, certificate, private := r.text(m.Token, variable), r.text(m.CertificatePEM, ""), r.text(m.PrivateKeyPEM, "")
	s.secrets = append(s.secrets, token, private)
	const title = "Gateway credentials cannot be used"
	var owner string
	var err error
	switch {
	case !m.Token.IsNull() && variable == "":
		r.problems.AddError(title, "gateway_auth may hold either token, or certificate_pem with private_key_pem. "+
			"Gateways refuse both at once.")
		return
	case m.CertificatePEM.IsUnknown() || m.PrivateKeyPEM.IsUnknown() || m.Token.IsUnknown():
		s.gateways.late = true
		return
	case m.CertificatePEM.IsNull() != m.PrivateKeyPEM.IsNull():
		r.problems.AddError(title, "gateway_auth needs certificate_pem and private_key_pem together.")
		return
	case certificate != "":
		var pair tls.Certificate
		pair, owner, err = gateway.ParseClientCertificate(certificate, private)
		s.gateways.certificate = &pair
	case token != "":
		s.gateways.token, err = gateway.NewSuppliedToken(token, time.Now)
		if err == nil {
			owner = s.gateways.token.Owner()
		}
	default:
		return
	}
	if err != nil {
		s.gateways = gatewayAuth{}
		r.problems.AddError(title, fmt.Sprintf("gateway_auth: %v\n\nNothing was signed or sent.", err))
		return
	}
	if s.owner != "" && owner != s.owner {
		r.problems.AddError("Gateway credentials of another account", fmt.Sprintf("gateway_auth is from %s, and this "+
			"configuration runs as %s. A gateway would show its leases, not those of this configuration.\n\nUse "+
			"credentials that %s made. Nothing was signed or sent.", owner, s.owner, s.owner))
	}
}
