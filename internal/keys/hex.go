// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	dcrec "github.com/decred/dcrd/dcrec/secp256k1/v4"
)

// ErrPrivateKey marks text that is not a secp256k1 private key in hexadecimal.
var ErrPrivateKey = errors.New("malformed private key")

// FromPrivateKeyHex reads a 32 byte secp256k1 private key: 64 hexadecimal
// digits of either case, with or without a leading 0x. Surrounding white space
// is dropped. Errors wrap [ErrPrivateKey] and show none of the digits.
func FromPrivateKeyHex(text string) (Key, error) {
	digits := strings.TrimSpace(text)
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0x"), "0X")
	if len(digits) != 2*secp256k1.PrivKeySize {
		return nil, fmt.Errorf("%w: it has %d characters; %d hexadecimal digits are needed",
			ErrPrivateKey, len(digits), 2*secp256k1.PrivKeySize)
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		// The error of package hex quotes the offending character: left out.
		return nil, fmt.Errorf("%w: it holds a character that is no hexadecimal digit", ErrPrivateKey)
	}
	var scalar dcrec.ModNScalar
	if overflow := scalar.SetByteSlice(raw); overflow || scalar.IsZero() {
		return nil, fmt.Errorf("%w: the number is zero or above the order of the curve", ErrPrivateKey)
	}
	return newLocalKey(&secp256k1.PrivKey{Key: raw})
}
