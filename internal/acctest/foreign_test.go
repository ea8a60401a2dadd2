// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadPlace(t *testing.T) {
	t.Parallel()
	full := map[string]string{envGRPC: "h:9090", envChainID: "c-1", envMnemonic: "words", envProviders: "a, b,"}
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
	require.False(t, ok, "a devnet, when nothing is named")

	p, ok, err := readPlace(with("", ""))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, place{
		endpoint: "http://h:9090", chainID: "c-1", mnemonic: "words", paths: []string{defaultHDPath},
		sellers: []string{"a", "b"},
	}, p)

	p, _, err = readPlace(with(envGRPC, "https://h:443/"))
	require.NoError(t, err)
	require.Equal(t, "https://h:443", p.endpoint)
	p, _, err = readPlace(with(envHDPath, "m/44'/118'/0'/0/1"))
	require.NoError(t, err)
	require.Equal(t, []string{"m/44'/118'/0'/0/1"}, p.paths)
	p, _, err = readPlace(with(envMorePaths, "m/44'/118'/0'/0/1, m/44'/118'/0'/0/2"))
	require.NoError(t, err)
	require.Equal(t, []string{defaultHDPath, "m/44'/118'/0'/0/1", "m/44'/118'/0'/0/2"}, p.paths)

	_, _, err = readPlace(with(envMnemonic, ""))
	require.EqualError(t, err, "a foreign chain needs AKASH_CONFORMANCE_MNEMONIC as well")
}
