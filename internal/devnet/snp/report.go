// SPDX-License-Identifier: Apache-2.0

package snp

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"math/big"
)

const (
	reportBytes, signedBytes = 1184, 672
	scalarBytes, scalarField = 48, 72

	// PlainPolicy is the policy of a guest that may use hyper-threading and allows its host nothing else.
	PlainPolicy = 3 << 16
	// DebugPolicy also lets the host look into the guest.
	DebugPolicy = PlainPolicy | 1<<19
	// MigratePolicy also lets an agent of the host move it.
	MigratePolicy = PlainPolicy | 1<<18
)

// Guest is what a report says of a guest.
type Guest struct {
	// Version is the report's; 0 is 2.
	Version uint32
	// Policy is what the host may do; 0 is [PlainPolicy].
	Policy uint64
	// VMPL is the privilege level that asks.
	VMPL uint32
	// Data is signed along.
	Data [64]byte
	// Measurement is of what was launched.
	Measurement [48]byte
	// ID is the guest's own.
	ID [32]byte
	// KeyInfo says which key signs: 0 is the chip's.
	KeyInfo uint32
	// Algorithm is the signature's; 0 is 1, ECDSA P-384.
	Algorithm uint32
	// Family and Model are the CPU's, in reports from version 3 on.
	Family, Model byte
}

// Report makes a chip's signed report of a guest.
func (c *Chip) Report(g Guest) ([]byte, error) {
	out := make([]byte, reportBytes)
	if g.Version == 0 {
		g.Version = 2
	}
	if g.Policy == 0 {
		g.Policy = PlainPolicy
	}
	if g.Algorithm == 0 {
		g.Algorithm = 1
	}
	le := binary.LittleEndian
	le.PutUint32(out[0x00:], g.Version)
	le.PutUint64(out[0x08:], g.Policy)
	le.PutUint32(out[0x30:], g.VMPL)
	le.PutUint32(out[0x34:], g.Algorithm)
	copy(out[0x38:], c.TCB[:]) // the firmware that runs
	le.PutUint32(out[0x48:], g.KeyInfo)
	copy(out[0x50:], g.Data[:])
	copy(out[0x90:], g.Measurement[:])
	copy(out[0x140:], g.ID[:])
	for i := 0x160; i < 0x180; i++ {
		out[i] = 0xff // no migration agent
	}
	copy(out[0x180:], c.TCB[:])
	out[0x188], out[0x189] = g.Family, g.Model
	copy(out[0x1a0:], c.ID[:])
	digest := sha512.Sum384(out[:signedBytes])
	r, s, err := ecdsa.Sign(rand.Reader, c.key, digest[:])
	if err != nil {
		return nil, fmt.Errorf("sign a report: %w", err)
	}
	put(out[signedBytes:], r)
	put(out[signedBytes+scalarField:], s)
	return out, nil
}

// put writes a number of P-384 with its least byte first.
func put(field []byte, n *big.Int) {
	whole := n.FillBytes(make([]byte, scalarBytes))
	for i, b := range whole {
		field[scalarBytes-1-i] = b
	}
}
