// SPDX-License-Identifier: Apache-2.0

package gateway_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// conformanceFile reads a file of the whole set of token vectors, or else the copy; nil when there is neither.
func conformanceFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "conformance", "jwt", name))
	if errors.Is(err, os.ErrNotExist) {
		raw, err = os.ReadFile(filepath.Join("testdata", "jwt", name))
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	return raw
}

// fromTime are the vectors whose verdict comes from the clock or from claims this package always sets.
var fromTime = map[string]bool{
	"expired": true, "not-yet-valid": true, "version-v2": true, "no-exp": true, "no-nbf": true, "no-iat": true,
}

// TestGrant_vectors takes the access of each vector through this package's types: its verdict is the network's, and
// what is valid is written as the reference client writes it.
func TestGrant_vectors(t *testing.T) {
	t.Parallel()
	var set struct {
		jwtVectors
		Vectors []struct {
			Name       string `json:"name"`
			Alg        string `json:"alg"`
			ClaimsJSON string `json:"claims_json"`
			Valid      bool   `json:"valid"`
		} `json:"vectors"`
	}
	require.NoError(t, json.Unmarshal(conformanceFile(t, "signed-vectors.json"), &set))
	key, err := keys.FromMnemonic(set.Mnemonic, set.HDPath)
	if set.Mnemonic == "" {
		key, err = keys.FromMnemonic(string(conformanceFile(t, "mnemonic")), set.HDPath)
	}
	require.NoError(t, err)
	checked := 0
	for _, v := range set.Vectors {
		if v.Alg != "ES256K" || fromTime[v.Name] {
			continue
		}
		var claims struct {
			Leases json.RawMessage `json:"leases"`
		}
		require.NoError(t, json.Unmarshal([]byte(v.ClaimsJSON), &claims))
		var grant gateway.Grant
		require.NoError(t, json.Unmarshal(claims.Leases, &grant))
		now := time.Unix(1767225600, 0)
		token, err := gateway.GrantToken(key, grant, now, now.Add(time.Hour))
		checked++
		if !v.Valid {
			require.ErrorIs(t, err, gateway.ErrGrant, v.Name)
			continue
		}
		require.NoError(t, err, v.Name)
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		require.NoError(t, err)
		require.Contains(t, string(payload), `"leases":`+string(claims.Leases)+"}", v.Name)
		require.Contains(t, string(payload), `"exp":1767229200,"nbf":1767225570,"iat":1767225570,"version":"v1"`)
	}
	require.GreaterOrEqual(t, checked, 3)
}

// TestGrant_cases judges the access of the network's own cases. Those about time and missing claims cannot be made.
func TestGrant_cases(t *testing.T) {
	t.Parallel()
	source := conformanceFile(t, "cases_jwt.json.tmpl")
	require.NotNil(t, source)
	var text bytes.Buffer
	require.NoError(t, template.Must(template.New("").Parse(string(source))).Execute(&text, map[string]any{
		"Issuer": owner, "Provider": seller, "IatCurr": 1, "NbfCurr": 1, "Iat24h": 2, "Nbf24h": 2, "Exp48h": 3,
	}))
	var cases []struct {
		Description string                     `json:"description"`
		Claims      map[string]json.RawMessage `json:"claims"`
		Expected    struct {
			VerifyFail bool `json:"verifyFail"`
		} `json:"expected"`
	}
	require.NoError(t, json.Unmarshal(text.Bytes(), &cases))
	good, bad := 0, 0
	for _, c := range cases {
		if c.Claims["leases"] == nil || string(c.Claims["nbf"]) != `"1"` || string(c.Claims["exp"]) != `"3"` ||
			c.Claims["iat"] == nil || string(c.Claims["version"]) != `"v1"` {
			continue // the verdict is about another claim
		}
		var grant gateway.Grant
		err := json.Unmarshal(c.Claims["leases"], &grant)
		if err == nil {
			err = grant.Validate()
		}
		if c.Expected.VerifyFail {
			require.Error(t, err, c.Description)
			bad++
		} else {
			require.NoError(t, err, c.Description)
			good++
		}
	}
	t.Logf("%d good ones, %d bad ones", good, bad)
	require.GreaterOrEqual(t, good, 3)
	require.GreaterOrEqual(t, bad, 12)
}

func TestGrant_places(t *testing.T) {
	t.Parallel()
	web := gateway.DeploymentPermission{Scope: []gateway.Scope{"logs"}, DSeq: 7, Services: []string{"web"}}
	with := func(change func(*gateway.DeploymentPermission)) gateway.Grant {
		d := web
		change(&d)
		return gateway.Grant{Access: gateway.AccessGranular, Permissions: []gateway.Permission{
			{ProviderAddr: otherSeller, Access: gateway.AccessFull},
			{
				ProviderAddr: seller, Access: gateway.AccessGranular,
				Deployments: []gateway.DeploymentPermission{web, d},
			},
		}}
	}
	require.NoError(t, with(func(*gateway.DeploymentPermission) {}).Validate())
	type item = gateway.DeploymentPermission
	for says, change := range map[string]func(*item){
		": dseq is missing":                  func(d *item) { d.DSeq = 0 },
		": oseq needs gseq":                  func(d *item) { d.OSeq = 1 },
		": services is empty":                func(d *item) { d.Services = nil },
		`: service "web" is empty or listed`: func(d *item) { d.Services = []string{"web", "web"} },
		".scope is empty":                    func(d *item) { d.Scope = nil },
		`.scope: "x" is none of send-manif`:  func(d *item) { d.Scope = []gateway.Scope{"x"} },
	} {
		require.ErrorContains(t, with(change).Validate(), "permissions[1].deployments[1]"+says)
	}
	now := time.Unix(1767225600, 0)
	_, err := gateway.GrantToken(tenantKey(t), gateway.Grant{Access: gateway.AccessFull}, now, now)
	require.ErrorContains(t, err, "end before it begins")
}

func TestSuppliedToken(t *testing.T) {
	t.Parallel()
	now := time.Unix(1767225600, 0)
	text, err := gateway.GrantToken(tenantKey(t), gateway.Grant{Access: gateway.AccessFull}, now, now.Add(time.Hour))
	require.NoError(t, err)
	supplied, err := gateway.NewSuppliedToken(" Bearer "+text+"\n", func() time.Time { return now })
	require.NoError(t, err)
	require.Equal(t, owner, supplied.Owner())
	got, err := supplied.Token(seller, false)
	require.NoError(t, err)
	require.Equal(t, text, got)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, supplied), text[:20], verb)
	}
	_, err = supplied.Token(seller, true)
	require.ErrorIs(t, err, gateway.ErrUnauthorized)
	require.ErrorContains(t, err, "did not take it")
	now = now.Add(time.Hour)
	_, err = supplied.Token(seller, false)
	require.ErrorIs(t, err, gateway.ErrUnauthorized)
	require.ErrorContains(t, err, "it ended at 2026-01-01T01:00:00Z")

	encode := base64.RawURLEncoding.EncodeToString
	for says, bad := range map[string]string{
		"has 1 parts":           "secretsecret",
		"not base64url":         "a.secret!.c",
		"does not tell iss and": "a." + encode([]byte(`{"iss":"secret"}`)) + ".c",
		"does not tell iss":     "a." + encode([]byte(`secret`)) + ".c",
	} {
		_, err := gateway.NewSuppliedToken(bad, nil)
		require.ErrorIs(t, err, gateway.ErrSuppliedToken)
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), "secret")
	}
}

func FuzzNewSuppliedToken(f *testing.F) {
	f.Add("a.b.c")
	f.Add("Bearer eyJhbGciOiJFUzI1NksiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJhIiwiZXhwIjoxfQ.x")
	f.Fuzz(func(t *testing.T, text string) {
		if supplied, err := gateway.NewSuppliedToken(text, nil); err == nil && supplied.Owner() == "" {
			t.Fatal("a token of nobody")
		}
	})
}
