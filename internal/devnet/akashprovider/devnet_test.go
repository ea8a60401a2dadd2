// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	depositv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/deposit/v1"
	resourcesv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/resources/v1beta4"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	deploymentv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
	marketv1beta5 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1beta5"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// onDevnet is a tenant on a real chain with the default Akash providers, and nothing of our client.
type onDevnet struct {
	*devnet.Network
	tenant account
	wallet *wallet.Wallet
	market marketv1beta5.QueryClient
}

func newOnDevnet(t *testing.T) *onDevnet {
	t.Helper()
	return onDevnetWith(t, devnet.Options{BlockTime: 100 * time.Millisecond})
}

func onDevnetWith(t *testing.T, opts devnet.Options) *onDevnet {
	t.Helper()
	network, err := devnet.Start(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, network.Stop()) })
	w, err := wallet.New(wallet.Config{
		Conn: network.Conn(), ChainID: network.ChainID(), Mnemonic: testMnemonic, HDPath: "m/44'/118'/0'/0/1",
	})
	require.NoError(t, err)
	return &onDevnet{
		Network: network, wallet: w, market: marketv1beta5.NewQueryClient(network.Conn()),
		tenant: newAccount(t, 1).withCertificate(t, time.Now(), nil),
	}
}

func (d *onDevnet) create(t *testing.T, dseq uint64, hash []byte, spec deploymentv1beta4.GroupSpec) {
	t.Helper()
	require.NoError(t, d.wallet.Broadcast(t.Context(), &deploymentv1beta4.MsgCreateDeployment{
		ID: deploymentv1.DeploymentID{Owner: d.tenant.address, DSeq: dseq}, Groups: []deploymentv1beta4.GroupSpec{spec},
		Hash: hash, Deposit: depositv1.Deposit{
			Amount:  sdk.Coin{Denom: "uact", Amount: sdkmath.NewInt(5_000_000)},
			Sources: []depositv1.Source{depositv1.Source_balance},
		},
	}))
}

// openBids reads the open bids of a deployment from the chain.
func (d *onDevnet) openBids(t *testing.T, dseq uint64) []marketv1beta5.Bid {
	t.Helper()
	res, err := d.market.Bids(t.Context(), &marketv1beta5.QueryBidsRequest{
		Filters: marketv1beta5.BidFilters{Owner: d.tenant.address, DSeq: dseq, State: "open"},
	})
	require.NoError(t, err)
	bids := make([]marketv1beta5.Bid, len(res.Bids))
	for i, b := range res.Bids {
		bids[i] = b.Bid
	}
	return bids
}

func (d *onDevnet) named(t *testing.T, address string) *akashprovider.AkashProvider {
	t.Helper()
	for _, p := range d.AkashProviders() {
		if p.Address() == address {
			return p
		}
	}
	t.Fatalf("no Akash provider has the address %s", address)
	return nil
}

func (d *onDevnet) lease(t *testing.T, bid marketv1beta5.Bid) ids.LeaseID {
	t.Helper()
	require.NoError(t, d.wallet.Broadcast(t.Context(), &marketv1beta5.MsgCreateLease{BidID: bid.ID}))
	return ids.LeaseID{
		Owner: bid.ID.Owner, DSeq: bid.ID.DSeq, GSeq: bid.ID.GSeq, OSeq: bid.ID.OSeq, ProviderAddr: bid.ID.Provider,
	}
}

// ask sends a request with a token, or with the client certificate where by is not nil.
func (d *onDevnet) ask(
	t *testing.T, p *akashprovider.AkashProvider, method, path string, body []byte, by *tls.Certificate,
) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.HostURI()+path, bytes.NewReader(body))
	require.NoError(t, err)
	if by == nil {
		now := time.Now()
		req.Header.Set("Authorization", "Bearer "+bearer(t, d.tenant, "ES256K", map[string]any{
			"iss": d.tenant.address, "iat": now.Unix() - 30, "nbf": now.Unix() - 30, "exp": now.Unix() + 60, "version": "v1",
			"leases": map[string]string{"access": "full"},
		}))
	}
	got := do(t, req, by)
	return got.status, got.text()
}

func TestDevnet_wholeLife(t *testing.T) {
	t.Parallel()
	d := newOnDevnet(t)
	body, hash := webManifest(t, firstEnv)
	d.create(t, 100, hash, webGroup())
	var bids []marketv1beta5.Bid
	eventually(t, "three bids", func() bool { bids = d.openBids(t, 100); return len(bids) == 3 })
	cheapest := bids[0]
	for _, b := range bids {
		if b.Price.Amount.LT(cheapest.Price.Amount) {
			cheapest = b
		}
	}
	p := d.named(t, cheapest.ID.Provider)
	require.Equal(t, "amber", p.Name())
	lease := d.lease(t, cheapest)

	status, text := d.ask(t, p, http.MethodPut, "/deployment/100/manifest", body, nil)
	require.Equal(t, http.StatusOK, status, text)
	eventually(t, "a ready service", func() bool {
		_, text = d.ask(t, p, http.MethodGet, "/lease/100/1/1/status", nil, nil)
		return strings.Contains(text, `"available":1,"total":1`)
	})
	require.Contains(t, text, ".ingress.amber.test")

	// The same with a client certificate that was published on the way.
	block := &pem.Block{Type: "CERTIFICATE", Bytes: d.tenant.certificate.Certificate[0]}
	leaf, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(leaf.PublicKey)
	require.NoError(t, err)
	require.NoError(t, d.wallet.Broadcast(t.Context(), &certv1.MsgCreateCertificate{
		Owner: d.tenant.address, Cert: pem.EncodeToMemory(block),
		Pubkey: pem.EncodeToMemory(&pem.Block{Type: "EC PUBLIC KEY", Bytes: public}),
	}))
	status, _ = d.ask(t, p, http.MethodGet, "/lease/100/1/1/status", nil, d.tenant.certificate)
	require.Equal(t, http.StatusOK, status)

	// An update: the new manifest is wrong until its hash is on chain.
	updated, hash := webManifest(t, updatedEnv)
	status, text = d.ask(t, p, http.MethodPut, "/deployment/100/manifest", updated, nil)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, "manifest version validation failed", text)
	id := deploymentv1.DeploymentID{Owner: d.tenant.address, DSeq: 100}
	require.NoError(t, d.wallet.Broadcast(t.Context(), &deploymentv1beta4.MsgUpdateDeployment{ID: id, Hash: hash}))
	status, text = d.ask(t, p, http.MethodPut, "/deployment/100/manifest", updated, nil)
	require.Equal(t, http.StatusOK, status, text)
	services, ok := p.Deployed(lease)
	require.True(t, ok)
	require.Equal(t, []string{updatedEnv}, services[0].Env)

	require.NoError(t, d.wallet.Broadcast(t.Context(), &deploymentv1beta4.MsgCloseDeployment{ID: id}))
	eventually(t, "the lease forgotten", func() bool { return len(p.Leases()) == 0 })
	status, text = d.ask(t, p, http.MethodGet, "/lease/100/1/1/status", nil, nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Empty(t, text)
	status, text = d.ask(t, p, http.MethodPut, "/deployment/100/manifest", updated, nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "no lease for deployment", text)
}

// Clients find the gateway's gRPC one port above what is on chain.
func TestDevnet_neighbouringPorts(t *testing.T) {
	t.Parallel()
	for _, p := range newOnDevnet(t).AkashProviders() {
		uri, err := url.Parse(p.HostURI())
		require.NoError(t, err)
		port, err := strconv.Atoi(uri.Port())
		require.NoError(t, err)
		require.Equal(t, net.JoinHostPort(uri.Hostname(), strconv.Itoa(port+1)), p.GRPCAddr())
		got, err := providerv1.NewProviderRPCClient(dialGRPC(t, &world{AkashProvider: p}, nil)).
			GetStatus(t.Context(), &emptypb.Empty{})
		require.NoError(t, err)
		require.NotEmpty(t, got.Cluster.Inventory.Cluster.Nodes)
	}
}

func TestDevnet_akashProviderClosesLease(t *testing.T) {
	t.Parallel()
	d := newOnDevnet(t)
	_, hash := webManifest(t, firstEnv)
	d.create(t, 200, hash, webGroup())
	// All of them: a bid that comes between the estimate of a lease's gas and its block makes it fail.
	eventually(t, "three bids", func() bool { return len(d.openBids(t, 200)) == 3 })
	lease := d.lease(t, d.openBids(t, 200)[0])
	p := d.named(t, lease.ProviderAddr)
	eventually(t, "the lease seen", func() bool { return len(p.Leases()) == 1 })
	require.NoError(t, p.CloseLease(t.Context(), lease, marketv1.LeaseClosedReason_lease_closed_reason_unstable))
	group, err := deploymentv1beta4.NewQueryClient(d.Conn()).Group(t.Context(), &deploymentv1beta4.QueryGroupRequest{
		ID: deploymentv1.GroupID{Owner: d.tenant.address, DSeq: 200, GSeq: 1},
	})
	require.NoError(t, err)
	require.Equal(t, deploymentv1beta4.Group_paused, group.Group.State)
	eventually(t, "the lease forgotten", func() bool { return len(p.Leases()) == 0 })
}

// TestDevnet_eligibility: the chain's checks of a bid and the engine's agree on who may bid.
func TestDevnet_eligibility(t *testing.T) {
	t.Parallel()
	d := newOnDevnet(t)
	attribute := func(key, value string) attributesv1.Attribute { return attributesv1.Attribute{Key: key, Value: value} }
	volume := func(class, persistent string) func(*deploymentv1beta4.GroupSpec) {
		return func(g *deploymentv1beta4.GroupSpec) {
			r := &g.Resources[0].Resource
			r.Storage = append(r.Storage, resourcesv1beta4.Storage{
				Name: "data", Quantity: resourcesv1beta4.ResourceValue{Val: sdkmath.NewInt(1 << 30)},
				Attributes: []attributesv1.Attribute{attribute("class", class), attribute("persistent", persistent)},
			})
		}
	}
	gpu := func(keys ...string) func(*deploymentv1beta4.GroupSpec) {
		return func(g *deploymentv1beta4.GroupSpec) {
			var list []attributesv1.Attribute
			for _, key := range keys {
				list = append(list, attribute(key, "true"))
			}
			g.Resources[0].Resource.GPU = &resourcesv1beta4.GPU{
				Units: resourcesv1beta4.ResourceValue{Val: sdkmath.NewInt(1)}, Attributes: list,
			}
			g.Resources[0].Price.Amount = sdkmath.LegacyNewDec(100_000)
		}
	}
	cases := []struct {
		name string
		edit func(*deploymentv1beta4.GroupSpec)
		want string
	}{
		{"anyone", func(*deploymentv1beta4.GroupSpec) {}, "amber birch cedar"},
		{"region", func(g *deploymentv1beta4.GroupSpec) {
			g.Requirements.Attributes = []attributesv1.Attribute{attribute("region", "eu-central")}
		}, "birch"},
		{"beta2", volume("beta2", "true"), "amber birch"},
		{"beta3", volume("beta3", "true"), "birch cedar"},
		{"default class", volume("default", "true"), "amber birch cedar"},
		{"ram", volume("ram", "false"), "birch cedar"},
		{"any gpu", gpu("vendor/nvidia/model/*"), "cedar"},
		{"a100 with interface", gpu("vendor/nvidia/model/a100/ram/80Gi/interface/sxm"), "cedar"},
		{"no such gpu", gpu("vendor/nvidia/model/h100"), ""},
	}
	for i, c := range cases {
		spec := webGroup()
		c.edit(&spec)
		d.create(t, uint64(300+i), bytes.Repeat([]byte{1}, 32), spec)
	}
	for i, c := range cases {
		dseq := uint64(300 + i)
		var bidders string
		eventually(t, fmt.Sprintf("%s: %q", c.name, c.want), func() bool {
			for _, p := range d.AkashProviders() {
				decided := false
				for _, decision := range p.Decisions() {
					decided = decided || decision.Order.DSeq == dseq
				}
				if !decided {
					return false
				}
			}
			bidders = ""
			for _, p := range d.AkashProviders() {
				for _, b := range d.openBids(t, dseq) {
					if b.ID.Provider == p.Address() {
						bidders += " " + p.Name()
					}
				}
			}
			return strings.TrimSpace(bidders) == c.want
		})
	}
}
