// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

const (
	saysNoLease   = "404 no lease for deployment"
	saysWrongHash = "422 manifest version validation failed"
	saysTaken     = "200 "
)

// withCertificate publishes a client certificate of the actor's.
func (a *actor) withCertificate(t *testing.T) credentials {
	t.Helper()
	c := newCertificate(t, a.addr)
	a.do(t, a.publication(c))
	return credentials{certificate: &c.tls}
}

// ready waits until every replica of a lease's service is there, and gives the lease's state.
func (g gateway) ready(t *testing.T, by credentials, dseq uint64) answer {
	t.Helper()
	var got answer
	eventually(t, "a service that is ready", func() bool {
		got = g.ask(t, by, http.MethodGet, statusPath(dseq), nil)
		return got.status == http.StatusOK && strings.Contains(got.body, `"available":1,"total":1`)
	})
	return got
}

// One deployment whose manifest is PUT before its lease is there.
func TestGatewayEarlyManifest(t *testing.T) {
	t.Parallel()
	g := gatewayOf(t)
	a, other := newActor(t), newActor(t)
	body, hash := manifest("bar")
	changed, changedHash := manifest("baz")
	dseq := a.anybodys(t, hash)
	by := a.withCertificate(t)
	put := func(t *testing.T, by credentials, body []byte) answer {
		t.Helper()
		return g.ask(t, by, http.MethodPut, manifestPath(dseq), body)
	}
	id := a.bidOf(t, dseq, g)
	check(t, "conformance node/gateway manifest_before_lease_wrong_hash", "a wrong manifest before the lease",
		func(t *testing.T) {
			got := put(t, by, changed)
			require.Equal(t, saysWrongHash, got.said())
			require.Equal(t, "text/plain; charset=utf-8", got.contentType)
		})
	check(t, "observed.md 12", "the right manifest before the lease", func(t *testing.T) {
		require.Equal(t, saysNoLease, put(t, by, body).said())
	})
	check(t, "conformance node/gateway status_before_lease", "a state before the lease", func(t *testing.T) {
		require.Equal(t, saysNothingHere, g.ask(t, by, http.MethodGet, statusPath(dseq), nil).said())
	})
	a.do(t, lease(id))
	check(t, "observed.md 12", "the early manifest was kept and is deployed with the lease", func(t *testing.T) {
		got := g.ready(t, by, dseq)
		require.Equal(t, "application/json; charset=UTF-8", got.contentType)
		tree := got.tree(t)
		service := at(t, tree, "services", "web")
		for _, name := range []string{
			"available", "total", "replicas", "updated_replicas", "ready_replicas", "available_replicas",
		} {
			require.InDelta(t, 1, at(t, service, name), 0, name)
		}
		require.Equal(t, "web", at(t, service, "name"))
		require.Contains(t, service, "observed_generation")
		require.Regexp(t, `^[0-9a-v]{26}\.`, at(t, service, "uris", 0))
		require.Nil(t, at(t, tree, "forwarded_ports"))
		require.Nil(t, at(t, tree, "ips"))
	})
	check(t, "conformance node/gateway manifest_again_mtls", "the same again, with a certificate", func(t *testing.T) {
		got := put(t, by, body)
		require.Equal(t, saysTaken, got.said())
		require.Empty(t, got.contentType)
	})
	check(t, "conformance node/gateway manifest_jwt_ok", "and with a token", func(t *testing.T) {
		require.Equal(t, saysTaken, put(t, a.token(t, nil), body).said())
	})
	check(t, "observed.md 10", "a certificate and a token at once", func(t *testing.T) {
		both := a.token(t, nil)
		both.certificate = by.certificate
		require.Equal(t,
			`400 {"message":"auth: ambiguous authentication. may not use mTLS and JWT at the same time"}`,
			put(t, both, body).said())
	})
	for _, c := range []struct{ what, body, want string }{
		{"an empty manifest", "[]", "422 invalid manifest: manifest is empty"},
		{"an object", "{}", "422 json: cannot unmarshal object into Go value of type v2beta3.Manifest"},
		{"nothing at all", "", "422 EOF"},
	} {
		check(t, "observed.md 10, conformance node/gateway", "a manifest that is "+c.what, func(t *testing.T) {
			require.Equal(t, c.want, put(t, by, []byte(c.body)).said())
		})
	}
	check(t, "observed.md 10", "POST in place of PUT", func(t *testing.T) {
		require.Equal(t, http.StatusMethodNotAllowed,
			g.ask(t, by, http.MethodPost, manifestPath(dseq), body).status)
	})
	notFound := "500 rpc error: code = NotFound desc = Deployment not found: key not found"
	check(t, "observed.md 10", "a manifest for no deployment", func(t *testing.T) {
		require.Equal(t, notFound, g.ask(t, by, http.MethodPut, manifestPath(99_999_999), body).said())
	})
	stranger := other.withCertificate(t)
	check(t, "observed.md 12", "another tenant's manifest", func(t *testing.T) {
		require.Equal(t, notFound, put(t, stranger, body).said())
	})
	check(t, "observed.md 10", "another tenant's look at the lease", func(t *testing.T) {
		require.Equal(t, saysNothingHere, g.ask(t, stranger, http.MethodGet, statusPath(dseq), nil).said())
		require.Equal(t, saysNothingHere, g.ask(t, other.token(t, nil), http.MethodGet, statusPath(dseq), nil).said())
	})
	check(t, "conformance node/gateway manifest_new_before_update", "the coming manifest before its update",
		func(t *testing.T) { require.Equal(t, saysWrongHash, put(t, by, changed).said()) })
	a.do(t, a.update(dseq, changedHash))
	check(t, "observed.md 10", "after the update: the new one, and the old one no more", func(t *testing.T) {
		eventually(t, "the gateway knows the new hash", func() bool { return put(t, by, changed).said() == saysTaken })
		require.Equal(t, saysWrongHash, put(t, by, body).said())
		eventually(t, "the new manifest deployed", func() bool {
			got := g.ask(t, by, http.MethodGet, fmt.Sprintf("/lease/%d/1/1/manifest", dseq), nil)
			return strings.Contains(got.body, "FOO=baz")
		})
	})
	a.do(t, a.closing(dseq))
	check(t, "observed.md 10", "after close nothing is left", func(t *testing.T) {
		eventually(t, "the lease forgotten", func() bool {
			return g.ask(t, by, http.MethodGet, statusPath(dseq), nil).said() == saysNothingHere
		})
		eventually(t, "the deployment forgotten", func() bool { return put(t, by, changed).said() == saysNoLease })
	})
}

// One deployment without a manifest for a while, asked with tokens.
func TestGatewayLateManifest(t *testing.T) {
	t.Parallel()
	g := gatewayOf(t)
	a := newActor(t)
	body, hash := manifest("bar")
	dseq := a.anybodys(t, hash)
	a.do(t, lease(a.bidOf(t, dseq, g)))
	by := func(t *testing.T) credentials { t.Helper(); return a.token(t, nil) }
	path := func(rest string) string { return fmt.Sprintf("/lease/%d/1/1/%s", dseq, rest) }
	get := func(t *testing.T, path string) answer {
		t.Helper()
		return g.ask(t, by(t), http.MethodGet, path, nil)
	}
	for _, c := range []struct{ fact, what, path, want string }{
		{"observed.md 10", "a state", path("status"), saysNothingHere},
		{
			"conformance node/gateway service_before_manifest", "a service", path("service/web/status"),
			"404 kube: lease not found",
		},
		{"observed.md 10", "the manifest", path("manifest"), "404 lease not found"},
		{
			"conformance node/gateway status_unknown_group", "another group", fmt.Sprintf("/lease/%d/2/1/status", dseq),
			saysNothingHere,
		},
		{"conformance node/gateway unknown_lease_route", "a route that is none", path("nothing"), "404 404 page not found"},
	} {
		check(t, c.fact, "before a manifest: "+c.what, func(t *testing.T) { require.Equal(t, c.want, get(t, c.path).said()) })
	}
	check(t, "observed.md 10", "a sequence that is no number", func(t *testing.T) {
		require.Regexp(t, `^400 strconv\..*"abc": invalid syntax$`, get(t, "/lease/abc/1/1/status").said())
	})
	scoped := func(t *testing.T, scopes ...string) credentials {
		t.Helper()
		return a.token(t, map[string]any{"leases": map[string]any{"access": "granular", "permissions": []any{map[string]any{
			"provider": g.addr, "access": "granular", "deployments": []any{map[string]any{
				"dseq": dseq, "scope": scopes, "services": []string{"other"},
			}},
		}}}})
	}
	check(t, "conformance node/gateway jwt_granular_send_manifest", "the first manifest, by scope", func(t *testing.T) {
		require.Equal(t, saysUnauthorized, g.ask(t, scoped(t, "status"), http.MethodPut, manifestPath(dseq), body).said())
		eventually(t, "the gateway has seen the lease", func() bool {
			return g.ask(t, scoped(t, "send-manifest"), http.MethodPut, manifestPath(dseq), body).said() == saysTaken
		})
	})
	g.ready(t, by(t), dseq)
	check(t, "observed.md 12", "a service's state does not ask whether the token names it", func(t *testing.T) {
		got := g.ask(t, scoped(t, "status"), http.MethodGet, path("service/web/status"), nil)
		require.Equal(t, http.StatusOK, got.status, got.body)
		require.Equal(t, "web", at(t, got.tree(t), "name"))
	})
	check(t, "conformance node/gateway service_unknown", "a service that is not there", func(t *testing.T) {
		require.Equal(t, "404 kube: no service for that lease", get(t, path("service/nothing/status")).said())
	})
	check(t, "conformance node/gateway get_manifest", "the manifest comes back, endpoints null", func(t *testing.T) {
		got := get(t, path("manifest"))
		require.Equal(t, http.StatusOK, got.status)
		wrapped := answer{body: `{"list":` + got.body + `}`}.tree(t)
		service := at(t, wrapped, "list", 0, "services", 0)
		require.Equal(t, "nginx:1.25.3", at(t, service, "image"))
		require.Equal(t, []any{"FOO=bar"}, at(t, service, "env"))
		require.Nil(t, at(t, service, "resources", "endpoints"))
		require.Equal(t, "500", at(t, service, "resources", "cpu", "units", "val"))
	})
	for _, c := range []struct {
		what, path, body string
		status           int
	}{
		{"hostnames: garbage", "/hostname/migrate", "{", http.StatusUnprocessableEntity},
		{"endpoints: garbage", "/endpoint/migrate", "{", http.StatusUnprocessableEntity},
		{
			"hostnames: none", "/hostname/migrate",
			`{"hostnames_to_migrate":[],"destination_dseq":1,"destination_gseq":1}`, http.StatusBadRequest,
		},
		{
			"endpoints: none", "/endpoint/migrate",
			`{"endpoints_to_migrate":[],"destination_dseq":1,"destination_gseq":1}`, http.StatusBadRequest,
		},
	} {
		check(t, "gateway.md 4", "migration of "+c.what, func(t *testing.T) {
			require.Equal(t, c.status, g.ask(t, by(t), http.MethodPost, c.path, []byte(c.body)).status)
		})
	}
	t.Run("streams", func(t *testing.T) { streams(t, g, a, dseq) })
	a.do(t, closeLease(a.leaseOf(t, dseq)))
	check(t, "conformance node/gateway manifest_after_lease_close", "after the lease, with a new order open",
		func(t *testing.T) {
			eventually(t, "the lease forgotten", func() bool {
				return g.ask(t, by(t), http.MethodPut, manifestPath(dseq), body).said() == saysNoLease
			})
			eventually(t, "its state forgotten", func() bool { return get(t, path("status")).said() == saysNothingHere })
		})
	a.do(t, a.closing(dseq))
}

// A manifest whose hash is right but that asks for more than the deployment has.
func TestGatewayCrossCheck(t *testing.T) {
	t.Parallel()
	g := gatewayOf(t)
	a := newActor(t)
	body, hash := manifest("bar")
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq, func(m *creation) {
		m.Hash = hash
		m.Groups = []deploymentv1beta4.GroupSpec{anybodysGroup("dcloud")}
		unit(m).Resource.CPU.Units = quantity(400) // the manifest says 500
	}))
	a.do(t, lease(a.bidOf(t, dseq, g)))
	check(t, "gateway.md 5, sdl.md 8", "is refused though its hash is right", func(t *testing.T) {
		got := g.ask(t, a.token(t, nil), http.MethodPut, manifestPath(dseq), body)
		eventually(t, "the gateway has seen the lease", func() bool {
			got = g.ask(t, a.token(t, nil), http.MethodPut, manifestPath(dseq), body)
			return got.said() != saysNoLease
		})
		require.Equal(t, http.StatusUnprocessableEntity, got.status, got.body)
		require.Contains(t, got.body, "manifest cross-validation error")
	})
	a.do(t, a.closing(dseq))
}
