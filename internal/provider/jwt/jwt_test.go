// SPDX-License-Identifier: Apache-2.0

package jwt_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// ask sends a request to the gateway of an Akash provider with a token and returns the status.
func ask(t *testing.T, network *acctest.Network, providerAddr, path, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, network.HostURI(t, providerAddr)+path, nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	client := http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			// What the gateway is, is not this test's subject.
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true},
		},
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }() // what was read of it is what counts
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	t.Logf("%s: %d %.200s", path, response.StatusCode, body)
	return response.StatusCode
}

// TestAccJWT makes tokens of every reach and shows each to gateways.
func TestAccJWT(t *testing.T) {
	t.Parallel()
	network := acctest.StartDevnet(t, "a gateway that asks for tokens", devnet.Options{})
	owner := network.Owner(t, acctest.Tenant)
	var lease, full, status, one, elsewhere string
	config := network.ProviderBlock(t, acctest.Tenant, "") +
		acctest.Deployment("web", acctest.Web{}.SDL()) + acctest.Lease("web") + fmt.Sprintf(`
data "akash_jwt" "full" { access = "full" }
data "akash_jwt" "status" {
  access   = "scoped"
  scope    = ["status", "logs"]
  lifetime = "1h"
}
data "akash_jwt" "one" {
  access   = "granular"
  lease_id = akash_lease.web.lease_id
  scope    = ["get-manifest"]
  services = ["web"]
}
data "akash_jwt" "elsewhere" {
  access = "granular"
  permissions = [
    { provider_address = %q, access = "full" },
    {
      provider_address = akash_lease.web.provider_address
      access           = "granular"
      deployments = [{ dseq = "1", gseq = 1, oseq = 1, scope = ["status"], services = ["web"] }]
    },
  ]
}
`, owner)
	token := func(name string, into *string) resource.TestCheckFunc {
		return acctest.Keep("data.akash_jwt."+name, "token", into)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: config,
			Check: resource.ComposeTestCheckFunc(
				acctest.Keep("akash_lease.web", "lease_id", &lease),
				token("full", &full), token("status", &status), token("one", &one), token("elsewhere", &elsewhere),
				resource.TestCheckResourceAttr("data.akash_jwt.full", "owner", owner),
				acctest.Look(func() {
					network.AllFaults(akashprovider.Faults{})
					id, err := ids.ParseLeaseID(lease)
					require.NoError(t, err)
					base := fmt.Sprintf("/lease/%d/%d/%d", id.DSeq, id.GSeq, id.OSeq)
					for _, c := range []struct {
						token, path string
						want        int
					}{
						{full, "/status", 200},
						{full, "/manifest", 200},
						{status, "/status", 200},
						{status, "/manifest", 401},
						{one, "/status", 401},
						{one, "/manifest", 200},
						{elsewhere, "/status", 401},
					} {
						require.Equal(t, c.want, ask(t, network.Network, id.ProviderAddr, base+c.path, c.token), c)
					}
					claims := decode(t, status)
					require.Equal(t, owner, claims.Issuer)
					require.EqualValues(t, 3630, claims.ExpiresAt-claims.NotBefore, "an hour, and half a minute back")
				}),
			),
		}},
	})
}

type claims struct {
	Issuer    string `json:"iss"`
	NotBefore int64  `json:"nbf"`
	ExpiresAt int64  `json:"exp"`
}

func decode(t *testing.T, token string) claims {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	var c claims
	require.NoError(t, json.Unmarshal(payload, &c))
	return c
}

// TestAccJWT_ephemeral hands a token to another provider, which tells what it got, and finds it in no state of ours.
func TestAccJWT_ephemeral(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	factories := map[string]func() (tfprotov6.ProviderServer, error){
		"akash": providerserver.NewProtocol6WithError(provider.New("test")),
		"echo":  echoprovider.NewProviderServer(),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: network.ProviderBlock(t, acctest.Tenant, "") + `
ephemeral "akash_jwt" "this" {
  access = "scoped"
  scope  = ["logs"]
}
provider "echo" {
  data = { owner = ephemeral.akash_jwt.this.owner, parts = length(split(".", ephemeral.akash_jwt.this.token)) }
}
resource "echo" "got" {}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.got", tfjsonpath.New("data").AtMapKey("owner"),
					knownvalue.StringExact(network.Owner(t, acctest.Tenant))),
				statecheck.ExpectKnownValue("echo.got", tfjsonpath.New("data").AtMapKey("parts"), knownvalue.Int64Exact(3)),
			},
		}},
	})
}

// TestAccJWT_refused wants an error at plan for each token that no gateway would take, and for keys that cannot sign.
func TestAccJWT_refused(t *testing.T) {
	t.Parallel()
	network := acctest.Start(t)
	signing := network.ProviderBlock(t, acctest.Tenant, "")
	owner := network.Owner(t, acctest.Tenant)
	reading := fmt.Sprintf("provider \"akash\" {\n network = \"custom\"\n chain_id = %q\n grpc = [%q]\n owner = %q\n}\n",
		network.ChainID(), network.Endpoint(), owner)
	lease := network.Owner(t, acctest.Poor) + "/1/1/1/" + owner
	for name, test := range map[string]struct{ provider, lines, title, says string }{
		"no scope":      {signing, `access = "scoped"`, "Invalid access", "scope is empty"},
		"full and more": {signing, "access = \"full\"\nscope = [\"logs\"]", "Invalid access", "takes neither"},
		"unknown scope": {
			signing, "access = \"scoped\"\nscope = [\"log\"]", "Invalid Attribute Value Match", "send-manifest",
		},
		"unknown access": {signing, `access = "all"`, "Invalid Attribute Value Match", "granular"},
		"no lifetime":    {signing, "access = \"full\"\nlifetime = \"1 day\"", "Invalid value", "not a duration"},
		"lease and full": {
			signing, fmt.Sprintf("access = \"full\"\nlease_id = %q", lease), "Lease and other access", "granular",
		},
		"no lease": {signing, "access = \"granular\"\nlease_id = \"x\"", "Invalid lease", "lease_id of an akash_lease"},
		"lease without services": {
			signing, fmt.Sprintf("access = \"granular\"\nscope = [\"logs\"]\nlease_id = %q", lease),
			"Invalid access", "services",
		},
		"lease of another": {
			signing, fmt.Sprintf("access = \"granular\"\nscope = [\"logs\"]\nservices = [\"web\"]\nlease_id = %q", lease),
			"Lease of another account", owner,
		},
		"services alone": {
			signing, "access = \"full\"\nservices = [\"web\"]", "Services without a lease", "goes with lease_id",
		},
		"no dseq": {
			signing, fmt.Sprintf("access = \"granular\"\npermissions = [{ provider_address = %q, access = \"granular\", "+
				"deployments = [{ dseq = \"x\", scope = [\"logs\"], services = [\"web\"] }] }]", owner),
			"Invalid dseq", "whole number",
		},
		"no key": {reading, `access = "full"`, "No signing key", "AKASH_MNEMONIC"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config:   test.provider + "data \"akash_jwt\" \"bad\" {\n" + test.lines + "\n}\n",
					PlanOnly: true, ExpectError: acctest.Says(test.title, test.says),
				}},
			})
		})
	}
}
