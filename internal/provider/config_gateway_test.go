// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// credentials are of the account that key belongs to.
func credentials(t *testing.T, hdPath string) (token string, certificate *keys.ClientCertificate) {
	t.Helper()
	key, err := keys.FromMnemonic(devnet.TestMnemonic, hdPath)
	require.NoError(t, err)
	now := time.Now()
	token, err = gateway.GrantToken(key, gateway.Grant{Access: gateway.AccessFull}, now, now.Add(time.Hour))
	require.NoError(t, err)
	certificate, err = keys.NewClientCertificate(key.Address(), now, time.Hour)
	require.NoError(t, err)
	return token, certificate
}

func TestResolveGatewayAuth(t *testing.T) {
	t.Parallel()
	const path = "m/44'/118'/0'/0/1" // of second
	token, certificate := credentials(t, path)
	foreign, foreignCertificate := credentials(t, "m/44'/118'/0'/0/2")
	env := map[string]string{"AKASH_MNEMONIC": devnet.TestMnemonic, "AKASH_HD_PATH": path}
	withToken := map[string]string{"AKASH_GATEWAY_TOKEN": token}
	for name, value := range env {
		withToken[name] = value
	}
	pems := block{"certificate_pem": certificate.CertificatePEM, "private_key_pem": certificate.PrivateKeyPEM}
	for name, test := range map[string]struct {
		auth   any
		env    map[string]string
		want   [2]bool // token, certificate
		title  string
		says   string
		secret string
	}{
		"nothing":                {nil, env, [2]bool{}, "", "", ""},
		"token":                  {block{"token": token}, env, [2]bool{true, false}, "", "", token},
		"token from environment": {nil, withToken, [2]bool{true, false}, "", "", token},
		"certificate":            {pems, env, [2]bool{false, true}, "", "", certificate.PrivateKeyPEM},
		"certificate over environment's token": {
			pems, withToken, [2]bool{false, true}, "", "", certificate.PrivateKeyPEM,
		},
		"both": {
			block{"token": token, "certificate_pem": "a", "private_key_pem": "b"},
			env,
			[2]bool{},
			"Gateway credentials cannot be used", "both at once", "",
		},
		"half a certificate": {
			block{"certificate_pem": certificate.CertificatePEM},
			env,
			[2]bool{},
			"Gateway credentials cannot be used",
			"together", "",
		},
		"no token": {
			block{"token": "abandon-zoo"}, env, [2]bool{}, "Gateway credentials cannot be used", "Nothing was signed", "",
		},
		"no certificate": {
			block{"certificate_pem": "zoo", "private_key_pem": "abandon"},
			env,
			[2]bool{},
			"Gateway credentials cannot be used", "PEM", "",
		},
		"another's token": {
			block{"token": foreign}, env, [2]bool{true, false}, "Gateway credentials of another account", second, "",
		},
		"another's certificate": {
			block{
				"certificate_pem": foreignCertificate.CertificatePEM, "private_key_pem": foreignCertificate.PrivateKeyPEM,
			}, env, [2]bool{false, true}, "Gateway credentials of another account", second, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := block{}
			if test.auth != nil {
				given["gateway_auth"] = test.auth
			}
			found, unknown, problems := provider.Resolve(t, given, test.env)
			require.False(t, unknown)
			require.Equal(t, test.want, [2]bool{found.GatewayToken, found.GatewayCertificate})
			if test.secret != "" {
				require.Contains(t, found.Secrets, test.secret, "masked in logs")
			}
			if test.title == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems.Errors(), 1)
			require.Equal(t, test.title, problems[0].Summary())
			require.Contains(t, problems[0].Detail(), test.says)
			for _, secret := range []string{"abandon", "zoo", token, foreign, certificate.PrivateKeyPEM} {
				require.NotContains(t, problems[0].Detail(), secret)
			}
		})
	}
}

// TestResolveGatewayAuth_grantee acts for another account: only its credentials open gateways, also those that only
// apply knows.
func TestResolveGatewayAuth_grantee(t *testing.T) {
	t.Parallel()
	token, _ := credentials(t, "m/44'/118'/0'/0/1")
	base := func(auth any) block {
		return block{"key": block{"mnemonic": devnet.TestMnemonic}, "authz_granter": second, "gateway_auth": auth}
	}
	found, _, problems := provider.Resolve(t, base(nil), nil)
	require.Empty(t, problems)
	require.Contains(t, found.NoGateway, "gateway_auth")
	found, _, problems = provider.Resolve(t, base(block{"token": token}), nil)
	require.Empty(t, problems)
	require.Empty(t, found.NoGateway)
	for _, late := range []any{provider.Unknown{}, block{"token": provider.Unknown{}}} {
		found, unknown, problems := provider.Resolve(t, base(late), nil)
		require.Empty(t, problems)
		require.True(t, unknown)
		require.Empty(t, found.NoGateway, "what may still come is not complained of")
	}
}
