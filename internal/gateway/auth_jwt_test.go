// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

type jwtVectors struct {
	Mnemonic string `json:"mnemonic"`
	Address  string `json:"address"`
	HDPath   string `json:"hd_path"`
	Vectors  []struct {
		Name         string `json:"name"`
		Alg          string `json:"alg"`
		ClaimsJSON   string `json:"claims_json"`
		SigningInput string `json:"signing_input"`
		Token        string `json:"token"`
		VerifyAtUnix int64  `json:"verify_at_unix"`
	} `json:"vectors"`
}

func loadVectors(t *testing.T, path string) jwtVectors {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var v jwtVectors
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

func TestJWT_signatureVectors(t *testing.T) {
	t.Parallel()
	own := loadVectors(t, "testdata/jwt/signed-vectors.json")
	sets := []jwtVectors{own}
	full := filepath.Join("..", "..", "..", "shared", "conformance", "jwt", "signed-vectors.json")
	if _, err := os.Stat(full); err == nil {
		sets = append(sets, loadVectors(t, full))
	}
	key, err := keys.FromMnemonic(own.Mnemonic, own.HDPath)
	require.NoError(t, err)
	require.Equal(t, own.Address, key.Address())
	checked := 0
	for _, set := range sets {
		for _, v := range set.Vectors {
			if v.Alg != "ES256K" {
				continue
			}
			signature, err := key.Sign([]byte(v.SigningInput))
			require.NoError(t, err)
			require.Equal(t, v.Token, v.SigningInput+"."+base64.RawURLEncoding.EncodeToString(signature), v.Name)
			checked++
		}
	}
	require.GreaterOrEqual(t, checked, 8)
}

// TestJWT_signatureCases signs what the network's own tests sign; their wrong signatures are not ours.
func TestJWT_signatureCases(t *testing.T) {
	t.Parallel()
	own := loadVectors(t, "testdata/jwt/signed-vectors.json")
	key, err := keys.FromMnemonic(own.Mnemonic, own.HDPath)
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "conformance", "jwt", "cases_es256k.json"))
	if errors.Is(err, os.ErrNotExist) {
		raw, err = os.ReadFile("testdata/jwt/cases_es256k.json")
	}
	require.NoError(t, err)
	var cases []struct {
		Description string `json:"description"`
		TokenString string `json:"tokenString"`
		Expected    struct {
			Alg string `json:"alg"`
		} `json:"expected"`
		MustFail bool `json:"mustFail"`
	}
	require.NoError(t, json.Unmarshal(raw, &cases))
	checked := 0
	for _, c := range cases {
		if c.Expected.Alg != "ES256K" {
			continue // only wallets make the others; the simulated gateway verifies them
		}
		end := strings.LastIndexByte(c.TokenString, '.')
		signature, err := key.Sign([]byte(c.TokenString[:end]))
		require.NoError(t, err)
		got := base64.RawURLEncoding.EncodeToString(signature)
		require.Equal(t, !c.MustFail, got == c.TokenString[end+1:], c.Description)
		checked++
	}
	require.GreaterOrEqual(t, checked, 2)
}

func TestGrantToken_equalsTheReference(t *testing.T) {
	t.Parallel()
	set := loadVectors(t, "testdata/jwt/signed-vectors.json")
	key, err := keys.FromMnemonic(set.Mnemonic, set.HDPath)
	require.NoError(t, err)
	v := set.Vectors[0]
	require.Equal(t, "full", v.Name)
	// The vector is back-dated by 10 s where we take 30, so compare field by field.
	now := time.Unix(v.VerifyAtUnix, 0)
	token, err := gateway.GrantToken(key, gateway.Grant{Access: gateway.AccessFull}, now, now.Add(15*time.Minute))
	require.NoError(t, err)
	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	require.Equal(t, strings.Split(v.Token, ".")[0], parts[0])
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	want := strings.NewReplacer("1767225590", "1767225570").Replace(v.ClaimsJSON)
	require.Equal(t, want, string(payload), "same members in the same order")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	require.True(t, keys.Verify(key.PubKey(), []byte(parts[0]+"."+parts[1]), signature))
}

// TestNewJWT_oneAkashProvider makes tokens that an Akash provider cannot use with another one.
func TestNewJWT_oneAkashProvider(t *testing.T) {
	t.Parallel()
	auth := gateway.NewJWT(tenantKey(t), func() time.Time { return time.Unix(1767225600, 0) })
	made := map[string]bool{}
	for _, addr := range []string{seller, "akash164cy6j05j3kaqlzqgzn9mjz95vqjhxmhh804yt"} {
		token, err := auth.Token(addr, false)
		require.NoError(t, err)
		made[token] = true
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		require.NoError(t, err)
		var claims struct{ Leases json.RawMessage }
		require.NoError(t, json.Unmarshal(payload, &claims))
		require.JSONEq(t, `{"access": "granular", "permissions": [{"provider": "`+addr+`", "access": "full"}]}`,
			string(claims.Leases))
		again, err := auth.Token(addr, false)
		require.NoError(t, err)
		require.Equal(t, token, again)
	}
	require.Len(t, made, 2)
}

func TestNewJWT_caching(t *testing.T) {
	t.Parallel()
	now := time.Unix(1767225600, 0)
	auth := gateway.NewJWT(tenantKey(t), func() time.Time { return now })
	token := func(renew bool) string {
		got, err := auth.Token(seller, renew)
		require.NoError(t, err)
		return got
	}
	first := token(false)
	now = now.Add(11 * time.Minute)
	require.Equal(t, first, token(false))
	now = now.Add(2 * time.Minute) // two minutes left: too little for a manifest
	second := token(false)
	require.NotEqual(t, first, second)
	now = now.Add(time.Second)
	require.NotEqual(t, second, token(true))
}
