// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSuppliedToken says that a token somebody handed over is no token of an account, or is over.
var ErrSuppliedToken = errors.New("supplied token")

// SuppliedToken is a token made by somebody else, usually the account that granted the use of its deployments. It never
// prints.
type SuppliedToken struct {
	token     string
	owner     string
	expiresAt time.Time
	clock     func() time.Time
}

var _ Authorizer = (*SuppliedToken)(nil)

// NewSuppliedToken reads a token. Its signature is the gateways' to check. A nil clock is [time.Now]; an end that has
// passed is an error when the token is used, not here.
func NewSuppliedToken(token string, clock func() time.Time) (*SuppliedToken, error) {
	token = strings.TrimPrefix(strings.TrimSpace(token), "Bearer ")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%w: it has %d parts between dots; a JWT has 3", ErrSuppliedToken, len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("%w: its second part is not base64url", ErrSuppliedToken)
	}
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil || c.Issuer == "" || c.ExpiresAt == 0 {
		return nil, fmt.Errorf("%w: its second part does not tell iss and exp", ErrSuppliedToken)
	}
	if clock == nil {
		clock = time.Now
	}
	return &SuppliedToken{token: token, owner: c.Issuer, expiresAt: time.Unix(c.ExpiresAt, 0).UTC(), clock: clock}, nil
}

// Owner is the account that the token says it is from.
func (s *SuppliedToken) Owner() string { return s.owner }

// String hides the token.
func (s *SuppliedToken) String() string { return "token of " + s.owner }

// GoString hides the token.
func (s *SuppliedToken) GoString() string { return "gateway.SuppliedToken(" + s.owner + ")" }

// Token gives the token whichever Akash provider is called, or an [ErrUnauthorized] when it is over or was refused:
// nobody here can make another.
func (s *SuppliedToken) Token(_ string, renew bool) (string, error) {
	if !s.clock().Before(s.expiresAt) {
		return "", fmt.Errorf("%w: %w: it ended at %s; ask %s for a new one",
			ErrUnauthorized, ErrSuppliedToken, s.expiresAt.Format(time.RFC3339), s.owner)
	}
	if renew {
		return "", fmt.Errorf("%w: %w: the gateway did not take it (signed by another key, not valid yet, or the account "+
			"%s never sent a transaction); ask for a new one", ErrUnauthorized, ErrSuppliedToken, s.owner)
	}
	return s.token, nil
}
