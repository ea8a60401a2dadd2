// SPDX-License-Identifier: Apache-2.0

package attest

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
)

const (
	// NonceBytes is the length of what a guest may have signed along.
	NonceBytes = 64
	// ReportBytes is the length of a report.
	ReportBytes = 0x4a0
	// signedBytes are those that the signature covers, from the first on.
	signedBytes = 0x2a0

	// The structure's versions that are read alike here: 2 is of Milan's first firmware, 3 adds the CPU's model, 4 and 5
	// give meaning to bits that nothing here depends on.
	oldestVersion, newestVersion = 2, 5
	// ecdsaP384 is the one algorithm of signature that there is.
	ecdsaP384 = 1
	// vmpls is how many privilege levels a guest has; a report that its host asked for names none of them.
	vmpls = 4

	policyReserved = 1 << 17 // always set
	policyMigrate  = 1 << 18 // an agent of the host's choice may move the guest
	policyDebug    = 1 << 19 // the host may read the guest's memory

	// The two parts of a signature are little-endian, in more bytes than a P-384 number has.
	scalarField, scalarBytes = 72, 48
)

// Report is a report as it was read, which anybody may have written.
type Report struct {
	raw []byte

	// Version is the structure's, 2 to 5.
	Version uint32
	// Policy is what the guest's owner allows its host.
	Policy uint64
	// VMPL is the privilege level that asked.
	VMPL uint32
	// Data is what the guest had signed along: the nonce.
	Data [NonceBytes]byte
	// Measurement is of the memory that the guest was launched with.
	Measurement [48]byte
	// ID is the guest's own for as long as it runs.
	ID [32]byte
	// TCB is the level of the firmware that the signing key belongs to, one byte a part.
	TCB [8]byte
	// ChipID is the chip's.
	ChipID [64]byte
	// Family and Model are the CPU's; 0 in reports of version 2.
	Family, Model byte

	signatureAlgorithm uint32
	keyInfo            uint32
	r, s               *big.Int
}

// Parse reads a report. The error is an [ErrMalformed] or an [ErrUnsupported].
func Parse(raw []byte) (Report, error) {
	if len(raw) != ReportBytes {
		return Report{}, fmt.Errorf("%w: %d bytes, a SEV-SNP report has %d", ErrMalformed, len(raw), ReportBytes)
	}
	r := Report{
		raw: slices.Clone(raw), Version: binary.LittleEndian.Uint32(raw), Policy: binary.LittleEndian.Uint64(raw[0x08:]),
		VMPL: binary.LittleEndian.Uint32(raw[0x30:]), signatureAlgorithm: binary.LittleEndian.Uint32(raw[0x34:]),
		keyInfo: binary.LittleEndian.Uint32(raw[0x48:]),
	}
	if r.Version < oldestVersion || r.Version > newestVersion {
		return Report{}, fmt.Errorf("%w: report version %d, want %d to %d",
			ErrUnsupported, r.Version, oldestVersion, newestVersion)
	}
	copy(r.Data[:], raw[0x50:])
	copy(r.Measurement[:], raw[0x90:])
	copy(r.ID[:], raw[0x140:])
	copy(r.TCB[:], raw[0x180:])
	copy(r.ChipID[:], raw[0x1a0:])
	if r.Version > oldestVersion {
		r.Family, r.Model = raw[0x188], raw[0x189]
	}
	if r.signatureAlgorithm != ecdsaP384 {
		return Report{}, fmt.Errorf("%w: signature algorithm %d, want ECDSA P-384 (%d)",
			ErrUnsupported, r.signatureAlgorithm, ecdsaP384)
	}
	var err error
	if r.r, err = scalar(raw[signedBytes:][:scalarField]); err != nil {
		return Report{}, err
	}
	if r.s, err = scalar(raw[signedBytes+scalarField:][:scalarField]); err != nil {
		return Report{}, err
	}
	if slices.ContainsFunc(raw[signedBytes+2*scalarField:], isSet) {
		return Report{}, fmt.Errorf("%w: there is something behind the signature", ErrMalformed)
	}
	return r, nil
}

func scalar(field []byte) (*big.Int, error) {
	if slices.ContainsFunc(field[scalarBytes:], isSet) {
		return nil, fmt.Errorf("%w: the signature is longer than one of P-384", ErrMalformed)
	}
	number := slices.Clone(field[:scalarBytes])
	slices.Reverse(number)
	return new(big.Int).SetBytes(number), nil
}

func isSet(b byte) bool { return b != 0 }

// MeasurementText is the measurement in hex digits.
func (r Report) MeasurementText() string { return hex.EncodeToString(r.Measurement[:]) }

// checkKey refuses reports that no certificate of a chip can vouch for.
func (r Report) checkKey() error {
	switch {
	case r.keyInfo>>2&7 == 1:
		return fmt.Errorf("%w: it is signed with a loaded key (VLEK), not with the chip's own (VCEK)", ErrUnsupported)
	case r.keyInfo>>2&7 != 0, r.keyInfo&2 != 0:
		return fmt.Errorf("%w: its host keeps the chip from signing reports", ErrSignature)
	case r.ChipID == [64]byte{}:
		return fmt.Errorf("%w: its host hides which chip signed it, so no certificate can be compared", ErrUnsupported)
	}
	return nil
}

// checkPolicy refuses guests that their host may look into, and reports that no guest asked for.
func (r Report) checkPolicy() error {
	switch {
	case r.Policy&policyDebug != 0:
		return fmt.Errorf("%w: its policy (0x%x) lets the host debug the guest, so its memory is not secret",
			ErrPolicy, r.Policy)
	case r.Policy&policyMigrate != 0:
		return fmt.Errorf("%w: its policy (0x%x) lets an agent of the host move the guest", ErrPolicy, r.Policy)
	case r.Policy&policyReserved == 0:
		return fmt.Errorf("%w: its policy (0x%x) lacks a bit that always is set", ErrPolicy, r.Policy)
	case r.VMPL >= vmpls:
		return fmt.Errorf("%w: the host asked for it, not the guest (VMPL %d)", ErrPolicy, r.VMPL)
	}
	return nil
}
