// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"google.golang.org/grpc"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
	providerv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1"
)

// screeningTimeout bounds a question that hardly any gateway answers yet.
const screeningTimeout = 1500 * time.Millisecond

// ScreenBid asks whether the Akash provider would bid on group now and for how much; nothing is held for it (AEP-67).
// Hosts are those the manifest wants. It returns [ErrNotOffered] where the software does not know the question, as all
// released does not, and [ErrUnauthorized] where it wants to know who asks and this client does not say.
//
// A client certificate asks over gRPC. A token asks over REST: over gRPC the daemons of the network die of it. A
// supplied token does not ask at all: it may be good with every Akash provider, and those asked here run nothing of
// its owner.
func (c *Client) ScreenBid(
	ctx context.Context, group deploymentv1beta4.GroupSpec, hosts []string,
) (*providerv1.BidScreeningResponse, error) {
	question := &providerv1.BidScreeningRequest{GroupSpec: &group, Hostnames: hosts}
	limit := min(screeningTimeout, c.timeout)
	answer, err := new(providerv1.BidScreeningResponse), ErrNotOffered
	line := c.screening
	if line == nil {
		line = c.grpc
	}
	_, supplied := c.auth.(*SuppliedToken)
	switch {
	case supplied:
		return nil, c.wrap(ErrUnauthorized, "screen a bid")
	case c.auth != nil:
		answer, err = c.screenOverREST(ctx, question, limit)
	case line != nil:
		err = line.call(ctx, limit, func(ctx context.Context, conn grpc.ClientConnInterface) error {
			var err error
			answer, err = providerv1.NewProviderRPCClient(conn).BidScreening(ctx, question)
			return err
		})
	}
	if err != nil {
		return nil, c.wrap(err, "screen a bid")
	}
	return answer, nil
}

func (c *Client) screenOverREST(
	ctx context.Context, question *providerv1.BidScreeningRequest, limit time.Duration,
) (*providerv1.BidScreeningResponse, error) {
	text, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	body, err := c.call(ctx, request{
		method: http.MethodPost, path: "/v1/bid-screening", body: text, protected: true, timeout: limit,
	})
	var refused *RefusedError
	unknown := []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}
	if errors.As(err, &refused) && slices.Contains(unknown, refused.Status) {
		return nil, ErrNotOffered
	}
	if err != nil {
		return nil, err
	}
	answer := new(providerv1.BidScreeningResponse)
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, fmt.Errorf("%w: answer cannot be read: %w", ErrUnavailable, err)
	}
	return answer, nil
}
