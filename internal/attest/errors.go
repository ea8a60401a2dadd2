// SPDX-License-Identifier: Apache-2.0

package attest

import "errors"

// What can be wrong with evidence. Every error of this package is one of them.
var (
	// ErrMalformed: the bytes are not what they should be.
	ErrMalformed = errors.New("the evidence cannot be read")
	// ErrUnsupported: the evidence may be good, and this package cannot tell.
	ErrUnsupported = errors.New("the evidence cannot be verified by this version")
	// ErrNonce: the report was made for another question, an older one perhaps.
	ErrNonce = errors.New("the report is not an answer to this nonce")
	// ErrSignature: the chip did not sign the report as it is.
	ErrSignature = errors.New("the report's signature is wrong")
	// ErrChain: the signing key's certificate does not lead to a trusted root, or belongs to another chip or firmware.
	ErrChain = errors.New("the signing key is not certified by a trusted root")
	// ErrExpired: a certificate of the chain is not valid now.
	ErrExpired = errors.New("a certificate of the signing key's chain is not valid at this time")
	// ErrRevoked: the manufacturer took a certificate of the chain back.
	ErrRevoked = errors.New("the signing key's certificate was revoked")
	// ErrPolicy: the guest is genuine and not closed to its host.
	ErrPolicy = errors.New("the guest is not confidential")
	// ErrMeasurement: the guest is genuine and was launched with something else than allowed.
	ErrMeasurement = errors.New("the guest's measurement is not one that is allowed")
)
