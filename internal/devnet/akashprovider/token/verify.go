// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
)

// The two ways in which a token fails. The network answers the first with 401 and the second with 400.
var (
	// ErrInvalid: unreadable, unknown algorithm, unknown issuer or wrong signature.
	ErrInvalid = errors.New("JWT is invalid")
	// ErrClaims: well signed, but expired, not yet valid, or against the schema.
	ErrClaims = errors.New("JWT has invalid claims")
)

const (
	algES256K      = "ES256K"
	algES256KADR36 = "ES256KADR36"
)

// KeyOf finds the public key of an account: 33 bytes, compressed secp256k1.
type KeyOf func(ctx context.Context, owner string) ([]byte, error)

// Verify checks the signature of a compact token with the issuer's account key, and its claims at now,
// without leeway; iat may lie in the future. Errors wrap [ErrInvalid] or [ErrClaims] and never quote the token.
func Verify(ctx context.Context, text string, keyOf KeyOf, now time.Time) (Claims, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Claims{}, fmt.Errorf("%w: not three segments", ErrInvalid)
	}
	alg, err := readHeader(parts[0])
	if err != nil {
		return Claims{}, err
	}
	payload, err := segment(parts[1])
	if err != nil {
		return Claims{}, err
	}
	signature, err := segment(parts[2])
	if err != nil {
		return Claims{}, err
	}
	var body payloadJSON
	if err := json.Unmarshal(payload, &body); err != nil {
		return Claims{}, fmt.Errorf("%w: claims are not readable", ErrInvalid)
	}
	if body.Issuer == "" {
		return Claims{}, fmt.Errorf("%w: no issuer", ErrInvalid)
	}
	key, err := keyOf(ctx, body.Issuer)
	if err != nil {
		return Claims{}, fmt.Errorf("%w: key of issuer: %w", ErrInvalid, err)
	}
	signed := []byte(parts[0] + "." + parts[1])
	if alg == algES256KADR36 {
		signed = adr36Document(body.Issuer, signed)
	}
	pub := secp256k1.PubKey{Key: key}
	if len(key) != secp256k1.PubKeySize || !pub.VerifySignature(signed, signature) {
		return Claims{}, fmt.Errorf("%w: wrong signature", ErrInvalid)
	}
	return readClaims(payload, now)
}

func segment(text string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: segment is not base64url", ErrInvalid)
	}
	return raw, nil
}

func readHeader(text string) (alg string, err error) {
	raw, err := segment(text)
	if err != nil {
		return "", err
	}
	var header struct {
		Alg string `json:"alg"`
	}
	if err := json.Unmarshal(raw, &header); err != nil {
		return "", fmt.Errorf("%w: header is not readable", ErrInvalid)
	}
	if header.Alg != algES256K && header.Alg != algES256KADR36 {
		return "", fmt.Errorf("%w: unknown algorithm", ErrInvalid)
	}
	return header.Alg, nil
}

// adr36Document is the text a wallet signs in place of the token: an amino JSON transaction without
// chain, account, sequence and fee, its keys sorted.
func adr36Document(signer string, data []byte) []byte {
	return []byte(`{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[` +
		`{"type":"sign/MsgSignData","value":{"data":"` + base64.StdEncoding.EncodeToString(data) +
		`","signer":"` + signer + `"}}],"sequence":"0"}`)
}

// payloadJSON is the shape of the claims. A value of another type makes the token unreadable; an unknown
// key or a missing one is a fault of the claims.
type payloadJSON struct {
	Issuer    string      `json:"iss"`
	IssuedAt  json.Number `json:"iat"`
	NotBefore json.Number `json:"nbf"`
	ExpiresAt json.Number `json:"exp"`
	ID        *string     `json:"jti"`
	Version   string      `json:"version"`
	Leases    Leases      `json:"leases"`
}

func readClaims(payload []byte, now time.Time) (Claims, error) {
	strict := json.NewDecoder(bytes.NewReader(payload))
	strict.DisallowUnknownFields()
	var body payloadJSON
	if err := strict.Decode(&body); err != nil {
		return Claims{}, fmt.Errorf("%w: unknown claim", ErrClaims)
	}
	if !addressShape.MatchString(body.Issuer) {
		return Claims{}, fmt.Errorf("%w: malformed issuer", ErrClaims)
	}
	if body.Version != "v1" {
		return Claims{}, fmt.Errorf("%w: version is not v1", ErrClaims)
	}
	if body.ID != nil && *body.ID == "" {
		return Claims{}, fmt.Errorf("%w: empty jti", ErrClaims)
	}
	var times [3]time.Time
	for i, number := range []json.Number{body.IssuedAt, body.NotBefore, body.ExpiresAt} {
		seconds, err := strconv.ParseUint(number.String(), 10, 63)
		if err != nil {
			return Claims{}, fmt.Errorf("%w: iat, nbf and exp must be whole unix seconds", ErrClaims)
		}
		times[i] = time.Unix(int64(seconds), 0) // ParseUint was held to 63 bits
	}
	claims := Claims{Issuer: body.Issuer, NotBefore: times[1], ExpiresAt: times[2], Leases: body.Leases}
	if now.Before(claims.NotBefore) {
		return Claims{}, fmt.Errorf("%w: not valid yet", ErrClaims)
	}
	if !now.Before(claims.ExpiresAt) {
		return Claims{}, fmt.Errorf("%w: expired", ErrClaims)
	}
	if err := body.Leases.validate(); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrClaims, err)
	}
	return claims, nil
}
