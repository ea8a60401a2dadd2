// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
)

// Running lists the environment of each service that an Akash provider runs for a lease of [Tenant], as its gateway
// says; nil when it runs none.
func (n *Network) Running(t *testing.T, lease string) map[string][]string {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	var groups []struct {
		Services []struct {
			Name string   `json:"name"`
			Env  []string `json:"env"`
		} `json:"services"`
	}
	found := map[string][]string{}
	Eventually(t, "an answer of the gateway of "+id.ProviderAddr, func() bool {
		status, body, err := n.askGateway(t, id, "manifest")
		switch {
		case err != nil:
			t.Logf("asking the gateway of %s again: %s", id.ProviderAddr, err)
			return false
		case status == http.StatusNotFound:
			found = nil
			return true
		case status != http.StatusOK:
			t.Logf("asking the gateway of %s again: status %d: %s", id.ProviderAddr, status, body)
			return false
		}
		require.NoError(t, json.Unmarshal(body, &groups))
		return true
	})
	for _, g := range groups {
		for _, s := range g.Services {
			found[s.Name] = s.Env
		}
	}
	return found
}

// LeasedIPs lists the leased addresses that the gateway of a lease of [Tenant] shows, as "address:port".
func (n *Network) LeasedIPs(t *testing.T, lease string) []string {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	var found []string
	Eventually(t, "an answer of the gateway of "+id.ProviderAddr, func() bool {
		status, body, err := n.askGateway(t, id, "status")
		if err != nil || status != http.StatusOK {
			t.Logf("asking the gateway of %s again: %d %v", id.ProviderAddr, status, err)
			return false
		}
		var answer struct {
			IPs map[string][]struct {
				ExternalPort uint32 `json:"ExternalPort"`
				IP           string `json:"IP"`
			} `json:"ips"`
		}
		require.NoError(t, json.Unmarshal(body, &answer))
		for _, ports := range answer.IPs {
			for _, p := range ports {
				found = append(found, fmt.Sprintf("%s:%d", p.IP, p.ExternalPort))
			}
		}
		return true
	})
	return found
}

// MigrateEndpoint gives a leased address's ports to a lease of [Tenant], past Terraform.
func (n *Network) MigrateEndpoint(t *testing.T, lease, endpoint string) {
	t.Helper()
	id, err := ids.ParseLeaseID(lease)
	require.NoError(t, err)
	body := fmt.Sprintf(`{"endpoints_to_migrate":[%q],"destination_dseq":%d,"destination_gseq":%d}`,
		endpoint, id.DSeq, id.GSeq)
	Eventually(t, "a migration", func() bool {
		status, _, err := n.callGateway(t, id.ProviderAddr, http.MethodPost, "/endpoint/migrate", body)
		return err == nil && status == http.StatusOK
	})
}

// askGateway reads what an Akash provider keeps for a lease: its "manifest" or "status". An error says that it did not
// answer.
func (n *Network) askGateway(t *testing.T, id ids.LeaseID, what string) (status int, body []byte, err error) {
	t.Helper()
	path := fmt.Sprintf("/lease/%d/%d/%d/%s", id.DSeq, id.GSeq, id.OSeq, what)
	return n.callGateway(t, id.ProviderAddr, http.MethodGet, path, "")
}

func (n *Network) callGateway(
	t *testing.T, address, method, path, text string,
) (status int, body []byte, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, n.HostURI(t, address)+path, strings.NewReader(text))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+n.token(t, n.Account(t, Tenant)))
	transport := &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS13,
			InsecureSkipVerify: true, // VerifyConnection wants the certificate that is on chain
			VerifyConnection: func(state tls.ConnectionState) error {
				return n.isOnChain(t.Context(), address, state)
			},
		},
	}
	client := http.Client{Transport: transport, Timeout: 30 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }() // what was read of it is what counts
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// isOnChain wants a peer to show a certificate that its account has on chain as valid.
func (n *Network) isOnChain(ctx context.Context, address string, peer tls.ConnectionState) error {
	answer, err := certv1.NewQueryClient(n.conn).Certificates(ctx,
		&certv1.QueryCertificatesRequest{Filter: certv1.CertificateFilter{Owner: address, State: "valid"}})
	if err != nil {
		return err
	}
	for _, c := range answer.Certificates {
		block, _ := pem.Decode(c.Certificate.Cert)
		if block != nil && bytes.Equal(block.Bytes, peer.PeerCertificates[0].Raw) {
			return nil
		}
	}
	return errors.New("the gateway's certificate is not on chain")
}

// token is a JSON web token with full access, signed by the account's key. Source: AEP-64.
func (n *Network) token(t *testing.T, account Account) string {
	t.Helper()
	raw, err := hd.Secp256k1.Derive()(account.Mnemonic, "", account.HDPath)
	require.NoError(t, err)
	begin := time.Now().Add(-time.Minute).Unix()
	claims, err := json.Marshal(map[string]any{
		"iss": account.Address, "iat": begin, "nbf": begin, "exp": begin + 600, "version": "v1",
		"leases": map[string]string{"access": "full"},
	})
	require.NoError(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"ES256K","typ":"JWT"}`)) + "." + encode(claims)
	signature, err := (&secp256k1.PrivKey{Key: raw}).Sign([]byte(text))
	require.NoError(t, err)
	return text + "." + encode(signature)
}
