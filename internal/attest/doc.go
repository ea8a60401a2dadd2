// SPDX-License-Identifier: Apache-2.0

// Package attest judges what a confidential virtual machine says of itself: an attestation report of AMD SEV-SNP,
// signed by a key that AMD certified for one chip at one firmware level. It is pure: bytes, roots and the time go in,
// a verdict comes out. Everything it reads is somebody else's word until [Verify] has returned without an error.
//
// What a verdict means: a genuine AMD chip with intact firmware signed, for this nonce, that a guest with this launch
// measurement runs with encrypted memory that its host cannot debug or migrate. What it does not mean: that the guest
// is the lease's (an Akash provider could pass the question on to another machine of its own, unless the measurement
// is one that the caller knows), or that the container in it is the caller's image, which no measurement of Akash's
// runtime covers as of late 2026.
//
// Sources: AMD publication 56860 (SEV-SNP firmware ABI, the ATTESTATION_REPORT structure), AMD publication 57230 (VCEK
// certificates and the key server), AEP-83, and the attestation sidecar of akash-network/provider.
package attest
