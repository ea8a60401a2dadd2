// SPDX-License-Identifier: Apache-2.0

package wallet

import (
	"errors"
	"fmt"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/go-bip39"

	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

// Seed is a mnemonic made ready to derive many keys: stretching the words is the slow part.
type Seed struct{ master, chainCode [32]byte }

// NewSeed stretches a mnemonic, without a passphrase.
func NewSeed(mnemonic string) (Seed, error) {
	words, err := bip39.NewSeedWithErrorChecking(mnemonic, "")
	if err != nil {
		// The cause may quote the words; it is not passed on.
		return Seed{}, errors.New("invalid mnemonic")
	}
	var s Seed
	s.master, s.chainCode = hd.ComputeMastersFromSeed(words)
	return s, nil
}

// Key derives a key at a path, for example "m/44'/118'/0'/0/1", and its bech32 address.
func (s Seed) Key(hdPath string) (cryptotypes.PrivKey, string, error) {
	pb.SetBech32Prefixes()
	bz, err := hd.DerivePrivateKeyForPath(s.master, s.chainCode, hdPath)
	if err != nil {
		return nil, "", fmt.Errorf("derive key at %s: %w", hdPath, err)
	}
	key := &secp256k1.PrivKey{Key: bz}
	return key, sdk.AccAddress(key.PubKey().Address()).String(), nil
}

// Derive returns the bech32 address of a mnemonic's key at a path.
func Derive(mnemonic, hdPath string) (string, error) {
	seed, err := NewSeed(mnemonic)
	if err != nil {
		return "", err
	}
	_, address, err := seed.Key(hdPath)
	return address, err
}

func derive(mnemonic, hdPath string) (cryptotypes.PrivKey, error) {
	seed, err := NewSeed(mnemonic)
	if err != nil {
		return nil, err
	}
	key, _, err := seed.Key(hdPath)
	return key, err
}
