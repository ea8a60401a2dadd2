// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

func TestMethodNotFound(t *testing.T) {
	t.Parallel()
	hash := chain.TxHash([]byte("x"))
	answer := func(err error) *node {
		return &node{
			chainID: "fake-1", tx: func(string) (any, error) { return nil, err },
			broadcast: func([]byte) (any, error) { return nil, err },
		}
	}
	client := dial(t, chain.Config{RPC: []string{answer(errMethod).serveRPC(t)}})
	_, err := client.FindTx(t.Context(), hash)
	require.ErrorIs(t, err, chain.ErrUnsupported)
	require.NotErrorIs(t, err, chain.ErrNotFound)
	_, err = client.Broadcast(t.Context(), []byte("x"))
	require.ErrorIs(t, err, chain.ErrNotSent)
	require.NotErrorIs(t, err, chain.ErrBroadcastUnknown)

	// Another endpoint may have it.
	client = dial(t, chain.Config{RPC: []string{
		answer(errMethod).serveRPC(t), answer(fmt.Errorf("tx (%s) not found", hash)).serveRPC(t),
	}})
	_, err = client.FindTx(t.Context(), hash)
	require.ErrorIs(t, err, chain.ErrTxNotFound)

	// Other things that are not found say nothing about the transaction.
	for _, text := range []string{
		"block 12 not found", "tx (" + strings.Repeat("AB", 32) + ") not found", "Method not found",
	} {
		client = dial(t, chain.Config{RPC: []string{answer(errors.New(text)).serveRPC(t)}})
		_, err = client.FindTx(t.Context(), hash)
		require.ErrorIs(t, err, chain.ErrUnreachable, text)
		require.NotErrorIs(t, err, chain.ErrNotFound, text)
	}
}

func TestUnsupported_anotherEndpointMayKnow(t *testing.T) {
	t.Parallel()
	old := &node{chainID: "fake-1", answer: func(method string, _ []byte) ([]byte, error) {
		if method == askMethod {
			return nil, status.Error(codes.Unimplemented, "unknown method")
		}
		return nil, nil
	}}
	require.NoError(t, ask(t, dial(t, chain.Config{GRPC: []string{old.serveGRPC(t), deploymentAt(50).serveGRPC(t)}})))
	require.ErrorIs(t, ask(t, dial(t, chain.Config{GRPC: []string{old.serveGRPC(t)}})), chain.ErrUnsupported)
	require.ErrorIs(t, ask(t, dial(t, chain.Config{
		GRPC: []string{old.serveGRPC(t)}, RPC: []string{"http://" + closedAddress(t)},
	})), chain.ErrUnsupported)
}
