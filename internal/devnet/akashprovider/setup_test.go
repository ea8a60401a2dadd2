// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider/manifest"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

const testMnemonic = "test test test test test test test test test test test junk"

// account is one of the well-known test accounts, with a certificate when it has one.
type account struct {
	address     string
	key         *secp256k1.PrivKey
	certificate *tls.Certificate
}

func newAccount(t *testing.T, index int) account {
	t.Helper()
	pb.SetBech32Prefixes()
	raw, err := hd.Secp256k1.Derive()(testMnemonic, "", fmt.Sprintf("m/44'/118'/0'/0/%d", index))
	require.NoError(t, err)
	key := &secp256k1.PrivKey{Key: raw}
	return account{address: sdk.AccAddress(key.PubKey().Address()).String(), key: key}
}

// withCertificate makes a client certificate; edit may spoil it.
func (a account) withCertificate(t *testing.T, now time.Time, edit func(*x509.Certificate)) account {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: a.address}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage:    x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	if edit != nil {
		edit(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	a.certificate = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return a
}

// publish puts a certificate on the chain; the caller holds the lock.
func (c *fakeChain) publish(owner string, certPEM, pubPEM []byte) {
	block, _ := pem.Decode(certPEM)
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		panic(err)
	}
	c.certs[owner] = append(c.certs[owner], certv1.CertificateResponse{
		Serial:      parsed.SerialNumber.String(),
		Certificate: certv1.Certificate{State: certv1.State_valid, Cert: certPEM, Pubkey: pubPEM},
	})
}

func (c *fakeChain) publishAccount(a account) {
	c.do(func() {
		c.publish(a.address, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Certificate[0]}), nil)
	})
}

// know makes an account one that has signed a transaction.
func (c *fakeChain) know(accounts ...account) {
	c.do(func() {
		for _, a := range accounts {
			key, _ := a.key.PubKey().(*secp256k1.PubKey)
			c.keys[a.address] = key
		}
	})
}

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is one Akash provider on a fake chain.
type world struct {
	*akashprovider.AkashProvider
	chain    *fakeChain
	clock    *clock
	identity akashprovider.Identity
}

func testSpec() akashprovider.Spec {
	dec := sdkmath.LegacyMustNewDecFromStr
	const gib = 1 << 30
	return akashprovider.Spec{
		Name: "test", Domain: "ingress.local.test",
		Pricing: akashprovider.Pricing{
			PerMilliCPU: dec("0.01"), PerMiBMemory: dec("0.002"),
			PerMiBStorage: map[string]sdkmath.LegacyDec{"ephemeral": dec("0.0001")},
		},
		Inventory: []akashprovider.Node{
			{Name: "n1", CPUMilli: 4000, MemoryBytes: 8 * gib, EphemeralStorageBytes: 100 * gib},
		},
		ReadyDelayBlocks: 2,
	}
}

// startOn starts an Akash provider with the account of the recordings on a chain.
func startOn(t *testing.T, chain *fakeChain, clock *clock, spec akashprovider.Spec) *world {
	t.Helper()
	owner := newAccount(t, 3)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	second, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	identity, err := akashprovider.NewIdentity(owner.address, "127.0.0.1", clock.Now())
	require.NoError(t, err)
	p, err := akashprovider.Start(t.Context(), akashprovider.Config{
		Spec: spec, Identity: identity, Conn: chain.conn, Wallet: fakeWallet{chain: chain, address: owner.address},
		Listener: listener, GRPCListener: second, ChainID: "test", BlockTime: 20 * time.Millisecond, Now: clock.Now,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return &world{AkashProvider: p, chain: chain, clock: clock, identity: identity}
}

func start(t *testing.T, edit func(*akashprovider.Spec)) *world {
	t.Helper()
	spec := testSpec()
	if edit != nil {
		edit(&spec)
	}
	w := startOn(t, newFakeChain(t), newClock(), spec)
	w.settle(t, 1)
	return w
}

// settle lets n blocks pass one by one, each followed to its end.
func (w *world) settle(t *testing.T, n int) {
	t.Helper()
	for range n {
		w.chain.blocks(1)
		want := w.chain.heightNow()
		eventually(t, "the step of a block", func() bool { return w.Height() >= want })
	}
}

func (c *fakeChain) heightNow() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.height
}

// webManifest is the manifest of the recordings' web.yaml; env changes it without touching resources.
func webManifest(t *testing.T, env string) (body, hash []byte) {
	t.Helper()
	body = []byte(`[{"name":"dcloud","services":[{"name":"web","image":"nginx:1.25.3","command":null,"args":null,"env":[` +
		`"` + env + `"],"resources":{"id":1,"cpu":{"units":{"val":"500"}},"memory":{"size":{"val":"536870912"}},"storage":[` +
		`{"name":"default","size":{"val":"536870912"}}],"gpu":{"units":{"val":"0"}},"endpoints":[{"sequence_number":0}]},` +
		`"count":1,"expose":[{"port":80,"externalPort":80,"proto":"TCP","service":"","global":true,"hosts":null,` +
		`"httpOptions":{"maxBodySize":1048576,"readTimeout":60000,"sendTimeout":60000,"nextTries":3,"nextTimeout":0,` +
		`"nextCases":["error","timeout"]},"ip":"","endpointSequenceNumber":0}],"credentials":null}]}]`)
	m, err := manifest.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	hash, err = m.Hash()
	require.NoError(t, err)
	return body, hash
}

// webGroup is the group spec of web.yaml, at most 1000uact a block.
func webGroup() deploymentv1beta4.GroupSpec {
	value := func(n int64) resourcesv1beta4.ResourceValue {
		return resourcesv1beta4.ResourceValue{Val: sdkmath.NewInt(n)}
	}
	return deploymentv1beta4.GroupSpec{Name: "dcloud", Resources: []deploymentv1beta4.ResourceUnit{{
		Resource: resourcesv1beta4.Resources{
			ID: 1, CPU: &resourcesv1beta4.CPU{Units: value(500)}, Memory: &resourcesv1beta4.Memory{Quantity: value(512 << 20)},
			Storage:   []resourcesv1beta4.Storage{{Name: "default", Quantity: value(512 << 20)}},
			GPU:       &resourcesv1beta4.GPU{Units: value(0)},
			Endpoints: []resourcesv1beta4.Endpoint{{Kind: resourcesv1beta4.Endpoint_SHARED_HTTP}},
		},
		Count: 1, Price: sdk.DecCoin{Denom: "uact", Amount: sdkmath.LegacyNewDec(1000)},
	}}}
}

func firstOrder(owner string, dseq uint64) marketv1.OrderID {
	return marketv1.OrderID{Owner: owner, DSeq: dseq, GSeq: 1, OSeq: 1}
}

// bearer signs claims with an account's key, either way of signing.
func bearer(t *testing.T, a account, alg string, claims map[string]any) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	input := part(map[string]string{"alg": alg, "typ": "JWT"}) + "." + part(claims)
	signed := input
	if alg == "ES256KADR36" {
		doc, err := json.Marshal(map[string]any{
			"account_number": "0", "chain_id": "", "fee": map[string]any{"amount": []string{}, "gas": "0"},
			"memo": "", "sequence": "0", "msgs": []any{map[string]any{"type": "sign/MsgSignData", "value": map[string]any{
				"signer": a.address, "data": base64.StdEncoding.EncodeToString([]byte(input)),
			}}},
		})
		require.NoError(t, err)
		signed = string(doc)
	}
	signature, err := a.key.Sign([]byte(signed))
	require.NoError(t, err)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}
