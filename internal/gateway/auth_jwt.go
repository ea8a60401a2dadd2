// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// Authorizer makes bearer tokens. Implementations are safe for concurrent use.
type Authorizer interface {
	// Token returns a token for the Authorization header of a call to an Akash
	// provider. With renew it must be a newly made one: the last was refused.
	Token(providerAddr string, renew bool) (string, error)
}

const (
	// tokenLife is the lifetime the network's reference client uses.
	tokenLife = 15 * time.Minute
	// tokenBackdate makes up for a gateway whose clock is behind: it allows no
	// leeway at all.
	tokenBackdate = 30 * time.Second
	// tokenReserve is how much life a cached token must have left, more than the
	// longest call takes.
	tokenReserve = 3 * time.Minute
	// tokenVersion is the only version of the claims.
	tokenVersion = "v1"
)

// jwtHeader is the fixed header of every token: ES256K is secp256k1 over SHA-256.
var jwtHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256K","typ":"JWT"}`))

// claims are in the order of the reference client. Source: AEP-64,
// chain-sdk specs/jwt-schema.json.
type claims struct {
	Issuer    string `json:"iss"`
	ExpiresAt int64  `json:"exp"`
	NotBefore int64  `json:"nbf"`
	IssuedAt  int64  `json:"iat"`
	Version   string `json:"version"`
	Leases    Grant  `json:"leases"`
}

// NewJWT makes tokens signed by the account key itself, with full access for 15
// minutes to the account's leases with the one Akash provider that a token is
// for: whoever gets it cannot use it with another. A token is used until it is
// close to its end. A nil clock is [time.Now].
//
// Akash providers read the public key from the chain: an account that has not
// sent a transaction yet is refused with [ErrUnauthorized].
func NewJWT(key keys.Key, clock func() time.Time) Authorizer {
	if clock == nil {
		clock = time.Now
	}
	return &jwt{key: key, clock: clock, made: map[string]madeToken{}}
}

type jwt struct {
	key   keys.Key
	clock func() time.Time

	mu   sync.Mutex
	made map[string]madeToken // by Akash provider
}

type madeToken struct {
	token     string
	expiresAt time.Time
}

func (j *jwt) Token(providerAddr string, renew bool) (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.clock()
	if last, made := j.made[providerAddr]; made && !renew && now.Add(tokenReserve).Before(last.expiresAt) {
		return last.token, nil
	}
	only := Grant{Access: AccessGranular, Permissions: []Permission{{ProviderAddr: providerAddr, Access: AccessFull}}}
	token, err := GrantToken(j.key, only, now, now.Add(tokenLife))
	if err != nil {
		return "", err
	}
	j.made[providerAddr] = madeToken{token: token, expiresAt: now.Add(tokenLife)}
	return token, nil
}

func signToken(key keys.Key, c claims) (string, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("token claims: %w", err)
	}
	input := jwtHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	signature, err := key.Sign([]byte(input))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
