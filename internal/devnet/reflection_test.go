// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// Whatever is served is listed, and what is listed is described.
//
//nolint:staticcheck // the SDK serves v1alpha only, which grpc-go calls deprecated
func TestReflectionListsAllServices(t *testing.T) {
	t.Parallel()
	n := start(t, devnet.Options{})
	conn, err := grpc.NewClient(n.GRPC(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	require.NoError(t, err)
	ask := func(req *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
		t.Helper()
		require.NoError(t, stream.Send(req))
		res, err := stream.Recv()
		require.NoError(t, err)
		return res
	}
	var services []string
	for _, s := range ask(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}).GetListServicesResponse().GetService() {
		services = append(services, s.GetName())
	}
	for _, want := range []string{
		"akash.audit.v1.Query", "akash.bme.v1.Query", "akash.cert.v1.Query", "akash.deployment.v1beta4.Query",
		"akash.discovery.v1.Discovery", "akash.escrow.v1.Query", "akash.market.v1beta5.Query", "akash.oracle.v2.Query",
		"akash.provider.v1beta4.Query", "cosmos.auth.v1beta1.Query", "cosmos.authz.v1beta1.Query",
		"cosmos.bank.v1beta1.Query", "cosmos.base.node.v1beta1.Service", "cosmos.base.tendermint.v1beta1.Service",
		"cosmos.consensus.v1.Query", "cosmos.feegrant.v1beta1.Query", "cosmos.tx.v1beta1.Service",
		"grpc.reflection.v1alpha.ServerReflection",
	} {
		require.Contains(t, services, want)
	}
	for _, name := range services {
		res := ask(&reflectionv1.ServerReflectionRequest{
			MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: name},
		})
		require.NotEmpty(t, res.GetFileDescriptorResponse().GetFileDescriptorProto(), "%s: %s", name, res.GetErrorResponse())
	}
	require.NoError(t, stream.CloseSend())
}
