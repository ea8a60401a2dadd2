// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/attest"
	"github.com/akash-iac/terraform-provider-akash/internal/attest/keyserver"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/snp"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// fastClock passes as much time as is waited for.
type fastClock struct{ now time.Time }

func (c *fastClock) Now() time.Time { return c.now }

func (c *fastClock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}

// machines answers as a gateway for confidential machines.
type machines struct {
	Gateway
	answer func(ask gateway.QuoteRequest) (gateway.Quote, error)
	nonces map[[64]byte]bool
}

func (m *machines) AttestationQuote(
	_ context.Context, _ ids.LeaseID, ask gateway.QuoteRequest,
) (gateway.Quote, error) {
	m.nonces[ask.Nonce] = true
	return m.answer(ask)
}

// attestHouse is a chip, its vendor's key server, and who asks.
type attestHouse struct {
	deployer *Deployer
	clock    *fastClock
	vendor   *snp.Vendor
	chip     *snp.Chip
	proofs   *proofs
	machines *machines
}

func newAttestHouse(t *testing.T) *attestHouse {
	t.Helper()
	h := &attestHouse{clock: &fastClock{now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}}
	var err error
	h.vendor, err = snp.NewVendor(h.clock.Now)
	require.NoError(t, err)
	h.chip, err = h.vendor.NewChip(7)
	require.NoError(t, err)
	roots, err := attest.ReadRoots(h.vendor.RootsPEM())
	require.NoError(t, err)
	server := httptest.NewServer(h.vendor)
	t.Cleanup(server.Close)
	h.deployer = &Deployer{Config: Config{Clock: h.clock, Logger: hclog.NewNullLogger()}}
	h.machines = &machines{nonces: map[[64]byte]bool{}, answer: h.quote}
	h.proofs = &proofs{
		client: h.machines, policy: Attestation{Required: true, Roots: roots, KeyServer: server.URL},
		fetched: map[string][]byte{},
	}
	return h
}

func (h *attestHouse) quote(ask gateway.QuoteRequest) (gateway.Quote, error) {
	report, err := h.chip.Report(snp.Guest{Data: ask.Nonce, ID: [32]byte{byte(ask.Pod)}})
	return gateway.Quote{Platform: attest.SNP, Report: report}, err
}

// TestProve asks three machines: each with a nonce of its own, the key server once.
func TestProve(t *testing.T) {
	t.Parallel()
	h := newAttestHouse(t)
	for pod := range 3 {
		proof, err := h.deployer.prove(t.Context(), h.proofs, "web", pod)
		require.NoError(t, err)
		require.Equal(t, AttestedService{
			Platform: "snp", Measurements: []string{strings.Repeat("0", 96)}, RevocationChecked: true,
		}, proof)
	}
	require.Len(t, h.machines.nonces, 3)
	require.Len(t, h.proofs.fetched, 2)
	_, err := h.deployer.prove(t.Context(), h.proofs, "db", 1)
	require.ErrorIs(t, err, errSameMachine, "one machine is not another service's as well")

	// What comes with the report saves the question, and without a server nothing is known of revocation.
	h.proofs.policy.KeyServer = ""
	_, err = h.deployer.prove(t.Context(), h.proofs, "web", 7)
	require.ErrorIs(t, err, attest.ErrChain)
	require.ErrorContains(t, err, "key_server_url is empty")
	h.machines.answer = func(ask gateway.QuoteRequest) (gateway.Quote, error) {
		quote, err := h.quote(ask)
		quote.CertChain = h.chip.CertificatePEM()
		return quote, err
	}
	proof, err := h.deployer.prove(t.Context(), h.proofs, "web", 7)
	require.NoError(t, err)
	require.False(t, proof.RevocationChecked)
}

func TestProve_patience(t *testing.T) {
	t.Parallel()
	h := newAttestHouse(t)
	refusals := 3
	h.machines.answer = func(ask gateway.QuoteRequest) (gateway.Quote, error) {
		if refusals--; refusals >= 0 {
			return gateway.Quote{}, gateway.ErrUnavailable
		}
		return h.quote(ask)
	}
	_, err := h.deployer.prove(t.Context(), h.proofs, "web", 0)
	require.NoError(t, err)
	refusals = 1_000_000
	before := h.clock.now
	_, err = h.deployer.prove(t.Context(), h.proofs, "web", 1)
	require.ErrorIs(t, err, gateway.ErrUnavailable)
	require.InDelta(t, noticeTime, h.clock.now.Sub(before), float64(5*time.Second))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = h.deployer.prove(ended, h.proofs, "web", 1)
	require.Error(t, err)
}

// TestProve_failures has one thing wrong at a time, and reads the advice that each gets.
func TestProve_failures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wrong func(h *attestHouse)
		want  error
		next  string
		tells bool // that secrets are to be counted as known
	}{
		"platform": {
			func(h *attestHouse) {
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) {
					return gateway.Quote{Platform: "tdx", Report: []byte{1}}, nil
				}
			}, attest.ErrUnsupported, "this version unable to tell", true,
		},
		"no route": {
			func(h *attestHouse) {
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) {
					return gateway.Quote{}, gateway.ErrNoAttestation
				}
			}, gateway.ErrNoAttestation, "attestation.required = false", true,
		},
		"credentials": {
			func(h *attestHouse) {
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) {
					return gateway.Quote{}, gateway.ErrUnauthorized
				}
			}, gateway.ErrUnauthorized, "scope attestation", false,
		},
		"never there": {
			func(h *attestHouse) {
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) {
					return gateway.Quote{}, gateway.ErrUnavailable
				}
			}, gateway.ErrUnavailable, "did not answer", true,
		},
		"not a report": {
			func(h *attestHouse) {
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) {
					return gateway.Quote{Platform: "snp", Report: []byte("MOCK")}, nil
				}
			}, attest.ErrMalformed, "bid_policy.deny", true,
		},
		"replayed": {
			func(h *attestHouse) {
				old, err := h.quote(gateway.QuoteRequest{Nonce: [64]byte{1}})
				h.machines.answer = func(gateway.QuoteRequest) (gateway.Quote, error) { return old, err }
			}, attest.ErrNonce, "bid_policy.deny", true,
		},
		"rubbish chain": {
			func(h *attestHouse) {
				h.machines.answer = func(ask gateway.QuoteRequest) (gateway.Quote, error) {
					quote, err := h.quote(ask)
					quote.CertChain = []byte("rubbish")
					return quote, err
				}
			}, attest.ErrMalformed, "bid_policy.deny", true,
		},
		"measurement": {
			func(h *attestHouse) { h.proofs.policy.Measurements = [][]byte{make([]byte, 47)} },
			attest.ErrMeasurement, "add its measurement", true,
		},
		"unknown chip": {
			func(h *attestHouse) {
				other := *h.chip
				other.ID[0]++
				h.chip = &other
			}, keyserver.ErrNotFound, "key server did not help", false,
		},
		"key server down": {
			func(h *attestHouse) { h.proofs.policy.KeyServer = "http://127.0.0.1:1" },
			keyserver.ErrUnavailable, "set attestation.key_server_url", false,
		},
		"revoked": {
			func(h *attestHouse) { h.vendor.Revoked = []*x509.Certificate{h.vendor.Signing()} },
			attest.ErrRevoked, "bid_policy.deny", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newAttestHouse(t)
			c.wrong(h)
			_, err := h.deployer.prove(t.Context(), h.proofs, "web", 0)
			require.ErrorIs(t, err, c.want)
			f := &Failure{}
			h.deployer.explain(f, &leaseRun{}, &unattestedError{service: "web", cause: err})
			require.Equal(t, "Attestation failed", f.Title)
			require.Contains(t, f.Next, c.next)
			require.Equal(t, c.tells, strings.Contains(f.Next, "count its secrets as known"))
		})
	}
	f := &Failure{}
	new(Deployer).explain(f, &leaseRun{}, &unattestedError{cause: context.DeadlineExceeded})
	require.Contains(t, f.Next, "timeouts.create")
	second := &unattestedError{service: "web", replica: 1, cause: errors.New("no")}
	require.ErrorContains(t, second, "replica 1 of service web")
}

func TestCheckAttestation(t *testing.T) {
	t.Parallel()
	const manifest = `[{"name":"other","services":[{"name":"x","count":1}]},{"name":"dcloud","services":[
 {"name":"web","count":2,"params":{"storage":null,"tee":{"type":"cpu","attestation":true}}},
 {"name":"ai","count":1,"params":{"storage":null,"tee":{"type":"cpu-gpu","attestation":true}}},
 {"name":"plain","count":1}]},{"name":"good","services":[
 {"name":"web","count":2,"params":{"tee":{"type":"cpu"}}},{"name":"plain","count":1,"params":{}}]}]`
	check := func(group string, replicas map[string]int64) string {
		return errors.Join(append(CheckAttestation([]byte(manifest), group, WaitFor{Replicas: replicas}), nil)...).Error()
	}
	require.Empty(t, CheckAttestation([]byte(manifest), "good", WaitFor{Replicas: map[string]int64{"web": 2, "plain": 0}}))
	require.Contains(t, check("other", nil), `no service of group "other" has params.tee`)
	require.Contains(t, check("none", nil), `no group "none"`)
	require.Contains(t, check("good", map[string]int64{"web": 1}), `wants 1 of service "web", which has 2`)
	require.Contains(t, check("dcloud", nil), `service "ai" has params.tee "cpu-gpu"`)
	require.NotContains(t, check("dcloud", nil), `"web"`)
	require.Len(t, CheckAttestation([]byte("secret"), "good", WaitFor{}), 1)
	require.NotContains(t, CheckAttestation([]byte("secret"), "good", WaitFor{})[0].Error(), "secret")
}
