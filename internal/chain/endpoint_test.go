// SPDX-License-Identifier: Apache-2.0

package chain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
)

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"host:9090": "host:9090 false", "http://host:9090": "host:9090 false", "https://host:9090/": "host:9090 true",
		"https://host": "host:443 true", "host:443": "host:443 true", "[::1]:9090": "[::1]:9090 false",
		"http://host": "host:80 false", "tcp://host:1": "host:1 false",
		"host": "error", "": "error", "ftp://host:1": "error", "https://user:pass@host": "error", ":9090": "error",
	} {
		target, useTLS, err := chain.GRPCTarget(text)
		got := fmt.Sprint(target, " ", useTLS)
		if err != nil {
			got = "error"
			require.NotContains(t, err.Error(), "pass")
		}
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"http://host:26657": "http://host:26657", "tcp://host:26657": "http://host:26657", "host:26657": "http://host:26657",
		"host:443": "https://host:443", "https://host/rpc": "https://host/rpc", "": "error", "ftp://host": "error",
		"http://": "error",
	} {
		got, err := chain.RPCURL(text)
		if err != nil {
			got = "error"
		}
		require.Equal(t, want, got, text)
	}
	require.NotContains(t, chain.RedactURL("https://me:secret@host/rpc?key=secret"), "secret")
	require.Equal(t, "https://host/v2/.../rpc", chain.RedactURL("https://host/v2/0123456789abcdef0123/rpc"))
	require.Equal(t, "https://rpc.akt.dev/rpc", chain.RedactURL("https://rpc.akt.dev/rpc"), "routes stay readable")
}
