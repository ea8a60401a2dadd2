// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// refusal is an answer of the authentication layer: a status and {"message": …}.
type refusal struct {
	status  int
	message string
}

var (
	refusalUnauthorized = refusal{http.StatusUnauthorized, "unauthorized access"}
	refusalHeader       = refusal{http.StatusBadRequest, "invalid authorization header"}
	refusalBoth         = refusal{
		http.StatusBadRequest,
		"auth: ambiguous authentication. may not use mTLS and JWT at the same time",
	}
)

func (r refusal) write(w http.ResponseWriter) {
	text, err := json.Marshal(map[string]string{"message": r.message})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentErrorJSON)
	w.WriteHeader(r.status)
	_, _ = w.Write(text) // a client that has gone does not concern the simulator
}

// caller is who sent a request.
type caller struct {
	owner  string
	leases *token.Leases // nil: a client certificate, which covers everything of its owner
}

// authenticate finds out who asks: by client certificate, checked during the handshake, or by token. Without
// either it is [refusalUnauthorized], by that address.
func (p *AkashProvider) authenticate(r *http.Request) (caller, *refusal) {
	header := r.Header.Get("Authorization")
	certificate := r.TLS != nil && len(r.TLS.PeerCertificates) > 0
	words := strings.Fields(header)
	switch {
	case header != "" && (len(words) != 2 || !strings.EqualFold(words[0], "Bearer")):
		return caller{}, &refusalHeader
	case certificate && header != "":
		return caller{}, &refusalBoth
	case certificate:
		return caller{owner: r.TLS.PeerCertificates[0].Subject.CommonName}, nil
	case header == "":
		return caller{}, &refusalUnauthorized
	}
	claims, err := token.Verify(r.Context(), words[1], p.chain.publicKey, p.now())
	switch {
	case err == nil && p.saysExpired():
		return caller{}, &refusal{http.StatusBadRequest, token.ErrClaims.Error()}
	case err == nil:
		return caller{owner: claims.Issuer, leases: &claims.Leases}, nil
	case errors.Is(err, token.ErrClaims):
		p.log.Debug("token refused", "reason", err)
		return caller{}, &refusal{http.StatusBadRequest, token.ErrClaims.Error()}
	default:
		p.log.Debug("token refused", "reason", err)
		return caller{}, &refusal{http.StatusUnauthorized, token.ErrInvalid.Error()}
	}
}

// saysExpired tells whether a fault takes a good token for one past its end.
func (p *AkashProvider) saysExpired() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return take(&p.faults.ExpiredTokens)
}

// mayAsk tells whether the caller may ask this Akash provider for anything.
func (c caller) mayAsk(providerAddr string) bool {
	return c.leases == nil || c.leases.AllowsProvider(providerAddr)
}

func (c caller) mayDo(at place, scope token.Scope, providerAddr string) bool {
	return c.leases == nil || c.leases.Allows(token.Need{
		ProviderAddr: providerAddr, DSeq: at.dseq, GSeq: at.gseq, OSeq: at.oseq, Scope: scope,
	})
}

// place is what a protected request is about. gseq and oseq are 0 where the path has none.
type place struct {
	owner      string
	dseq       uint64
	gseq, oseq uint32
	service    string
}

func (at place) deployment() ids.DeploymentID {
	return ids.DeploymentID{Owner: at.owner, DSeq: at.dseq}
}

func (at place) lease(providerAddr string) ids.LeaseID {
	return ids.LeaseID{Owner: at.owner, DSeq: at.dseq, GSeq: at.gseq, OSeq: at.oseq, ProviderAddr: providerAddr}
}

// readPlace reads the numbers of a path; the error is strconv's, as on the network.
func readPlace(params map[string]string) (place, error) {
	at := place{service: params["service"]}
	var err error
	if at.dseq, err = strconv.ParseUint(params["dseq"], 10, 64); err != nil {
		return place{}, err
	}
	for _, part := range []struct {
		name string
		into *uint32
	}{{"gseq", &at.gseq}, {"oseq", &at.oseq}} {
		text, ok := params[part.name]
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return place{}, err
		}
		*part.into = uint32(n)
	}
	return at, nil
}
