// SPDX-License-Identifier: Apache-2.0

package akashprovider_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	sdkmath "cosmossdk.io/math"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	inventoryv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/inventory/v1"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// dialGRPC connects to the gateway's gRPC, with a client certificate or without.
func dialGRPC(t *testing.T, w *world, certificate *tls.Certificate) *grpc.ClientConn {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13} // who answers is checked elsewhere
	if certificate != nil {
		config.Certificates = []tls.Certificate{*certificate}
	}
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	conn, err := grpc.NewClient(w.GRPCAddr(), grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(encoding.Codec.GRPCCodec())))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// kitchen is a spec with something of everything.
func kitchen(s *akashprovider.Spec) {
	s.LeasedIPs, s.ReclamationWindow = 3, 2*time.Hour
	s.PersistentStorage = []akashprovider.StoragePool{{Class: "beta2", Bytes: 5000}, {Class: "beta3", Bytes: 1 << 40}}
	s.Inventory[0].StorageClasses = []string{"beta2"}
	s.Inventory[0].GPUs = []akashprovider.GPU{
		{Vendor: "nvidia", Model: "t4", RAM: "16Gi", Interface: "PCIe", Units: 2},
	}
}

// amounts are capacity, allocatable and allocated.
func amounts(p inventoryv1.ResourcePair) [3]string {
	return [3]string{p.Capacity.String_, p.Allocatable.String_, p.Allocated.String_}
}

func TestGRPC_status(t *testing.T) {
	t.Parallel()
	w := start(t, kitchen)
	tenant := tenantOf(t, w)
	client := providerv1.NewProviderRPCClient(dialGRPC(t, w, nil))
	got, err := client.GetStatus(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	require.Equal(t, w.clock.Now(), got.Timestamp)
	require.Equal(t, []string{"127.0.0.1"}, got.PublicHostnames)
	require.Equal(t, 2*time.Hour, *got.ReclamationWindow)
	inventory := got.Cluster.Inventory
	require.Equal(t, [3]string{"3", "3", "0"}, amounts(inventory.LeasedIp))
	require.Len(t, inventory.Cluster.Storage, 2)
	require.Equal(t, "beta2", inventory.Cluster.Storage[0].Info.Class)
	require.Equal(t, [3]string{"5k", "5k", "0"}, amounts(inventory.Cluster.Storage[0].Quantity))
	require.Len(t, inventory.Cluster.Nodes, 1)
	node := inventory.Cluster.Nodes[0]
	require.Equal(t, "n1", node.Name)
	require.Equal(t, []string{"beta2"}, node.Capabilities.StorageClasses)
	require.Equal(t, [3]string{"4", "4", "0"}, amounts(node.Resources.CPU.Quantity))
	require.Equal(t, uint32(4), node.Resources.CPU.Info[0].Vcores)
	require.Equal(t, [3]string{"8589934592", "8589934592", "0"}, amounts(node.Resources.Memory.Quantity))
	require.Equal(t, [3]string{"2", "2", "0"}, amounts(node.Resources.GPU.Quantity))
	device := inventoryv1.GPUInfo{
		Vendor: "nvidia", VendorId: "10de", Name: "t4", Modelid: "1eb8", Interface: "PCIe", MemorySize: "16Gi",
	}
	require.Equal(t, []inventoryv1.GPUInfo{device, device}, node.Resources.GPU.Info, "one by one")

	// An order holds resources, a lease has them; both show.
	body, _ := webManifest(t, firstEnv)
	leasedWith(t, w, tenant, 1, body, webGroup())
	w.chain.order(firstOrder(tenant.address, 2), []byte("h"), webGroup())
	w.settle(t, 2)
	got, err = client.GetStatus(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	require.Equal(t, uint32(1), got.Cluster.Leases.Active)
	require.Equal(t, uint32(1), got.BidEngine.Orders)
	require.Equal(t, uint32(1), got.Manifest.Deployments)
	require.Equal(t, [3]string{"4", "4", "1"}, amounts(got.Cluster.Inventory.Cluster.Nodes[0].Resources.CPU.Quantity))
	for _, r := range []providerv1.ReservationsMetric{
		got.Cluster.Inventory.Reservations.Active, got.Cluster.Inventory.Reservations.Pending,
	} {
		require.Equal(t, uint32(1), r.Count)
		require.Equal(t, "500m", r.Resources.CPU.String_)
		require.Equal(t, "536870912", r.Resources.Memory.String_)
	}
}

func TestGRPC_stream(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := providerv1.NewProviderRPCClient(dialGRPC(t, w, nil)).StreamStatus(ctx, &emptypb.Empty{})
	require.NoError(t, err)
	first, err := stream.Recv()
	require.NoError(t, err)
	require.Zero(t, first.BidEngine.Orders)
	w.settle(t, 3) // blocks without news send nothing
	w.chain.order(firstOrder(tenant.address, 1), []byte("h"), webGroup())
	w.settle(t, 1)
	second, err := stream.Recv()
	require.NoError(t, err)
	require.Equal(t, uint32(1), second.BidEngine.Orders)
	require.NoError(t, w.Close(), "streams do not keep it")
	_, err = stream.Recv()
	require.Error(t, err)
}

func TestGRPC_refusals(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	tenant := tenantOf(t, w)
	conn := dialGRPC(t, w, nil)
	client := providerv1.NewProviderRPCClient(conn)
	_, err := client.BidScreening(t.Context(), &providerv1.BidScreeningRequest{})
	require.Equal(t, codes.Unimplemented, status.Code(err))
	require.Equal(t, "BidScreening not implemented", status.Convert(err).Message())
	status404, _ := call(t, w, tenant, http.MethodPost, "/v1/bid-screening", []byte(`{}`))
	require.Equal(t, http.StatusNotFound, status404)

	// A token in the metadata kills the network's daemon; here it only looks like it.
	_, err = client.GetStatus(metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer x"), &emptypb.Empty{})
	require.Equal(t, codes.Unavailable, status.Code(err))
	_, err = client.GetStatus(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)

	// A certificate is not needed, but has to be good.
	_, err = providerv1.NewProviderRPCClient(dialGRPC(t, w, tenant.certificate)).GetStatus(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	stranger := newAccount(t, 2).withCertificate(t, w.clock.Now(), nil)
	_, err = providerv1.NewProviderRPCClient(dialGRPC(t, w, stranger.certificate)).GetStatus(t.Context(), &emptypb.Empty{})
	require.Equal(t, codes.Unavailable, status.Code(err), "the handshake fails: %v", err)

	services, err := services(t, conn)
	require.NoError(t, err)
	require.Contains(t, services, "akash.provider.v1.ProviderRPC")
	require.NotContains(t, services, "akash.provider.lease.v1.LeaseRPC")

	w.SetFaults(akashprovider.Faults{GatewayDown: true})
	_, err = client.GetStatus(t.Context(), &emptypb.Empty{})
	require.Equal(t, codes.Unavailable, status.Code(err))
	stream, err := client.StreamStatus(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	_, err = stream.Recv()
	require.Equal(t, codes.Unavailable, status.Code(err))
}

// services asks by reflection.
//
//nolint:staticcheck // gogoreflection serves v1alpha only, which grpc-go calls deprecated
func services(t *testing.T, conn *grpc.ClientConn) ([]string, error) {
	t.Helper()
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		return nil, err
	}
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}); err != nil {
		return nil, err
	}
	res, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range res.GetListServicesResponse().GetService() {
		names = append(names, s.Name)
	}
	return names, nil
}

func TestGRPC_screening(t *testing.T) {
	t.Parallel()
	w := start(t, func(s *akashprovider.Spec) { s.BidScreening, s.LeasedIPs = true, 8 })
	tenant := tenantOf(t, w)
	deploySite(t, w, tenant, 1, site("a.example"))
	other := newAccount(t, 2).withCertificate(t, w.clock.Now(), nil)
	w.chain.know(other)
	w.chain.publishAccount(other)
	client := providerv1.NewProviderRPCClient(dialGRPC(t, w, other.certificate))
	edited := func(edit func(*deploymentv1beta4.GroupSpec)) *deploymentv1beta4.GroupSpec {
		spec := webGroup()
		edit(&spec)
		return &spec
	}
	good := edited(func(*deploymentv1beta4.GroupSpec) {})
	for _, c := range []struct {
		name, reason string
		req          *providerv1.BidScreeningRequest
		price        bool
	}{
		{"good", "", &providerv1.BidScreeningRequest{GroupSpec: good}, true},
		{"free host", "", &providerv1.BidScreeningRequest{GroupSpec: good, Hostnames: []string{"free.example"}}, true},
		{"no spec", "missing group spec", &providerv1.BidScreeningRequest{}, false},
		{
			"host of another", `hostname unavailable: hostname not allowed: host "a.example" in use`,
			&providerv1.BidScreeningRequest{GroupSpec: good, Hostnames: []string{"a.example"}}, false,
		},
		{
			"attributes", "incompatible provider attributes",
			&providerv1.BidScreeningRequest{GroupSpec: edited(func(s *deploymentv1beta4.GroupSpec) {
				s.Requirements.Attributes = []attributesv1.Attribute{{Key: "region", Value: "moon"}}
			})}, false,
		},
		{
			"too big", "provider does not have sufficient resources for this deployment",
			&providerv1.BidScreeningRequest{GroupSpec: edited(func(s *deploymentv1beta4.GroupSpec) {
				s.Resources[0].Count = 50
			})}, false,
		},
		{
			"too dear", "price too high: calculated ",
			&providerv1.BidScreeningRequest{GroupSpec: edited(func(s *deploymentv1beta4.GroupSpec) {
				s.Resources[0].Price.Amount = sdkmath.LegacyOneDec()
			})}, true,
		},
		{
			"unfinished", "group validation error: ",
			&providerv1.BidScreeningRequest{GroupSpec: edited(func(s *deploymentv1beta4.GroupSpec) {
				s.Resources[0].Resource.CPU = nil
			})}, false,
		},
	} {
		got, err := client.BidScreening(t.Context(), c.req)
		require.NoError(t, err, c.name)
		require.Equal(t, c.reason == "", got.Passed, c.name)
		require.Equal(t, c.price, got.Price != nil, c.name)
		if c.reason != "" {
			require.Len(t, got.Reasons, 1, c.name)
			require.Contains(t, got.Reasons[0], c.reason)
		}
	}
	require.Equal(t, 0, w.Pending(), "nothing stays reserved")

	// The price is that of the bid which follows.
	got, err := client.BidScreening(t.Context(), &providerv1.BidScreeningRequest{GroupSpec: good})
	require.NoError(t, err)
	require.Len(t, got.ResourceOffers, 1)
	before := len(bids(w))
	w.chain.order(firstOrder(other.address, 1), []byte("h"), webGroup())
	w.settle(t, 2)
	eventually(t, "a bid", func() bool { return len(bids(w)) > before })
	require.Equal(t, bids(w)[before].Price.String(), got.Price.String())

	// Somebody has to ask: by certificate or by token, here and over REST.
	anonymous := providerv1.NewProviderRPCClient(dialGRPC(t, w, nil))
	_, err = anonymous.BidScreening(t.Context(), &providerv1.BidScreeningRequest{GroupSpec: good})
	require.Equal(t, codes.Unauthenticated, status.Code(err))
	now := w.clock.Now()
	token := "Bearer " + bearer(t, other, "ES256K", map[string]any{
		"iss": other.address, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix(), "version": "v1",
		"leases": map[string]any{"access": "full"},
	})
	_, err = anonymous.BidScreening(metadata.AppendToOutgoingContext(t.Context(), "authorization", token),
		&providerv1.BidScreeningRequest{GroupSpec: good})
	require.NoError(t, err)
	_, err = anonymous.BidScreening(metadata.AppendToOutgoingContext(t.Context(), "authorization", token+"x"),
		&providerv1.BidScreeningRequest{GroupSpec: good})
	require.Equal(t, codes.Unauthenticated, status.Code(err))

	body, err := json.Marshal(&providerv1.BidScreeningRequest{GroupSpec: good})
	require.NoError(t, err)
	code, text := call(t, w, other, http.MethodPost, "/v1/bid-screening", body)
	require.Equal(t, http.StatusOK, code, text)
	var answer providerv1.BidScreeningResponse
	require.NoError(t, json.Unmarshal([]byte(text), &answer))
	require.True(t, answer.Passed)
	require.Equal(t, got.Price.String(), answer.Price.String())
	code, _ = call(t, w, account{}, http.MethodPost, "/v1/bid-screening", body)
	require.Equal(t, http.StatusUnauthorized, code)
	code, _ = call(t, w, other, http.MethodPost, "/v1/bid-screening", []byte("x"))
	require.Equal(t, http.StatusBadRequest, code)
}
