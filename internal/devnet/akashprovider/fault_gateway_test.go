// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// address asks the gateway for its address, without credentials and over a connection of its own.
func address(t *testing.T, w *world) (int, error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}, // who answers is no matter
	}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+"/address", nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { require.NoError(t, res.Body.Close()) }()
	return res.StatusCode, nil
}

func getStatus(t *testing.T, w *world) error {
	t.Helper()
	_, err := providerv1.NewProviderRPCClient(dialGRPC(t, w, nil)).GetStatus(t.Context(), &emptypb.Empty{})
	return err
}

// dialTLS connects to one of the gateway's listeners.
func dialTLS(t *testing.T, addr string) *tls.Conn {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13, NextProtos: []string{"h2", "http/1.1"}}
	conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	secure, ok := conn.(*tls.Conn)
	require.True(t, ok)
	return secure
}

// requireCut waits for the other side to end a connection, politely or not.
func requireCut(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	_, err := conn.Read(make([]byte, 1))
	require.Error(t, err)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
}

// shown is the certificate that the gateway shows on one of its listeners.
func shown(t *testing.T, addr string) *x509.Certificate {
	t.Helper()
	return dialTLS(t, addr).ConnectionState().PeerCertificates[0]
}

func restAddr(w *world) string { return strings.TrimPrefix(w.HostURI(), "https://") }

func TestFault_dead(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := bidden(t, w, 1, nil)
	w.chain.lease(id, w.Address())
	w.settle(t, 1)
	require.True(t, w.Alive())
	open := dialTLS(t, restAddr(w))

	w.SetFaults(akashprovider.Faults{Dead: true, CloseLeases: true})
	require.False(t, w.Alive())
	requireCut(t, open)
	_, err := address(t, w)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	err = getStatus(t, w)
	require.Equal(t, codes.Unavailable, status.Code(err))
	require.ErrorContains(t, err, "connection refused")
	w.chain.order(firstOrder(newAccount(t, 1).address, 2), nil, webGroup())
	w.settle(t, 4)
	require.Len(t, bids(w), 1, "the dead do not bid")
	require.Empty(t, closes(w), "nor do they close leases")
	require.Len(t, w.Decisions(), 1, "nor do they decide")

	w.EditFaults(func(f *akashprovider.Faults) { f.Dead = false })
	eventually(t, "life", w.Alive)
	code, err := address(t, w)
	require.NoError(t, err, "on the same port")
	require.Equal(t, http.StatusOK, code)
	require.NoError(t, getStatus(t, w))
	w.settle(t, 1)
	eventually(t, "the lease closed", func() bool { return len(closes(w)) == 1 })
	w.settle(t, 1)
	eventually(t, "a bid on the order that came meanwhile", func() bool { return len(bids(w)) == 2 })
}

func TestFault_deadFromTheStart(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.Faults.Dead = true })
	require.False(t, w.Alive())
	_, err := address(t, w)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.NoError(t, w.Close(), "a dead one closes like any other")
}

func TestFault_slowGateway(t *testing.T) {
	t.Parallel()
	const delay = 200 * time.Millisecond
	w := start(t, nil)
	w.SetFaults(akashprovider.Faults{Delay: delay})
	begun := time.Now()
	_, err := address(t, w)
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(begun), delay)
	begun = time.Now()
	require.NoError(t, getStatus(t, w))
	require.GreaterOrEqual(t, time.Since(begun), delay)
}

func TestFault_resetGateway(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	twice, err := odds.Parse("2")
	require.NoError(t, err)
	w.SetFaults(akashprovider.Faults{Reset: odds.NewDice(twice, 1, "")})
	_, err = address(t, w)
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.Equal(t, codes.Unavailable, status.Code(getStatus(t, w)))
	code, err := address(t, w)
	require.NoError(t, err, "twice and no more")
	require.Equal(t, http.StatusOK, code)
	require.NoError(t, getStatus(t, w))
}

func TestFault_expiredTokens(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	ask := func(alg string) (int, string, string) {
		now := w.clock.Now().Unix()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.HostURI()+"/lease/1/1/1/status", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+bearer(t, tenant, alg, map[string]any{
			"iss": tenant.address, "iat": now, "nbf": now, "exp": now + 60, "version": "v1",
			"leases": map[string]string{"access": "full"},
		}))
		got := do(t, req, nil)
		return got.status, got.contentType, got.text()
	}
	w.SetFaults(akashprovider.Faults{ExpiredTokens: 2})
	for _, alg := range []string{"ES256K", "ES256KADR36"} {
		code, content, text := ask(alg)
		require.Equal(t, http.StatusBadRequest, code, "as observed: 400, not 401")
		require.Equal(t, "application/json", content)
		require.JSONEq(t, `{"message":"JWT has invalid claims"}`, text)
	}
	code, _, _ := ask("ES256K")
	require.Equal(t, http.StatusNotFound, code, "no lease, but the token is good")
	require.Zero(t, w.Faults().ExpiredTokens)

	w.SetFaults(akashprovider.Faults{ExpiredTokens: -1})
	code, _ = call(t, w, tenant, http.MethodGet, "/lease/1/1/1/status", nil)
	require.Equal(t, http.StatusNotFound, code, "certificates do not expire")
	for range 3 {
		code, _, _ = ask("ES256K")
		require.Equal(t, http.StatusBadRequest, code)
	}
}

// published is what the chain knows of a certificate: "valid", "revoked" or "".
func published(w *world, c *x509.Certificate) (state string) {
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	w.chain.do(func() {
		for _, owner := range w.chain.certs {
			for _, known := range owner {
				if bytes.Equal(known.Certificate.Cert, block) {
					state = known.Certificate.State.String()
				}
			}
		}
	})
	return state
}

func TestFault_certificates(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	own := shown(t, restAddr(w))
	require.Equal(t, "valid", published(w, own))

	unknown, err := akashprovider.NewIdentity(w.Address(), "127.0.0.1", w.clock.Now().Add(time.Second))
	require.NoError(t, err)
	other := newAccount(t, 9).address
	foreign, err := akashprovider.NewIdentity(other, "127.0.0.1", w.clock.Now())
	require.NoError(t, err)
	w.chain.do(func() { w.chain.publish(other, foreign.CertPEM, foreign.PubKeyPEM) })
	for _, c := range []struct {
		shows           *akashprovider.Identity
		name, published string
	}{{&unknown, w.Address(), ""}, {&foreign, other, "valid"}, {nil, w.Address(), "valid"}} {
		open := dialTLS(t, restAddr(w))
		w.SetFaults(akashprovider.Faults{Certificate: c.shows})
		requireCut(t, open) // nobody goes on under another certificate
		for _, addr := range []string{restAddr(w), w.GRPCAddr()} {
			got := shown(t, addr)
			require.Equal(t, c.name, got.Subject.CommonName)
			require.Equal(t, c.published, published(w, got))
			require.NoError(t, got.VerifyHostname("127.0.0.1"))
		}
	}
	require.Equal(t, own.Raw, shown(t, restAddr(w)).Raw)
}

func TestFault_rotatedCertificate(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	old := shown(t, restAddr(w))
	require.NoError(t, w.RotateCertificate(t.Context(), w.clock.Now().Add(time.Second)))
	fresh := shown(t, restAddr(w))
	require.NotEqual(t, old.SerialNumber, fresh.SerialNumber)
	require.Equal(t, fresh.Raw, shown(t, w.GRPCAddr()).Raw)
	require.Equal(t, w.Address(), fresh.Subject.CommonName)
	require.Equal(t, w.Identity().Serial, fresh.SerialNumber.String())
	require.Equal(t, "valid", published(w, fresh))
	revoked := sent[*certv1.MsgRevokeCertificate](w.chain)
	require.Len(t, revoked, 1)
	require.Equal(t, certv1.ID{Owner: w.Address(), Serial: old.SerialNumber.String()}, revoked[0].ID)
}
