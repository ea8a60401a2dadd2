// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// ErrNotOffered: the software behind the gateway does not know the call.
var ErrNotOffered = errors.New("not offered by this gateway")

// ClusterStatus asks for everything the Akash provider tells anybody of its machines: what there is and what is taken,
// GPU models, storage, leased addresses. It asks the gateway's gRPC server, without credentials; where that does not
// answer, [Client.ProviderStatus] tells less. What a field that is not there means is the caller's to know.
func (c *Client) ClusterStatus(ctx context.Context) (*providerv1.Status, error) {
	if c.grpc == nil {
		return nil, c.wrap(ErrNotOffered, "status over gRPC")
	}
	var answer *providerv1.Status
	err := c.grpc.call(ctx, c.timeout, func(ctx context.Context, conn grpc.ClientConnInterface) error {
		var err error
		answer, err = providerv1.NewProviderRPCClient(conn).GetStatus(ctx, &emptypb.Empty{})
		return err
	})
	c.log.Debug("gateway answered", "gateway", c.host, "call", "GetStatus", "error", err)
	if err != nil {
		return nil, c.wrap(err, "status over gRPC")
	}
	return answer, nil
}
