// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const host = "www.example.com"

// strict is a gateway that refuses a manifest while another deployment has its host name, as some do.
type strict struct {
	deploy.Gateway
	mu    sync.Mutex
	taken bool
	moved []string
}

func (s *strict) SubmitManifest(ctx context.Context, dseq uint64, manifest []byte) error {
	s.mu.Lock()
	taken := s.taken
	s.mu.Unlock()
	if taken {
		return fmt.Errorf("%w: %w", gateway.ErrUnavailable,
			&gateway.RefusedError{Status: 500, Body: `hostname not allowed: host "` + host + `" in use`})
	}
	return s.Gateway.SubmitManifest(ctx, dseq, manifest)
}

func (s *strict) MigrateHostnames(_ context.Context, _ ids.GroupID, hosts []string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken, s.moved = false, append(s.moved, hosts...)
	return hosts, nil
}

// hosted is a request for a deployment that accepts the host name.
func hosted(t *testing.T) (deploy.OpenRequest, *sdl.Document) {
	t.Helper()
	doc, problems := sdl.Parse([]byte(strings.Replace(webSDL, "as: 80,", "as: 80, accept: ["+host+"],", 1)))
	require.NotNil(t, doc, problems.String())
	return deploy.OpenRequest{
		Groups: doc.Groups(), Hash: doc.Hash(), Deposit: sdk.NewInt64Coin(coin.UACT, 5_000_000),
	}, doc
}

func TestEnsureLeaseTakesHostsFromAnOlderDeployment(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	request, doc := hosted(t)
	var leases []deploy.Lease
	for range 2 {
		d, err := r.Open(t.Context(), request)
		require.NoError(t, err)
		d.HandedOver()
		lease, err := r.EnsureLease(t.Context(), leaseOf(d.ID, doc))
		require.NoError(t, err)
		require.Empty(t, lease.HostTrouble)
		require.Contains(t, lease.Status.Services["web"].URIs, host)
		leases = append(leases, lease)
	}
	require.Empty(t, leases[0].MovedHosts, "nobody had it")
	require.Equal(t, []string{host}, leases[1].MovedHosts)
	require.Equal(t, leases[0].ID.ProviderAddr, leases[1].ID.ProviderAddr)
	old, err := r.ReadStatus(t.Context(), leases[0].ID)
	require.NoError(t, err)
	require.NotContains(t, old.Services["web"].URIs, host)
}

func TestEnsureLeaseMovesAHostThatKeepsTheManifestOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	r := h.start(nil)
	request, doc := hosted(t)
	d, err := r.Open(t.Context(), request)
	require.NoError(t, err)
	open, gate := r.Gateways, &strict{taken: true}
	r.Gateways = func(hostURI, providerAddr string) (deploy.Gateway, error) {
		client, err := open(hostURI, providerAddr)
		gate.mu.Lock()
		defer gate.mu.Unlock()
		gate.Gateway = client
		return gate, err
	}
	lease, err := r.EnsureLease(t.Context(), leaseOf(d.ID, doc))
	require.NoError(t, err)
	require.Equal(t, []string{host}, gate.moved)
	require.Equal(t, uint32(1), lease.ID.OSeq, "no other Akash provider had to be asked")
}

// TestHostInUseIsExplained tells a host name that somebody else holds from everything else a gateway may refuse.
func TestHostInUseIsExplained(t *testing.T) {
	t.Parallel()
	taken := deploy.ExplainRefusal(fmt.Errorf("%w: %w", gateway.ErrUnavailable,
		&gateway.RefusedError{Status: 500, Body: `hostname not allowed: host "` + host + `" in use`}))
	require.Equal(t, "Host name in use", taken.Title)
	require.Contains(t, taken.Next, "somebody else took it first")
	other := deploy.ExplainRefusal(&gateway.RefusedError{Status: 422, Body: "manifest version validation failed"})
	require.Equal(t, "Manifest refused", other.Title)
}
