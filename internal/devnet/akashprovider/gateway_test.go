// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// tenantOf is account 1 with a published certificate, known to the chain.
func tenantOf(t *testing.T, w *world) account {
	t.Helper()
	tenant := newAccount(t, 1).withCertificate(t, w.clock.Now(), nil)
	w.chain.know(tenant)
	w.chain.publishAccount(tenant)
	return tenant
}

// call sends one request with the tenant's certificate.
func call(t *testing.T, w *world, who account, method, path string, body []byte) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.HostURI()+path, bytes.NewReader(body))
	require.NoError(t, err)
	got := do(t, req, who.certificate)
	return got.status, got.text()
}

// leasedWith brings a group with its manifest to a running lease.
func leasedWith(
	t *testing.T, w *world, who account, dseq uint64, body []byte, spec deploymentv1beta4.GroupSpec,
) marketv1.OrderID {
	t.Helper()
	m, err := manifest.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	hash, err := m.Hash()
	require.NoError(t, err)
	id := firstOrder(who.address, dseq)
	before := len(bids(w))
	w.chain.order(id, hash, spec)
	w.settle(t, 1)
	eventually(t, "a bid", func() bool { return len(bids(w)) > before })
	w.chain.lease(id, w.Address())
	w.settle(t, 1)
	return id
}

func TestGateway_serverCertificate(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	block, _ := pem.Decode(w.identity.CertPEM)
	require.Equal(t, "CERTIFICATE", block.Type)
	stored, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	require.Equal(t, w.Address(), stored.Subject.CommonName)
	require.Equal(t, w.Address(), stored.Issuer.CommonName)
	require.Equal(t, w.identity.Serial, stored.SerialNumber.String())
	require.False(t, stored.IsCA)
	key, _ := pem.Decode(w.identity.PubKeyPEM)
	require.Equal(t, "EC PUBLIC KEY", key.Type)
	public, err := x509.ParsePKIXPublicKey(key.Bytes)
	require.NoError(t, err)
	require.Equal(t, stored.PublicKey, public)

	// The network's clients check the leaf against the certificate on chain as the only root.
	config := &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true} // verified below
	conn, err := tls.Dial("tcp", strings.TrimPrefix(w.HostURI(), "https://"), config)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	state := conn.ConnectionState()
	require.Len(t, state.PeerCertificates, 1)
	roots := x509.NewCertPool()
	roots.AddCert(stored)
	_, err = state.PeerCertificates[0].Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: w.clock.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	require.NoError(t, err)

	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	_, err = tls.Dial("tcp", strings.TrimPrefix(w.HostURI(), "https://"), config)
	require.ErrorContains(t, err, "protocol version")
}

func TestGateway_clientCertificates(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	now := w.clock.Now()
	plain := newAccount(t, 1)
	good := plain.withCertificate(t, now, nil)
	w.chain.publishAccount(good)
	expired := plain.withCertificate(t, now.Add(time.Minute), func(c *x509.Certificate) {
		c.NotAfter = now.Add(-time.Second)
	})
	w.chain.publishAccount(expired)
	server := plain.withCertificate(t, now.Add(2*time.Minute), func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})
	w.chain.publishAccount(server)
	foreign := plain.withCertificate(t, now.Add(3*time.Minute), func(c *x509.Certificate) {
		c.Subject.CommonName = "example.com"
	})
	w.chain.publishAccount(foreign)
	for _, c := range []struct {
		name string
		who  account
		ok   bool
	}{
		{"on chain", good, true},
		{"same serial, other key", plain.withCertificate(t, now, nil), false},
		{"not on chain", plain.withCertificate(t, now.Add(time.Hour), nil), false},
		{"expired", expired, false},
		{"not for clients", server, false},
		{"not an account", foreign, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+"/lease/1/1/1/status", nil)
			require.NoError(t, err)
			transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{
				InsecureSkipVerify: true, // the server is not the subject here
				Certificates:       []tls.Certificate{*c.who.certificate},
			}}
			res, err := (&http.Client{Transport: transport}).Do(req)
			if !c.ok {
				require.ErrorContains(t, err, "tls: ")
				return
			}
			require.NoError(t, err)
			require.Equal(t, http.StatusNotFound, res.StatusCode)
			require.NoError(t, res.Body.Close())
		})
	}
}

func TestGateway_badRequests(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	for _, c := range []struct {
		path, want string
		status     int
	}{
		{"/lease/abc/1/1/status", `strconv.ParseUint: parsing "abc": invalid syntax`, http.StatusBadRequest},
		{
			"/lease/1/4294967296/1/status", `strconv.ParseUint: parsing "4294967296": value out of range`,
			http.StatusBadRequest,
		},
		{"/lease/x/y/z/status", `strconv.ParseUint: parsing "x": invalid syntax`, http.StatusBadRequest},
		{"/lease/1/y/z/status", `strconv.ParseUint: parsing "y": invalid syntax`, http.StatusBadRequest},
		{"/lease/1/1/-1/status", `strconv.ParseUint: parsing "-1": invalid syntax`, http.StatusBadRequest},
		{"/lease/0/0/0/status", "", http.StatusNotFound},
		{"/lease/1/1/1/manifest", "lease not found", http.StatusNotFound},
		{"/lease/1/1/1/manifest/", "404 page not found", http.StatusNotFound},
		{"/lease/1/1/status", "404 page not found", http.StatusNotFound},
		{"/", "404 page not found", http.StatusNotFound},
	} {
		status, text := call(t, w, tenant, http.MethodGet, c.path, nil)
		require.Equal(t, c.status, status, c.path)
		require.Equal(t, c.want, text, c.path)
	}
	for path, want := range map[string]int{
		"/status": http.StatusMethodNotAllowed, "/lease/1/1/1/status": http.StatusMethodNotAllowed,
		"/deployment/x/manifest": http.StatusMethodNotAllowed, "/lease/1/1/1/nothing": http.StatusNotFound,
	} {
		status, _ := call(t, w, tenant, http.MethodDelete, path, nil)
		require.Equal(t, want, status, path)
	}
	require.Equal(t, "/lease/1/1/1/service/status", redirected(t, w, "/lease//1/1/./1/service//status"))
	for _, body := range []string{`[{"name":1}]`, "x", "[", ""} {
		status, _ := call(t, w, tenant, http.MethodPut, "/deployment/7/manifest", []byte(body))
		require.Equal(t, http.StatusUnprocessableEntity, status, "refused before the deployment is looked for")
	}
	status, text := call(t, w, tenant, http.MethodPut, "/deployment/7/manifest", []byte("[]"))
	require.Equal(t, http.StatusInternalServerError, status, "what can be read is judged with its deployment")
	require.Equal(t, "rpc error: code = NotFound desc = Deployment not found: key not found", text)
	for _, header := range []string{"Basic dXNlcg==", "Bearer ", "x"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+"/lease/1/1/1/status", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", header)
		got := do(t, req, nil)
		require.Equal(t, http.StatusBadRequest, got.status, header)
		require.JSONEq(t, `{"message":"invalid authorization header"}`, got.text())
	}
}

// redirected is where a path is sent to.
func redirected(t *testing.T, w *world, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+path, nil)
	require.NoError(t, err)
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{
		InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, // the server is not the subject here
	}}
	res, err := transport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusMovedPermanently, res.StatusCode)
	return res.Header.Get("Location")
}

func TestGateway_faults(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	body, _ := webManifest(t, firstEnv)
	id := leasedWith(t, w, tenant, 1, body, webGroup())
	put := func() (int, string) { return call(t, w, tenant, http.MethodPut, "/deployment/1/manifest", body) }

	w.SetFaults(akashprovider.Faults{RefuseManifests: 1, HideLeases: 1})
	status, text := put()
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, "manifest rejected", text)
	status, text = put()
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "no lease for deployment", text)
	_, deployed := w.Deployed(leaseOf(id, w.Address()))
	require.False(t, deployed)
	require.Zero(t, w.ManifestsAccepted())
	w.settle(t, 1)
	eventually(t, "the kept manifest deployed", func() bool {
		_, deployed = w.Deployed(leaseOf(id, w.Address()))
		return deployed
	})
	status, _ = put()
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 1, w.ManifestsAccepted())

	w.SetFaults(akashprovider.Faults{NeverReady: true})
	w.settle(t, 5)
	_, text = call(t, w, tenant, http.MethodGet, "/lease/1/1/1/service/web/status", nil)
	require.Contains(t, text, `"available":0,"total":1,`)

	w.SetFaults(akashprovider.Faults{GatewayDown: true})
	status, _ = put()
	require.Equal(t, http.StatusServiceUnavailable, status)
	status, _ = call(t, w, tenant, http.MethodGet, "/address", nil)
	require.Equal(t, http.StatusServiceUnavailable, status)
}

func TestGateway_statusPhases(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.ReadyDelayBlocks = 1 })
	tenant := tenantOf(t, w)
	body, _ := webManifest(t, firstEnv)
	leasedWith(t, w, tenant, 1, body, webGroup())
	phase := func() string {
		_, text := call(t, w, tenant, http.MethodGet, "/lease/1/1/1/service/web/status", nil)
		var s struct{ Available, Total, Updated int }
		require.NoError(t, json.Unmarshal([]byte(strings.Replace(text, "updated_replicas", "updated", 1)), &s))
		return fmt.Sprintf("%d of %d, %d new", s.Available, s.Total, s.Updated)
	}
	status, _ := call(t, w, tenant, http.MethodPut, "/deployment/1/manifest", body)
	require.Equal(t, http.StatusOK, status)
	var seen []string
	seen = append(seen, phase())
	for range 2 {
		w.settle(t, 1)
		seen = append(seen, phase())
	}
	updated, hash := webManifest(t, updatedEnv)
	w.chain.do(func() {
		for _, d := range w.chain.deployments {
			d.Deployment.Hash = hash
		}
	})
	status, _ = call(t, w, tenant, http.MethodPut, "/deployment/1/manifest", updated)
	require.Equal(t, http.StatusOK, status)
	seen = append(seen, phase())
	for range 2 {
		w.settle(t, 1)
		seen = append(seen, phase())
	}
	require.Equal(t, []string{
		"0 of 0, 0 new", "0 of 1, 0 new", "1 of 1, 1 new", "1 of 1, 0 new", "1 of 1, 0 new", "1 of 1, 1 new",
	}, seen)
	services, ok := w.Deployed(leaseOf(firstOrder(tenant.address, 1), w.Address()))
	require.True(t, ok)
	require.Equal(t, []string{updatedEnv}, services[0].Env)
}

func TestDefaultSpecs(t *testing.T) {
	t.Parallel()
	specs := akashprovider.DefaultSpecs()
	require.Len(t, specs, 3)
	prices := map[string]bool{}
	for _, spec := range specs {
		chain := newFakeChain(t)
		w := startOn(t, chain, newClock(), spec)
		w.settle(t, 1)
		chain.order(firstOrder(newAccount(t, 1).address, 1), []byte("h"), webGroup())
		w.settle(t, 2)
		eventually(t, spec.Name+" bids on a small web server", func() bool { return len(bids(w)) == 1 })
		prices[bids(w)[0].Price.String()] = true
	}
	require.Len(t, prices, 3, "three different prices")
}
