// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"fmt"
	"io"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
)

// Key signs for one account.
//
// Implementations are safe for concurrent use and print only their address,
// whatever formatting verb is used.
type Key interface {
	// Address is the account in bech32, akash1….
	Address() string
	// PubKey is the 33 byte compressed secp256k1 public key. The caller may
	// keep and change the slice.
	PubKey() []byte
	// Sign returns the 64 byte signature r||s, with s in the lower half of the
	// group order, over the SHA-256 of msg. The same message always gives the
	// same signature (RFC 6979). Only a keyring can fail here, for example
	// because it was locked meanwhile; a retry is safe.
	Sign(msg []byte) ([]byte, error)
}

// Verify reports whether sig is the 64 byte low-S signature of msg by the owner
// of the 33 byte compressed public key. Anything of another length is false.
func Verify(pubKey, msg, sig []byte) bool {
	if len(pubKey) != secp256k1.PubKeySize || len(sig) != signatureSize {
		return false
	}
	key := &secp256k1.PubKey{Key: pubKey}
	return key.VerifySignature(msg, sig)
}

const signatureSize = 64

// identity is the public half shared by all keys: it formats as the address and
// nothing else, so that a key in a log line or an error shows no secret.
type identity struct {
	address string
	pubKey  []byte
}

func newIdentity(pub cryptotypes.PubKey) (identity, error) {
	raw, ok := pub.(*secp256k1.PubKey)
	if !ok {
		return identity{}, fmt.Errorf("key type %s cannot sign for Akash: secp256k1 is needed", pub.Type())
	}
	address, err := encodeAddress(raw.Address())
	if err != nil {
		return identity{}, err
	}
	return identity{address: address, pubKey: raw.Key}, nil
}

func (i identity) Address() string { return i.address }

func (i identity) PubKey() []byte { return append([]byte(nil), i.pubKey...) }

func (i identity) String() string { return i.address }

func (i identity) GoString() string { return "keys.Key(" + i.address + ")" }

// Format answers every verb, %+v and %x included, which would otherwise walk
// into the private fields of the key that embeds the identity.
func (i identity) Format(s fmt.State, verb rune) {
	text := i.address
	if verb == 'v' && s.Flag('#') {
		text = i.GoString()
	}
	// fmt.State keeps its own write errors.
	_, _ = io.WriteString(s, text)
}

// localKey holds the private key in memory.
type localKey struct {
	identity
	private *secp256k1.PrivKey
}

func newLocalKey(private *secp256k1.PrivKey) (Key, error) {
	id, err := newIdentity(private.PubKey())
	if err != nil {
		return nil, err
	}
	return &localKey{identity: id, private: private}, nil
}

func (k *localKey) Sign(msg []byte) ([]byte, error) {
	return k.private.Sign(msg)
}
