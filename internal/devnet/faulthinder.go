// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/door"
)

// delayed answers HTTP after the delay in force.
func delayed(next http.Handler, faults *faultBox) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if faults.wait(r.Context()) != nil {
			return // nobody is waiting any more
		}
		next.ServeHTTP(w, r)
	})
}

// resettable resets the connection in place of an answer when the faults in force say so.
func resettable(next http.Handler, at Endpoint, faults *faultBox, in *door.Door) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if faults.reset(at) {
			in.Reset(r.RemoteAddr)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hinder delays a call over gRPC and may reset its connection; an error ends the call. Calls from inside the process
// have none to reset: REST is reset on its own side.
func (c localClient) hinder(ctx context.Context) error {
	if err := c.faults.wait(ctx); err != nil {
		return err
	}
	from, ok := peer.FromContext(ctx)
	if !ok || from.Addr.Network() != "tcp" || !c.faults.reset(EndpointGRPC) {
		return nil
	}
	c.door.Reset(from.Addr.String())
	return status.Error(codes.Unavailable, "fault: the connection was reset")
}
