// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
)

// conformance is the whole set of vectors, where a checkout has it.
const conformance = "../../../../../shared/conformance/jwt"

// mnemonic is the public test mnemonic of the cases.
const mnemonic = "addict worth drip violin note olive final pelican perfect feel goat game horror brass fence " +
	"deposit dutch improve setup stuff frost spirit smart alien"

// read gives a file of the whole set, or else the copy.
func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(conformance, name))
	if errors.Is(err, os.ErrNotExist) {
		text, err = os.ReadFile(filepath.Join("testdata", name))
	}
	require.NoError(t, err)
	return text
}

// issuer is the key of the cases, its address, and who knows it.
func issuer(t *testing.T) (*secp256k1.PrivKey, string, token.KeyOf) {
	t.Helper()
	raw, err := hd.Secp256k1.Derive()(mnemonic, "", "m/44'/118'/0'/0/0")
	require.NoError(t, err)
	key := &secp256k1.PrivKey{Key: raw}
	file, _ := readVectors(t)
	return key, file.Address, func(_ context.Context, owner string) ([]byte, error) {
		if owner != file.Address {
			return nil, errors.New("unknown account")
		}
		return key.PubKey().Bytes(), nil
	}
}

// TestVerify_claimCases signs every set of claims of the network's own tests and wants its verdict.
func TestVerify_claimCases(t *testing.T) {
	t.Parallel()
	key, owner, keyOf := issuer(t)
	now := time.Now()
	in := func(d time.Duration) int64 { return now.Add(d).Unix() }
	var text bytes.Buffer
	require.NoError(t, template.Must(template.New("").Parse(string(read(t, "cases_jwt.json.tmpl")))).Execute(&text,
		map[string]any{
			"Issuer": owner, "Provider": owner, "IatCurr": in(0), "NbfCurr": in(0),
			"Iat24h": in(24 * time.Hour), "Nbf24h": in(24 * time.Hour), "Exp48h": in(48 * time.Hour),
		}))
	var cases []struct {
		Description string                     `json:"description"`
		TokenString string                     `json:"tokenString"`
		Claims      map[string]json.RawMessage `json:"claims"`
		Expected    struct {
			SignFail   bool   `json:"signFail"`
			VerifyFail bool   `json:"verifyFail"`
			Error      string `json:"error"`
		} `json:"expected"`
	}
	require.NoError(t, json.Unmarshal(text.Bytes(), &cases))
	require.Greater(t, len(cases), 20)
	for _, c := range cases {
		t.Run(c.Description, func(t *testing.T) {
			t.Parallel()
			require.False(t, c.Expected.SignFail, "no case of the set wants that")
			for _, name := range []string{"iat", "nbf", "exp"} { // quoted in the file, numbers in a token
				if value, ok := c.Claims[name]; ok {
					c.Claims[name] = json.RawMessage(strings.Trim(string(value), `"`))
				}
			}
			payload, err := json.Marshal(c.Claims)
			require.NoError(t, err)
			tokens := []string{sign(t, key, `{"alg":"ES256K","typ":"JWT"}`, string(payload))}
			if c.TokenString != "" {
				tokens = append(tokens, c.TokenString)
			}
			for _, text := range tokens {
				_, err = token.Verify(t.Context(), text, keyOf, now)
				switch {
				case !c.Expected.VerifyFail:
					require.NoError(t, err)
				case c.Claims["iss"] == nil:
					require.ErrorIs(t, err, token.ErrInvalid, "nobody's signature")
				default:
					require.ErrorIs(t, err, token.ErrClaims)
				}
			}
		})
	}
}

// TestVerify_signatureCases judges the signatures of the network's own tests, of both algorithms, at a time when the
// claims of most hold.
func TestVerify_signatureCases(t *testing.T) {
	t.Parallel()
	_, _, keyOf := issuer(t)
	var cases []struct {
		Description string `json:"description"`
		TokenString string `json:"tokenString"`
		MustFail    bool   `json:"mustFail"`
	}
	require.NoError(t, json.Unmarshal(read(t, "cases_es256k.json"), &cases))
	verified := 0
	for _, c := range cases {
		_, err := token.Verify(t.Context(), c.TokenString, keyOf, time.Unix(1_760_405_000, 0))
		switch {
		case c.MustFail:
			require.Error(t, err, c.Description)
		case err == nil:
			verified++
		case strings.Contains(err.Error(), "no issuer"):
			// The key cannot be looked up; internal/gateway signs this one and compares the bytes.
		default:
			require.ErrorIs(t, err, token.ErrClaims, "%s: well signed", c.Description)
			verified++
		}
	}
	require.Positive(t, verified)
}
