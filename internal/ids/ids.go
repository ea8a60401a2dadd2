// SPDX-License-Identifier: Apache-2.0

// Package ids names things on chain: deployments, groups, orders, bids, leases.
//
// The types are small comparable values with the network's text form
// (owner/dseq/gseq/oseq/akash-provider). The package knows nothing of
// protobuf, queries or states; everything else may use it.
package ids

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cosmos/cosmos-sdk/types/bech32"
)

// AddressPrefix is the human-readable part of every account address on Akash.
const AddressPrefix = "akash"

// ErrInvalid is wrapped by every parse and validation error of this package.
var ErrInvalid = errors.New("invalid id")

// ValidateAddress reports whether s is a bech32 account address of the network, e.g. "akash1…".
func ValidateAddress(s string) error {
	prefix, data, err := bech32.DecodeAndConvert(s)
	switch {
	case err != nil:
		return fmt.Errorf("%w: address %q: %w", ErrInvalid, s, err)
	case prefix != AddressPrefix:
		return fmt.Errorf("%w: address %q starts with %q, want %q", ErrInvalid, s, prefix, AddressPrefix)
	case len(data) != 20 && len(data) != 32:
		return fmt.Errorf("%w: address %q holds %d bytes, want 20 or 32", ErrInvalid, s, len(data))
	}
	return nil
}

// parts splits s into an owner, positive whole numbers and, if withSeller, an Akash provider's address.
func parts(s, form string, numbers int, withSeller bool) (owner string, seqs []uint64, seller string, err error) {
	fail := func(why string) (string, []uint64, string, error) {
		return "", nil, "", fmt.Errorf("%w: %q is not %s: %s", ErrInvalid, s, form, why)
	}
	fields := strings.Split(s, "/")
	want := 1 + numbers
	if withSeller {
		want++
	}
	if len(fields) != want {
		return fail(fmt.Sprintf("it has %d parts, want %d", len(fields), want))
	}
	if err := ValidateAddress(fields[0]); err != nil {
		return "", nil, "", err
	}
	for i, f := range fields[1 : 1+numbers] {
		bits := 32
		if i == 0 {
			bits = 64
		}
		n, err := strconv.ParseUint(f, 10, bits)
		if err != nil || n == 0 || f[0] == '+' || f[0] == '0' {
			return fail(fmt.Sprintf("part %d is %q, want a whole number above zero", i+2, f))
		}
		seqs = append(seqs, n)
	}
	if withSeller {
		seller = fields[want-1]
		if err := ValidateAddress(seller); err != nil {
			return "", nil, "", err
		}
	}
	return fields[0], seqs, seller, nil
}

func positive(name string, n uint64) error {
	if n == 0 {
		return fmt.Errorf("%w: %s is 0, it starts at 1", ErrInvalid, name)
	}
	return nil
}
