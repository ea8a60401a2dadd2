// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// gateway is that of an Akash provider that is at work on the chain.
type gateway struct {
	addr string
	host *url.URL // https://host:port
}

// gatewayOf finds the gateway of the first Akash provider that is named, by its record on chain.
func gatewayOf(t *testing.T) gateway {
	t.Helper()
	w := chain(t)
	if len(w.sellers) == 0 {
		notOnForeignChain(t, envProviders+" names no Akash provider")
	}
	res, err := providerv1beta4.NewQueryClient(w.conn).Provider(t.Context(),
		&providerv1beta4.QueryProviderRequest{Owner: w.sellers[0]})
	require.NoError(t, err)
	host, err := url.Parse(res.Provider.HostURI)
	require.NoError(t, err)
	return gateway{addr: w.sellers[0], host: host}
}

// credentials are what a request is sent with. Both may be missing, and both may be there.
type credentials struct {
	certificate *tls.Certificate
	token       string // what stands after "Bearer "
	header      string // a whole header of Authorization, in place of a token
}

func (c credentials) set(header http.Header) {
	switch {
	case c.header != "":
		header.Set("Authorization", c.header)
	case c.token != "":
		header.Set("Authorization", "Bearer "+c.token)
	}
}

// config is TLS as the network's clients speak it: with a certificate the server is called by a name of its own.
func (g gateway) config(by credentials) *tls.Config {
	// Who answers is a check of its own.
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
	if by.certificate != nil {
		config.Certificates = []tls.Certificate{*by.certificate}
		config.ServerName = "mtls." + g.host.Hostname()
	}
	return config
}

// ask sends one request.
func (g gateway) ask(t *testing.T, by credentials, method, path string, body []byte) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, g.host.String()+path, bytes.NewReader(body))
	require.NoError(t, err)
	by.set(req.Header)
	client := http.Client{
		Timeout: patience, Transport: &http.Transport{TLSClientConfig: g.config(by), DisableKeepAlives: true},
	}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	// Go's servers end their texts with a line feed.
	return answer{
		status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: strings.TrimSuffix(string(text), "\n"),
	}
}

// socket opens a websocket; the answer is that of the handshake when there is none.
func (g gateway) socket(t *testing.T, by credentials, path string) (*websocket.Conn, answer) {
	t.Helper()
	header := http.Header{}
	by.set(header)
	dialer := websocket.Dialer{TLSClientConfig: g.config(by), HandshakeTimeout: patience}
	conn, res, err := dialer.DialContext(t.Context(), "wss://"+g.host.Host+path, header)
	if err != nil {
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return nil, answer{
			status: res.StatusCode, contentType: res.Header.Get("Content-Type"), body: strings.TrimSuffix(string(text), "\n"),
		}
	}
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { _ = conn.Close() })
	return conn, answer{status: res.StatusCode}
}

// claims are those of a token, good for a quarter of an hour; changes replace members, and nil removes one.
func (a *actor) claims(changes map[string]any) map[string]any {
	now := time.Now()
	out := map[string]any{
		"iss": a.addr, "iat": now.Add(-30 * time.Second).Unix(), "nbf": now.Add(-30 * time.Second).Unix(),
		"exp": now.Add(15 * time.Minute).Unix(), "version": "v1", "leases": map[string]any{"access": "full"},
	}
	for name, value := range changes {
		if value == nil {
			delete(out, name)
			continue
		}
		out[name] = value
	}
	return out
}

// sign makes a token of claims with the account's key, in one of the two ways. Source: gateway.md 2.
func (a *actor) sign(t *testing.T, alg string, claims map[string]any) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	input := part(map[string]string{"alg": alg, "typ": "JWT"}) + "." + part(claims)
	signed := []byte(input)
	if alg == "ES256KADR36" {
		doc, err := json.Marshal(map[string]any{
			"account_number": "0", "chain_id": "", "fee": map[string]any{"amount": []string{}, "gas": "0"},
			"memo": "", "sequence": "0", "msgs": []any{map[string]any{"type": "sign/MsgSignData", "value": map[string]any{
				"signer": a.addr, "data": base64.StdEncoding.EncodeToString(signed),
			}}},
		})
		require.NoError(t, err)
		signed = doc
	}
	signature, err := a.key.Sign(signed)
	require.NoError(t, err)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// token is one for everything, with changes to its claims.
func (a *actor) token(t *testing.T, changes map[string]any) credentials {
	t.Helper()
	return credentials{token: a.sign(t, "ES256K", a.claims(changes))}
}

// manifest is that of one small web server, in the form that is hashed. Source: sdl.md 7, 9.
func manifest(env string) (body, hash []byte) {
	body = fmt.Appendf(nil, `[{"name":"dcloud","services":[{"args":null,"command":null,"count":1,"credentials":null,`+
		`"env":["FOO=%s"],"expose":[{"endpointSequenceNumber":0,"externalPort":80,"global":true,"hosts":null,`+
		`"httpOptions":{"maxBodySize":1048576,"nextCases":["error","timeout"],"nextTimeout":0,"nextTries":3,`+
		`"readTimeout":60000,"sendTimeout":60000},"ip":"","port":80,"proto":"TCP","service":""}],"image":"nginx:1.25.3",`+
		`"name":"web","resources":{"cpu":{"units":{"val":"500"}},"endpoints":[{"sequence_number":0}],`+
		`"gpu":{"units":{"val":"0"}},"id":1,"memory":{"size":{"val":"536870912"}},`+
		`"storage":[{"name":"default","size":{"val":"536870912"}}]}}]}]`, env)
	sum := sha256.Sum256(body)
	return body, sum[:]
}

// anybodys is a deployment of the manifest on which any Akash provider may bid.
func (a *actor) anybodys(t *testing.T, hash []byte) uint64 {
	t.Helper()
	dseq := a.nextDSeq()
	a.do(t, a.creation(dseq, func(m *creation) {
		m.Hash = hash
		m.Groups = []deploymentv1beta4.GroupSpec{anybodysGroup("dcloud")}
		// Whoever is at work on the chain asks what it likes; a thousandth of the deposit pays for a check.
		priced(ceiling)(m)
	}))
	return dseq
}

// bidOf waits for the bid of one Akash provider and gives its id.
func (a *actor) bidOf(t *testing.T, dseq uint64, g gateway) marketv1.BidID {
	t.Helper()
	id := marketv1.BidID{Owner: a.addr, DSeq: dseq, GSeq: 1, OSeq: 1, Provider: g.addr}
	eventually(t, "a bid of "+g.addr, func() bool {
		res, err := a.market().Bid(t.Context(), &marketv1beta5.QueryBidRequest{ID: id})
		return err == nil && res.Bid.State == marketv1beta5.Bid_open
	})
	return id
}

// statusPath is the path of a lease's state.
func statusPath(dseq uint64) string { return fmt.Sprintf("/lease/%d/1/1/status", dseq) }

func manifestPath(dseq uint64) string { return fmt.Sprintf("/deployment/%d/manifest", dseq) }

// said is a short form of an answer for comparing.
func (a answer) said() string { return fmt.Sprintf("%d %s", a.status, a.body) }
