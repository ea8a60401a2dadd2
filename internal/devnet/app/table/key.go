// SPDX-License-Identifier: Apache-2.0

package table

import "encoding/binary"

// Key builds a primary key whose byte order is the network's list order:
// texts in byte order, numbers ascending. The zero value is an empty key.
type Key []byte

// Text appends a text that is followed by further parts; a zero byte ends it so
// that no text is a prefix of another.
func (k Key) Text(s string) Key { return append(append(k.clone(), s...), 0) }

// Uint64 appends a number, big-endian.
func (k Key) Uint64(n uint64) Key { return binary.BigEndian.AppendUint64(k.clone(), n) }

// Uint32 appends a number, big-endian.
func (k Key) Uint32(n uint32) Key { return binary.BigEndian.AppendUint32(k.clone(), n) }

func (k Key) clone() Key { return append(make(Key, 0, len(k)+64), k...) }
