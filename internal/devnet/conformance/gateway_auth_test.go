// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	saysUnauthorized = `401 {"message":"unauthorized access"}`
	saysInvalid      = `401 {"message":"JWT is invalid"}`
	saysBadClaims    = `400 {"message":"JWT has invalid claims"}`
	saysNothingHere  = "404 "
)

// Tokens are judged before the lease is looked for: what is good finds nothing, with an empty body.
func TestGatewayTokens(t *testing.T) {
	t.Parallel()
	g := gatewayOf(t)
	a, silent := newActor(t), newActor(t)
	a.do(t, sendUAKT(a.addr, a.addr, 1)) // the gateway knows an account's key once it has signed a transaction
	const dseq = 77
	now := time.Now()
	leases := func(access string, more map[string]any) map[string]any {
		out := map[string]any{"access": access}
		for name, value := range more {
			out[name] = value
		}
		return map[string]any{"leases": out}
	}
	permission := func(provider string, more map[string]any) map[string]any {
		out := map[string]any{"provider": provider}
		for name, value := range more {
			out[name] = value
		}
		return leases("granular", map[string]any{"permissions": []any{out}})
	}
	deployments := func(more map[string]any) map[string]any {
		out := map[string]any{"dseq": dseq, "scope": []string{"status"}, "services": []string{"web"}}
		for name, value := range more {
			if value == nil {
				delete(out, name)
				continue
			}
			out[name] = value
		}
		return permission(g.addr, map[string]any{"access": "granular", "deployments": []any{out}})
	}
	foreignKey := silent.sign(t, "ES256K", a.claims(nil))
	for _, c := range []struct {
		fact, what string
		by         credentials
		want       string
	}{
		{"observed.md 10", "none", credentials{}, saysUnauthorized},
		{"conformance node/gateway status_bearer_garbage", "garbage", credentials{token: "garbage"}, saysInvalid},
		{
			"gateway.md 2", "a header that is no bearer's",
			credentials{header: "Basic dXNlcg=="},
			`400 {"message":"invalid authorization header"}`,
		},
		{"observed.md 10", "a good one", a.token(t, nil), saysNothingHere},
		{
			"observed.md 10", "one signed by the other way",
			credentials{token: a.sign(t, "ES256KADR36", a.claims(nil))},
			saysNothingHere,
		},
		{"observed.md 10", "own claims, another key", credentials{token: foreignKey}, saysInvalid},
		{"observed.md 10, gateway.md 2", "one of an account that never signed", silent.token(t, nil), saysInvalid},
		{
			"observed.md 10", "an expired one", a.token(t, map[string]any{"exp": now.Add(-10 * time.Second).Unix()}),
			saysBadClaims,
		},
		{
			"observed.md 10", "one of the future", a.token(t, map[string]any{"nbf": now.Add(time.Minute).Unix()}),
			saysBadClaims,
		},
		{
			"observed.md 10", "one issued in the future", a.token(t, map[string]any{"iat": now.Add(time.Minute).Unix()}),
			saysNothingHere,
		},
		{
			"observed.md 10", "one for thirty days", a.token(t, map[string]any{"exp": now.Add(720 * time.Hour).Unix()}),
			saysNothingHere,
		},
		{"observed.md 10", "another version", a.token(t, map[string]any{"version": "v2"}), saysBadClaims},
		{"conformance node/gateway status_jwt_no_exp", "no end", a.token(t, map[string]any{"exp": nil}), saysBadClaims},
		{"observed.md 12", "no issuer", a.token(t, map[string]any{"iss": nil}), saysInvalid},
		{"observed.md 12", "access to all", a.token(t, leases("all", nil)), saysBadClaims},
		{
			"gateway.md 2", "full access with a scope", a.token(t, leases("full", map[string]any{"scope": []string{"status"}})),
			saysBadClaims,
		},
		{
			"conformance node/gateway status_jwt_scoped_ok", "the scope asked for",
			a.token(t, leases("scoped", map[string]any{"scope": []string{"status"}})), saysNothingHere,
		},
		{
			"observed.md 10", "another scope", a.token(t, leases("scoped", map[string]any{"scope": []string{"logs"}})),
			saysUnauthorized,
		},
		{"observed.md 12", "no scope", a.token(t, leases("scoped", map[string]any{"scope": []string{}})), saysBadClaims},
		{
			"observed.md 12", "a scope that is none",
			a.token(t, leases("scoped", map[string]any{"scope": []string{"everything"}})), saysBadClaims,
		},
		{
			"conformance node/gateway status_jwt_granular_scoped", "this Akash provider, the scope asked for",
			a.token(t, permission(g.addr, map[string]any{"access": "scoped", "scope": []string{"status"}})), saysNothingHere,
		},
		{
			"observed.md 12", "another Akash provider", a.token(t, permission(a.addr, map[string]any{"access": "full"})),
			saysUnauthorized,
		},
		{"conformance node/gateway jwt_granular_services", "this deployment", a.token(t, deployments(nil)), saysNothingHere},
		{"observed.md 12", "another deployment", a.token(t, deployments(map[string]any{"dseq": dseq + 1})), saysUnauthorized},
		{
			"observed.md 12", "another group", a.token(t, deployments(map[string]any{"gseq": 2, "oseq": 1})), saysUnauthorized,
		},
		{
			"observed.md 12", "a deployment without services", a.token(t, deployments(map[string]any{"services": nil})),
			saysBadClaims,
		},
		{
			"gateway.md 2", "an order without its group", a.token(t, deployments(map[string]any{"oseq": 1})), saysBadClaims,
		},
		{
			"observed.md 12", "this deployment, another scope",
			a.token(t, deployments(map[string]any{"scope": []string{"send-manifest"}})), saysUnauthorized,
		},
	} {
		check(t, c.fact, "a token: "+c.what, func(t *testing.T) {
			got := g.ask(t, c.by, http.MethodGet, statusPath(dseq), nil)
			require.Equal(t, c.want, got.said())
			if got.status != http.StatusNotFound {
				require.Equal(t, "application/json", got.contentType)
			}
		})
	}
}
