// SPDX-License-Identifier: Apache-2.0

package wallet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
)

const junk = "test test test test test test test test test test test junk"

func TestDerive(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"m/44'/118'/0'/0/0": "akash15yk64u7zc9g9k2yr2wmzeva5qgwxps6ytfzgqy",
		"m/44'/118'/0'/0/6": "akash1wqsddpelugnm7ss40puw20dacafhq8gk7r567p",
	} {
		got, err := wallet.Derive(junk, path)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestMistakesDoNotQuoteTheWords(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{{"test secretword junk", "m/44'/118'/0'/0/0"}, {junk, "nonsense"}} {
		_, err := wallet.Derive(tc[0], tc[1])
		require.Error(t, err)
		require.NotContains(t, err.Error(), "secretword")
		require.NotContains(t, err.Error(), "junk")
	}
}

func TestErrorTellsTheChainsAnswer(t *testing.T) {
	t.Parallel()
	err := &wallet.Error{Codespace: "deployment", Code: 3, Log: "Deployment exists"}
	require.EqualError(t, err, "deployment 3: Deployment exists")
}
