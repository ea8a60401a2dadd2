// SPDX-License-Identifier: Apache-2.0

package keys_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	vault "github.com/99designs/keyring"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

const passphrase = "correct horse"

func cryptoCodec() codec.Codec {
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	return codec.NewProtoCodec(registry)
}

// makeKeyring writes a keyring the way the command line does.
func makeKeyring(t *testing.T, backend, dir string, names ...string) {
	t.Helper()
	answers := strings.NewReader(strings.Repeat(passphrase+"\n", 8))
	ring, err := keyring.New("akash", backend, dir, answers, cryptoCodec())
	require.NoError(t, err)
	for i, name := range names {
		path := fmt.Sprintf("m/44'/118'/0'/0/%d", i)
		_, err := ring.NewAccount(name, devMnemonic, "", path, hd.Secp256k1)
		require.NoError(t, err)
	}
}

func TestFromKeyring_backends(t *testing.T) {
	t.Parallel()
	want, err := keys.FromMnemonic(devMnemonic, "")
	require.NoError(t, err)
	for _, backend := range []string{keys.BackendTest, keys.BackendFile} {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			makeKeyring(t, backend, dir, "tenant")
			key, err := keys.FromKeyring(keys.KeyringConfig{
				Backend: backend, Dir: dir, Name: "tenant", Passphrase: passphrase,
			})
			require.NoError(t, err)
			require.Equal(t, want.Address(), key.Address())
			require.Equal(t, want.PubKey(), key.PubKey())
			expected, err := want.Sign([]byte("hello"))
			require.NoError(t, err)
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					got, err := key.Sign([]byte("hello"))
					require.NoError(t, err)
					require.Equal(t, expected, got)
				})
			}
			group.Wait()
		})
	}
}

func TestFromKeyring_refusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeKeyring(t, keys.BackendTest, dir, "alice", "bob")
	makeKeyring(t, keys.BackendFile, dir, "carol")
	cases := map[string]struct {
		cfg  keys.KeyringConfig
		is   error
		want string
	}{
		"missing name lists the others": {
			keys.KeyringConfig{Backend: "test", Dir: dir, Name: "eve"}, keys.ErrKeyNotFound, "it holds alice, bob",
		},
		"missing name needs no passphrase": {
			keys.KeyringConfig{Backend: "file", Dir: dir, Name: "eve"}, keys.ErrKeyNotFound, "it holds carol",
		},
		"wrong passphrase": {
			keys.KeyringConfig{Backend: "file", Dir: dir, Name: "carol", Passphrase: "wrong one"},
			keys.ErrPassphrase, "does not open",
		},
		"no passphrase": {
			keys.KeyringConfig{Backend: "file", Dir: dir, Name: "carol"}, keys.ErrPassphrase, "none was given",
		},
		"no keyring": {
			keys.KeyringConfig{Backend: "test", Dir: filepath.Join(dir, "nowhere"), Name: "x"},
			keys.ErrNoKeyring, filepath.Join("nowhere", "keyring-test"),
		},
		"backend": {keys.KeyringConfig{Backend: "memory", Dir: dir, Name: "x"}, nil, `keyring backend "memory"`},
		"no name": {keys.KeyringConfig{Backend: "test", Dir: dir}, nil, "name of the key is empty"},
		"no secrets": {
			keys.KeyringConfig{Backend: "file", Dir: dir, Name: "carol", Passphrase: passphrase + "x"},
			keys.ErrPassphrase, "passphrase",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.FromKeyring(tc.cfg)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "correct horse")
			require.NotContains(t, err.Error(), "wrong one")
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
		})
	}
	_, err := os.Stat(filepath.Join(dir, "nowhere"))
	require.ErrorIs(t, err, os.ErrNotExist, "looking must not create the directory")
}

func TestFromKeyring_home(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	makeKeyring(t, keys.BackendTest, filepath.Join(home, ".akash"), "tenant")
	for _, dir := range []string{"", "~/.akash"} {
		_, err := keys.FromKeyring(keys.KeyringConfig{Backend: "test", Dir: dir, Name: "tenant"})
		require.NoError(t, err, dir)
	}
}

// The os backend is the system's secret store; here one in memory stands for it.
func TestFromVault_kindsOfKeys(t *testing.T) {
	t.Parallel()
	store := vault.NewArrayKeyring(nil)
	ring := keyring.NewInMemoryWithKeyring(store, cryptoCodec())
	_, err := ring.NewAccount("local", devMnemonic, "", keys.DefaultHDPath, hd.Secp256k1)
	require.NoError(t, err)
	_, err = ring.SaveOfflineKey("watch", secp256k1.GenPrivKey().PubKey())
	require.NoError(t, err)
	_, err = ring.SaveOfflineKey("edwards", ed25519.GenPrivKey().PubKey())
	require.NoError(t, err)

	key, err := keys.FromVault(store, keys.KeyringConfig{Backend: keys.BackendOS, Name: "local"})
	require.NoError(t, err)
	require.Equal(t, "akash15yk64u7zc9g9k2yr2wmzeva5qgwxps6ytfzgqy", key.Address())
	_, err = keys.FromVault(store, keys.KeyringConfig{Backend: keys.BackendOS, Name: "watch"})
	require.ErrorContains(t, err, "type offline: only local keys can sign")
	_, err = keys.FromVault(store, keys.KeyringConfig{Backend: keys.BackendOS, Name: "eve"})
	require.ErrorContains(t, err, "it holds edwards, local, watch")
	_, err = keys.FromVault(vault.NewArrayKeyring(nil), keys.KeyringConfig{Backend: keys.BackendOS, Name: "eve"})
	require.ErrorContains(t, err, "it holds no keys")
}
