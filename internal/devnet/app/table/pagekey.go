// SPDX-License-Identifier: Apache-2.0

package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// PageKey is where a list goes on, as the network writes it: four bytes of
// checksum over the rest, then each part behind a byte of its length. Mark, which names
// the path of a list that has several, is left out when empty.
type PageKey struct {
	// States still to be listed, the one the next record has first.
	States []byte
	// Prefix is the part of the store that is listed; some lists put the first state here and do not read it.
	Prefix []byte
	// Key is the next record's, without Prefix where the list is one of a store's part.
	Key []byte
	// Mark names the path.
	Mark []byte
}

const checksumSize = 4

var errPageKey = errors.New("pagination: invalid key")

// Encode writes the key. Parts are short: the network's have less than 256 bytes.
func (k PageKey) Encode() []byte {
	out := make([]byte, checksumSize, checksumSize+len(k.States)+len(k.Prefix)+len(k.Key)+len(k.Mark)+4)
	for i, part := range [][]byte{k.States, k.Prefix, k.Key, k.Mark} {
		if i == 3 && len(part) == 0 {
			break
		}
		out = append(append(out, byte(len(part))), part...) //nolint:gosec // see above
	}
	binary.BigEndian.PutUint32(out, crc32.ChecksumIEEE(out[checksumSize:]))
	return out
}

// DecodePageKey reads a key that comes from outside. Errors have the network's texts.
func DecodePageKey(bz []byte) (PageKey, error) {
	if len(bz) <= checksumSize {
		return PageKey{}, fmt.Errorf("%w: invalid key length", errPageKey)
	}
	want, rest := binary.BigEndian.Uint32(bz), bz[checksumSize:]
	if got := crc32.ChecksumIEEE(rest); got != want {
		return PageKey{}, fmt.Errorf("%w: invalid checksum, 0x%08x != 0x%08x", errPageKey, want, got)
	}
	var key PageKey
	for _, part := range []*[]byte{&key.States, &key.Prefix, &key.Key} {
		if len(rest) == 0 || len(rest) <= int(rest[0]) {
			return PageKey{}, fmt.Errorf("%w: invalid state length", errPageKey)
		}
		end := 1 + int(rest[0])
		*part, rest = rest[1:end], rest[end:]
	}
	if len(rest) > 0 {
		if len(rest) != 1+int(rest[0]) {
			return PageKey{}, fmt.Errorf("%w: invalid state length", errPageKey)
		}
		key.Mark = rest[1:]
	}
	return key, nil
}
