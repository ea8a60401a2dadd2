// SPDX-License-Identifier: Apache-2.0

package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

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

// Reader takes a key apart that may come from outside. After an error every part
// reads as zero; ask Err once at the end.
type Reader struct {
	rest []byte
	err  error
}

// errEncoding and the texts behind it are the network's.
var errEncoding = errors.New("collections: encoding error")

// Read begins with a key's first part.
func (k Key) Read() *Reader { return &Reader{rest: k} }

// Text reads what [Key.Text] wrote.
func (r *Reader) Text() string {
	head, rest, ok := bytes.Cut(r.rest, []byte{0})
	if !ok && r.err == nil {
		r.err = fmt.Errorf("%w: not a valid non terminal buffer, no instances of the string delimiter %c found",
			errEncoding, 0)
	}
	if r.err != nil {
		return ""
	}
	r.rest = rest
	return string(head)
}

// Uint64 reads what [Key.Uint64] wrote.
func (r *Reader) Uint64() uint64 {
	if len(r.rest) < 8 && r.err == nil {
		r.err = fmt.Errorf("%w: wanted at least 8, got: %d", errEncoding, len(r.rest))
	}
	if r.err != nil {
		return 0
	}
	n := binary.BigEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return n
}

// Uint32 reads what [Key.Uint32] wrote.
func (r *Reader) Uint32() uint32 {
	if len(r.rest) < 4 && r.err == nil {
		r.err = fmt.Errorf("%w: expected buffer of size 4", errEncoding)
	}
	if r.err != nil {
		return 0
	}
	n := binary.BigEndian.Uint32(r.rest)
	r.rest = r.rest[4:]
	return n
}

// Err is the first error, or nil.
func (r *Reader) Err() error { return r.err }
