// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// Accounts of the public test mnemonic.
const (
	first   = "akash1lh6cxaa5hl0wv73jjct2mk7x2z6rq7deagy78u"
	second  = "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c"
	private = "1111111111111111111111111111111111111111111111111111111111111111"
)

type block = map[string]any

func TestResolve(t *testing.T) {
	t.Parallel()
	mnemonic := block{"mnemonic": devnet.TestMnemonic}
	secondKey := block{"mnemonic": devnet.TestMnemonic, "hd_path": "m/44'/118'/0'/0/1"}
	for name, test := range map[string]struct {
		block block
		env   map[string]string
		want  func(t *testing.T, s provider.Settings)
	}{
		"nothing but a key is mainnet": {
			env: map[string]string{"AKASH_MNEMONIC": devnet.TestMnemonic, "AKASH_HD_PATH": "m/44'/118'/0'/0/1"},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, "akashnet-2", s.ChainID)
				require.NotEmpty(t, s.GRPC)
				require.NotEmpty(t, s.RPC)
				require.Equal(t, 6*time.Second, s.BlockTime)
				require.Equal(t, second, s.Owner)
				require.True(t, s.CanSign)
				require.True(t, s.Ceiling.None())
				require.True(t, s.MaxFee.IsNil())
				require.Contains(t, s.Secrets, devnet.TestMnemonic)
			},
		},
		"the block wins over the environment": {
			block: block{
				"network": "sandbox", "chain_id": "mine-1", "grpc": []any{"http://a:1"}, "key": secondKey,
				"gas": block{"prices": "0.03uakt", "adjustment": "1.5", "max_fee_uakt": "50000"},
			},
			env: map[string]string{
				"AKASH_NETWORK": "testnet", "AKASH_CHAIN_ID": "other-1", "AKASH_GRPC": "http://b:1",
				"AKASH_PRIVATE_KEY": private, "AKASH_HD_PATH": "m/44'/118'/0'/0/7",
				"AKASH_GAS_PRICES": "9uakt", "AKASH_GAS_ADJUSTMENT": "9",
			},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, "mine-1", s.ChainID)
				require.Equal(t, []string{"http://a:1"}, s.GRPC)
				require.Empty(t, s.RPC, "a private node is not mixed with public ones")
				require.Equal(t, second, s.Owner)
				require.Equal(t, "0.03uakt", s.GasPrices)
				require.Equal(t, "1.5", s.GasFactor)
				require.Equal(t, "50000", s.MaxFee.String())
			},
		},
		"everything from the environment": {
			env: map[string]string{
				"AKASH_NETWORK": "custom", "AKASH_CHAIN_ID": "mine-1", "AKASH_NODE": "http://a:1, http://b:2,",
				"AKASH_OWNER": second, "AKASH_GAS_PRICES": "0.03uakt",
			},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, []string{"http://a:1", "http://b:2"}, s.RPC)
				require.Empty(t, s.GRPC)
				require.Equal(t, second, s.Owner)
				require.False(t, s.CanSign)
				require.Equal(t, "0.03uakt", s.GasPrices)
			},
		},
		"REST alone": {
			block: block{"network": "custom", "chain_id": "mine-1", "owner": second},
			env:   map[string]string{"AKASH_REST": "https://a"},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, []string{"https://a"}, s.REST)
				require.Empty(t, s.GRPC)
			},
		},
		"a preset": {
			block: block{"network": "devnet", "owner": second},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, devnet.DefaultChainID, s.ChainID)
				require.Equal(t, []string{"http://127.0.0.1:9090"}, s.GRPC)
			},
		},
		"a ceiling in USD": {
			block: block{"key": mnemonic, "price_ceiling": block{"usd_per_month": "4.383"}},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, "10", coin.Trim(s.Ceiling.Limit.Amount), "438300 blocks of 6 s a month")
				require.Equal(t, "4.383 USD per month", s.Ceiling.Text)
			},
		},
		"an owner that agrees with key and guard": {
			block: block{"key": mnemonic, "owner": ownerOf(t, mnemonic), "allowed_owners": []any{second, ownerOf(t, mnemonic)}},
			want:  func(t *testing.T, s provider.Settings) { require.True(t, s.CanSign) },
		},
		"a private key": {
			block: block{"key": block{"private_key": private}},
			env:   map[string]string{"AKASH_MNEMONIC": devnet.TestMnemonic},
			want: func(t *testing.T, s provider.Settings) {
				require.True(t, s.CanSign)
				require.NotEqual(t, ownerOf(t, mnemonic), s.Owner, "the environment's mnemonic is not looked at")
				require.Contains(t, s.Secrets, private)
				require.NotContains(t, s.Secrets, devnet.TestMnemonic)
			},
		},
		"a grantee": {
			block: block{
				"key": secondKey, "authz_granter": first, "fee_granter": first, "owner": first, "allowed_owners": []any{first},
			},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, first, s.Owner)
				require.Equal(t, second, s.Grantee)
				require.Equal(t, first, s.FeeGranter)
				require.True(t, s.CanSign)
			},
		},
		"a grantee from the environment": {
			block: block{"key": secondKey},
			env:   map[string]string{"AKASH_AUTHZ_GRANTER": first, "AKASH_FEE_GRANTER": first},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, []string{first, second, first}, []string{s.Owner, s.Grantee, s.FeeGranter})
			},
		},
		"granters that are the key's own account": {
			block: block{"key": secondKey, "authz_granter": second, "fee_granter": second},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, []string{second, "", ""}, []string{s.Owner, s.Grantee, s.FeeGranter})
			},
		},
		"a plan for a granter without a key": {
			block: block{"authz_granter": first},
			want: func(t *testing.T, s provider.Settings) {
				require.Equal(t, []string{first, ""}, []string{s.Owner, s.Grantee})
			},
		},
		"no key at all": {
			want: func(t *testing.T, s provider.Settings) {
				require.Empty(t, s.Owner)
				require.False(t, s.CanSign)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, unknown, problems := provider.Resolve(t, orEmpty(test.block), test.env)
			require.Empty(t, problems)
			require.False(t, unknown)
			test.want(t, found)
		})
	}
}

// ownerOf is the address of a key.
func ownerOf(t *testing.T, key block) string {
	t.Helper()
	found, _, problems := provider.Resolve(t, block{"key": key}, nil)
	require.Empty(t, problems)
	return found.Owner
}

func orEmpty(b block) block {
	if b == nil {
		return block{}
	}
	return b
}

func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("abandon ", 11) + "zoo"
	for name, test := range map[string]struct {
		block   block
		env     map[string]string
		summary string
		detail  string
	}{
		"malformed mnemonic": {block{"key": block{"mnemonic": words}}, nil, "Key cannot be used", "Nothing was signed"},
		"mnemonic from env": {
			block{}, map[string]string{"AKASH_MNEMONIC": words}, "Key cannot be used", "Nothing was signed",
		},
		"malformed path": {
			block{"key": block{"mnemonic": devnet.TestMnemonic, "hd_path": "m/x"}}, nil, "Key cannot be used", "",
		},
		"malformed key": {block{"key": block{"private_key": "abandon-zoo"}}, nil, "Key cannot be used", ""},
		"two keys": {
			block{"key": block{"mnemonic": devnet.TestMnemonic, "keyring": block{"name": "a"}}},
			nil, "More than one key", "only one of",
		},
		"keyring without name": {
			block{"key": block{"keyring": block{"backend": "test"}}}, nil, "No key name", "AKASH_KEY_NAME",
		},
		"no such key in keyring": {
			block{"key": block{"keyring": block{"backend": "test", "dir": t.TempDir(), "name": "nobody"}}},
			nil, "Key cannot be used", "no keyring of backend test",
		},
		"unknown network": {
			block{"owner": second},
			map[string]string{"AKASH_NETWORK": "moon"},
			"Unknown network", `"moon" is none of custom, devnet`,
		},
		"custom without chain id": {
			block{"owner": second, "network": "custom", "grpc": []any{"http://a:1"}}, nil, "No chain id", "chain_id",
		},
		"custom without endpoint": {
			block{"owner": second, "network": "custom", "chain_id": "a-1"}, nil, "No endpoint", "grpc, rpc or rest",
		},
		"owner is not the key's": {
			block{"owner": second, "key": block{"mnemonic": devnet.TestMnemonic}}, nil, "Key and owner disagree", second,
		},
		"owner is no address": {block{}, map[string]string{"AKASH_OWNER": "akash1x"}, "Invalid owner", ""},
		"owner not allowed": {
			block{"owner": second, "allowed_owners": []any{first}}, nil, "Account not allowed", second,
		},
		"granter not allowed, whatever the key": {
			block{
				"key": block{"mnemonic": devnet.TestMnemonic, "hd_path": "m/44'/118'/0'/0/1"}, "authz_granter": first,
				"allowed_owners": []any{second},
			}, nil, "Account not allowed", first,
		},
		"owner is not the granter": {
			block{"owner": second, "authz_granter": first}, nil, "Owner and authz_granter disagree", first,
		},
		"granter is no address": {
			block{"owner": second}, map[string]string{"AKASH_AUTHZ_GRANTER": "akash1x"}, "Invalid authz_granter", "",
		},
		"fee granter is no address": {
			block{"owner": second}, map[string]string{"AKASH_FEE_GRANTER": "akash1x"}, "Invalid fee_granter", "",
		},
		"fee is no number": {
			block{"owner": second, "gas": block{"max_fee_uakt": "much"}}, nil, "Invalid max_fee_uakt", "much",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, problems := provider.Resolve(t, test.block, test.env)
			require.Len(t, problems.Errors(), 1)
			require.Equal(t, test.summary, problems[0].Summary())
			require.Contains(t, problems[0].Detail(), test.detail)
			for _, secret := range []string{"abandon", "zoo", "junk"} {
				require.NotContains(t, problems[0].Detail(), secret)
			}
		})
	}
}

// TestResolveUnknown plans with values that only apply knows: no complaint about what may still come.
func TestResolveUnknown(t *testing.T) {
	t.Parallel()
	reachable := []string{
		"key", "mnemonic", "keyring", "owner", "ceiling", "gas", "guard", "granter",
		"a part of the guard", "fee granter",
	}
	for name, given := range map[string]block{
		"chain id of a preset": {"network": "devnet", "chain_id": provider.Unknown{}, "owner": second},
		"key":                  {"key": provider.Unknown{}},
		"mnemonic":             {"key": block{"mnemonic": provider.Unknown{}}},
		"keyring":              {"key": block{"keyring": block{"name": provider.Unknown{}, "backend": "test"}}},
		"owner":                {"owner": provider.Unknown{}},
		"chain id": {
			"network": "custom", "chain_id": provider.Unknown{}, "grpc": []any{"http://a:1"}, "owner": second,
		},
		"endpoint":            {"network": "custom", "chain_id": "a-1", "grpc": []any{provider.Unknown{}}, "owner": second},
		"all grpc":            {"network": "custom", "chain_id": "a-1", "grpc": provider.Unknown{}, "owner": second},
		"network":             {"network": provider.Unknown{}, "owner": second},
		"ceiling":             {"price_ceiling": provider.Unknown{}, "owner": second},
		"gas":                 {"gas": provider.Unknown{}, "owner": second},
		"guard":               {"allowed_owners": provider.Unknown{}, "owner": second},
		"a part of the guard": {"allowed_owners": []any{first, provider.Unknown{}}, "owner": second},
		"granter":             {"authz_granter": provider.Unknown{}, "allowed_owners": []any{first}, "owner": second},
		"fee granter":         {"fee_granter": provider.Unknown{}, "owner": second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, unknown, problems := provider.Resolve(t, given, nil)
			require.Empty(t, problems)
			require.True(t, unknown)
			if slices.Contains(reachable, name) {
				require.NotEmpty(t, found.ChainID)
				require.NotEmpty(t, found.GRPC)
				return
			}
			require.Empty(t, found.ChainID, "a preset must not stand in for what is not known yet")
			require.Empty(t, append(found.GRPC, found.RPC...))
		})
	}
}
