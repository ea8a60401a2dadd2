// SPDX-License-Identifier: Apache-2.0

package keys_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cosmos/cosmos-sdk/crypto"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// TestFromExported exports a key as the command line does and opens it.
func TestFromExported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeKeyring(t, keys.BackendTest, dir, "tenant")
	ring, err := keyring.New("akash", keys.BackendTest, dir, strings.NewReader(""), cryptoCodec())
	require.NoError(t, err)
	armoured, err := ring.ExportPrivKeyArmor("tenant", passphrase)
	require.NoError(t, err)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	good := write("tenant.key", armoured)
	key, err := keys.FromExported(good, passphrase)
	require.NoError(t, err)
	want, err := keys.FromMnemonic(devMnemonic, "")
	require.NoError(t, err)
	require.Equal(t, want.Address(), key.Address())

	edwards := crypto.EncryptArmorPrivKey(ed25519.GenPrivKey(), passphrase, "ed25519")
	for name, test := range map[string]struct {
		path, passphrase string
		is               error
		says             string
	}{
		"wrong passphrase": {good, "wrong one", keys.ErrPassphrase, "does not open"},
		"no passphrase":    {good, "", keys.ErrPassphrase, "none was given"},
		"no file":          {filepath.Join(dir, "nothing"), passphrase, os.ErrNotExist, "nothing"},
		"folder":           {dir, passphrase, keys.ErrKeyFile, "no file of a key"},
		"another file":     {write("hex", strings.Repeat("ab", 32)), passphrase, keys.ErrKeyFile, "akash keys export"},
		"cut off":          {write("half", armoured[:len(armoured)/2]), passphrase, keys.ErrKeyFile, "does not open"},
		"another curve":    {write("edwards", edwards), passphrase, keys.ErrKeyFile, "ed25519 cannot sign"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.FromExported(test.path, test.passphrase)
			require.ErrorIs(t, err, keys.ErrKeyFile)
			require.ErrorIs(t, err, test.is)
			require.ErrorContains(t, err, test.says)
			for _, secret := range []string{"wrong one", "correct horse", "abab"} {
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
}

func TestFromKeyring_byAddress(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeKeyring(t, keys.BackendFile, dir, "alice", "bob")
	bob, err := keys.FromMnemonic(devMnemonic, "m/44'/118'/0'/0/1")
	require.NoError(t, err)
	config := keys.KeyringConfig{Backend: keys.BackendFile, Dir: dir, Name: bob.Address(), Passphrase: passphrase}
	key, err := keys.FromKeyring(config)
	require.NoError(t, err)
	require.Equal(t, bob.Address(), key.Address())
	config.Passphrase = "wrong one"
	_, err = keys.FromKeyring(config)
	require.ErrorIs(t, err, keys.ErrPassphrase)
	config.Passphrase, config.Name = passphrase, "akash18el2mdgsjwvzezu5cjsyuyx0uru4zrm25ucxt7"
	_, err = keys.FromKeyring(config)
	require.ErrorIs(t, err, keys.ErrKeyNotFound)
}
