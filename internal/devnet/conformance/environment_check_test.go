// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDialing(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"h:9090": "h:9090 insecure", "http://h:9090": "h:9090 insecure", "https://h:443": "h:443 tls",
	} {
		target, transport := dialing(endpoint)
		require.Equal(t, want, target+" "+transport.Info().SecurityProtocol)
	}
}

func TestReadPlace(t *testing.T) {
	t.Parallel()
	full := map[string]string{
		envRPC: "http://h:26657/", envGRPC: "h:9090", envREST: "http://h:1317", envChainID: "c-1", envMnemonic: "words",
	}
	with := func(key, value string) func(string) string {
		return func(name string) string {
			if name == key {
				return value
			}
			return full[name]
		}
	}
	_, ok, err := readPlace(func(string) string { return "" })
	require.NoError(t, err)
	require.False(t, ok, "the devnet, when nothing is named")

	p, ok, err := readPlace(with("", ""))
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, p.foreign)
	require.Equal(t, "http://h:26657", p.rpc)
	require.Equal(t, defaultHDPath, p.hdPath)
	require.Empty(t, p.sellers)

	p, _, err = readPlace(with(envProviders, "a, b,"))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, p.sellers)
	p, _, err = readPlace(with(envHDPath, "m/44'/118'/0'/0/1"))
	require.NoError(t, err)
	require.Equal(t, "m/44'/118'/0'/0/1", p.hdPath)

	_, _, err = readPlace(with(envMnemonic, ""))
	require.EqualError(t, err, "a foreign chain needs AKASH_CONFORMANCE_MNEMONIC as well")
}
