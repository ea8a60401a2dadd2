// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"errors"
	"fmt"

	"github.com/cosmos/cosmos-sdk/types/bech32"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// ErrAddress marks text that is not an account address of an Akash network.
var ErrAddress = errors.New("not an Akash account address")

// ValidateOwner checks that addr is a bech32 account address, akash1…, of 20
// bytes (a key) or 32 bytes (a contract or a module's derived account). The
// error wraps [ErrAddress] and says what is wrong with it.
func ValidateOwner(addr string) error {
	if addr == "" {
		return fmt.Errorf("%w: it is empty", ErrAddress)
	}
	if err := ids.ValidateAddress(addr); err != nil {
		return fmt.Errorf("%w: %w", ErrAddress, err)
	}
	return nil
}

func encodeAddress(raw []byte) (string, error) {
	return bech32.ConvertAndEncode(ids.AddressPrefix, raw)
}
