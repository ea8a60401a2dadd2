// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/cosmos/cosmos-sdk/crypto"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
)

// ErrKeyFile says that a file is no key that `akash keys export` writes, or that the passphrase does not open it.
var ErrKeyFile = errors.New("exported key")

// maxKeyFile bounds a key file, in bytes; they have some hundred.
const maxKeyFile = 64 << 10

// FromExported opens a file that `akash keys export` wrote: an armoured private key under a passphrase. A leading ~/
// of path is expanded.
func FromExported(path, passphrase string) (Key, error) {
	path, err := expandHome(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if info.Size() > maxKeyFile || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is no file of a key", ErrKeyFile, path)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !strings.Contains(string(text), "BEGIN TENDERMINT PRIVATE KEY") {
		return nil, fmt.Errorf("%w: %s does not hold what akash keys export writes", ErrKeyFile, path)
	}
	if passphrase == "" {
		return nil, fmt.Errorf("%w: %w: none was given for %s", ErrKeyFile, ErrPassphrase, path)
	}
	private, _, err := crypto.UnarmorDecryptPrivKey(string(text), passphrase)
	if err != nil || private == nil { // half a file gives neither
		// What is in err saw the passphrase and the key: left out.
		return nil, fmt.Errorf("%w: %w: it does not open %s", ErrKeyFile, ErrPassphrase, path)
	}
	local, ok := private.(*secp256k1.PrivKey)
	if !ok {
		return nil, fmt.Errorf("%w: key type %s cannot sign for Akash: secp256k1 is needed", ErrKeyFile, private.Type())
	}
	return newLocalKey(local)
}
