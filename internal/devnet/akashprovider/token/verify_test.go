// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/token"
)

type vectorFile struct {
	Address string `json:"address"`
	PubKey  string `json:"pubkey_hex"`
	Vectors []struct {
		Name     string `json:"name"`
		Alg      string `json:"alg"`
		Token    string `json:"token"`
		VerifyAt int64  `json:"verify_at_unix"`
		Valid    bool   `json:"valid"`
	} `json:"vectors"`
}

func readVectors(t *testing.T) (vectorFile, token.KeyOf) {
	t.Helper()
	var file vectorFile
	require.NoError(t, json.Unmarshal(read(t, "signed-vectors.json"), &file))
	require.NotEmpty(t, file.Vectors)
	key, err := hex.DecodeString(file.PubKey)
	require.NoError(t, err)
	return file, func(_ context.Context, owner string) ([]byte, error) {
		if owner != file.Address {
			return nil, errors.New("unknown account")
		}
		return key, nil
	}
}

func TestVerify_vectors(t *testing.T) {
	t.Parallel()
	file, keyOf := readVectors(t)
	for _, v := range file.Vectors {
		t.Run(v.Name+"/"+v.Alg, func(t *testing.T) {
			t.Parallel()
			claims, err := token.Verify(t.Context(), v.Token, keyOf, time.Unix(v.VerifyAt, 0))
			if !v.Valid {
				require.ErrorIs(t, err, token.ErrClaims)
				return
			}
			require.NoError(t, err)
			require.Equal(t, file.Address, claims.Issuer)

			// One bit of the payload's last byte: the signature no longer fits.
			parts := strings.Split(v.Token, ".")
			payload, err := base64.RawURLEncoding.DecodeString(parts[1])
			require.NoError(t, err)
			forged := strings.Replace(string(payload), `"version":"v1"`, `"version": "v1"`, 1)
			require.NotEqual(t, string(payload), forged)
			parts[1] = base64.RawURLEncoding.EncodeToString([]byte(forged))
			_, err = token.Verify(t.Context(), strings.Join(parts, "."), keyOf, time.Unix(v.VerifyAt, 0))
			require.ErrorIs(t, err, token.ErrInvalid)
		})
	}
}

// sign makes a token with a key of the test's own.
func sign(t *testing.T, key *secp256k1.PrivKey, header, payload string) string {
	t.Helper()
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(payload))
	signature, err := key.Sign([]byte(input))
	require.NoError(t, err)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func TestVerify_classes(t *testing.T) {
	t.Parallel()
	const (
		owner  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
		header = `{"alg":"ES256K","typ":"JWT"}`
		times  = `"iat":90,"nbf":90,"exp":200,`
		rest   = `"version":"v1","leases":{"access":"full"}`
	)
	key := secp256k1.GenPrivKey()
	keyOf := func(_ context.Context, issuer string) ([]byte, error) {
		if issuer == "akash1unknown" {
			return nil, errors.New("no such account")
		}
		return key.PubKey().Bytes(), nil
	}
	for _, c := range []struct {
		name, header, payload string
		want                  error
	}{
		{"good", header, `{"iss":"` + owner + `",` + times + rest + `}`, nil},
		{"no issuer", header, `{` + times + rest + `}`, token.ErrInvalid},
		{"unknown account", header, `{"iss":"akash1unknown",` + times + rest + `}`, token.ErrInvalid},
		{"algorithm none", `{"alg":"none"}`, `{"iss":"` + owner + `",` + times + rest + `}`, token.ErrInvalid},
		{"algorithm HS256", `{"alg":"HS256"}`, `{"iss":"` + owner + `",` + times + rest + `}`, token.ErrInvalid},
		{"dseq as text", header, `{"iss":"` + owner + `",` + times + `"version":"v1","leases":{"access":"granular",` +
			`"permissions":[{"provider":"` + owner + `","access":"granular","deployments":` +
			`[{"dseq":"1","scope":["logs"],"services":["a"]}]}]}}`, token.ErrInvalid},
		{"unknown claim", header, `{"iss":"` + owner + `","aud":"x",` + times + rest + `}`, token.ErrClaims},
		{"empty jti", header, `{"iss":"` + owner + `","jti":"",` + times + rest + `}`, token.ErrClaims},
		{"fractional exp", header, `{"iss":"` + owner + `","iat":90,"nbf":90,"exp":200.5,` + rest + `}`, token.ErrClaims},
		{"issuer of another chain", header, `{"iss":"cosmos1abc",` + times + rest + `}`, token.ErrClaims},
		{"ends now", header, `{"iss":"` + owner + `","iat":90,"nbf":90,"exp":100,` + rest + `}`, token.ErrClaims},
		{"begins now", header, `{"iss":"` + owner + `","iat":90,"nbf":100,"exp":101,` + rest + `}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := token.Verify(t.Context(), sign(t, key, c.header, c.payload), keyOf, time.Unix(100, 0))
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
		})
	}
	for _, text := range []string{"", "garbage", "a.b", "a.b.c", "....", "!.!.!"} {
		_, err := token.Verify(t.Context(), text, keyOf, time.Unix(100, 0))
		require.ErrorIs(t, err, token.ErrInvalid, text)
	}
}

func TestLeases_allows(t *testing.T) {
	t.Parallel()
	const me, other = "akash1me", "akash1other"
	status := token.Need{ProviderAddr: me, DSeq: 7, GSeq: 1, OSeq: 1, Scope: token.ScopeStatus}
	lease := status
	lease.Scope = ""
	put := token.Need{ProviderAddr: me, DSeq: 7, Scope: token.ScopeSendManifest}
	granular := func(d token.Deployment) token.Leases {
		return token.Leases{Access: "granular", Permissions: []token.Permission{
			{ProviderAddr: me, Access: "granular", Deployments: []token.Deployment{d}},
		}}
	}
	statusOnly := []token.Scope{token.ScopeStatus}
	for _, c := range []struct {
		name   string
		leases token.Leases
		need   token.Need
		want   bool
	}{
		{"full", token.Leases{Access: "full"}, put, true},
		{"scoped with", token.Leases{Access: "scoped", Scope: statusOnly}, status, true},
		{"scoped without", token.Leases{Access: "scoped", Scope: statusOnly}, put, false},
		{"scoped, lease access", token.Leases{Access: "scoped", Scope: []token.Scope{token.ScopeLogs}}, lease, true},
		{"other Akash provider", token.Leases{Access: "granular", Permissions: []token.Permission{
			{ProviderAddr: other, Access: "full"},
		}}, status, false},
		{"this Akash provider, full", token.Leases{Access: "granular", Permissions: []token.Permission{
			{ProviderAddr: other, Access: "full"}, {ProviderAddr: me, Access: "full"},
		}}, put, true},
		{"this Akash provider, scoped", token.Leases{Access: "granular", Permissions: []token.Permission{
			{ProviderAddr: me, Access: "scoped", Scope: statusOnly},
		}}, put, false},
		{"dseq", granular(token.Deployment{DSeq: 7, Scope: statusOnly}), status, true},
		{"wrong dseq", granular(token.Deployment{DSeq: 8, Scope: statusOnly}), status, false},
		{"wrong gseq", granular(token.Deployment{DSeq: 7, GSeq: 2, Scope: statusOnly}), status, false},
		{"wrong oseq", granular(token.Deployment{DSeq: 7, GSeq: 1, OSeq: 2, Scope: statusOnly}), status, false},
		{"missing scope", granular(token.Deployment{DSeq: 7, Scope: statusOnly}), put, false},
		{"lease access, any scope", granular(token.Deployment{DSeq: 7, Scope: []token.Scope{token.ScopeLogs}}), lease, true},
		{"unknown access", token.Leases{Access: "all"}, status, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.leases.Allows(c.need))
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJhIn0.AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := token.Verify(t.Context(), text, func(context.Context, string) ([]byte, error) {
			return make([]byte, secp256k1.PubKeySize), nil
		}, time.Unix(100, 0))
		if err == nil {
			t.Fatal("a token verified against a key that nobody has")
		}
	})
}
