// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// TestNode asks for a block and a version over every kind of endpoint.
func TestNode(t *testing.T) {
	t.Parallel()
	n, err := devnet.Start(t.Context(), devnet.Options{BlockTime: 100 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Stop()) })
	var blocks []chain.Block
	for name, cfg := range map[string]chain.Config{
		"grpc": {GRPC: []string{n.GRPC()}}, "rpc": {RPC: []string{n.RPC()}}, "rest": {REST: []string{n.REST()}},
	} {
		c, err := chain.Dial(t.Context(), cfg)
		require.NoError(t, err, name)
		t.Cleanup(func() { require.NoError(t, c.Close()) })
		first, err := c.BlockAt(t.Context(), 1)
		require.NoError(t, err, name)
		require.Equal(t, int64(1), first.Height)
		blocks = append(blocks, first)
		_, err = c.BlockAt(t.Context(), 1_000_000)
		require.Error(t, err, name)
		version, err := c.NodeVersion(t.Context())
		require.NoError(t, err, name)
		require.NotEmpty(t, version, name)
	}
	require.Equal(t, blocks[0], blocks[1])
	require.Equal(t, blocks[0], blocks[2])
	require.False(t, blocks[0].Time.IsZero())
}
