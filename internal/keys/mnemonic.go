// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/go-bip39"
)

// DefaultHDPath is the derivation path of the first account of a mnemonic, as
// the Akash command line and wallets derive it.
const DefaultHDPath = "m/44'/118'/0'/0/0"

// ErrMnemonic marks a mnemonic that is not a valid BIP-39 sentence. The message
// says which rule is broken and where, never a word of it.
var ErrMnemonic = errors.New("malformed mnemonic")

// FromMnemonic derives the key of a BIP-39 mnemonic of 12, 15, 18, 21 or 24
// English words at hdPath, [DefaultHDPath] when that is empty. Case and the
// amount of white space between words do not matter.
//
// It returns an error wrapping [ErrMnemonic] that names the positions of unknown
// words, or the count or checksum at fault, and never any of the words.
func FromMnemonic(mnemonic, hdPath string) (Key, error) {
	words := strings.Fields(strings.ToLower(mnemonic))
	if err := checkMnemonic(words); err != nil {
		return nil, err
	}
	if hdPath == "" {
		hdPath = DefaultHDPath
	}
	// The path is checked by itself first, so that no error of the derivation
	// below, which saw the mnemonic, needs to be shown.
	if _, err := hd.NewParamsFromPath(strings.TrimPrefix(hdPath, "m/")); err != nil {
		return nil, fmt.Errorf("HD path %q: want the form %s", hdPath, DefaultHDPath)
	}
	raw, err := hd.Secp256k1.Derive()(strings.Join(words, " "), "", hdPath)
	if err != nil {
		return nil, fmt.Errorf("HD path %q: no key can be derived", hdPath)
	}
	return newLocalKey(&secp256k1.PrivKey{Key: raw})
}

func checkMnemonic(words []string) error {
	switch len(words) {
	case 12, 15, 18, 21, 24:
	case 0:
		return fmt.Errorf("%w: it is empty", ErrMnemonic)
	default:
		return fmt.Errorf("%w: it has %d words; 12, 15, 18, 21 or 24 are needed", ErrMnemonic, len(words))
	}
	var unknown []string
	for i, word := range words {
		if _, ok := bip39.ReverseWordMap[word]; !ok {
			unknown = append(unknown, fmt.Sprint(i+1))
		}
	}
	switch {
	case len(unknown) == 1:
		return fmt.Errorf("%w: word %s of %d is not in the BIP-39 English list", ErrMnemonic, unknown[0], len(words))
	case len(unknown) > 1:
		return fmt.Errorf("%w: words %s of %d are not in the BIP-39 English list",
			ErrMnemonic, strings.Join(unknown, ", "), len(words))
	}
	if _, err := bip39.MnemonicToByteArray(strings.Join(words, " ")); err != nil {
		return fmt.Errorf("%w: all %d words are known but the checksum does not match: "+
			"a word is wrong or two are swapped", ErrMnemonic, len(words))
	}
	return nil
}
