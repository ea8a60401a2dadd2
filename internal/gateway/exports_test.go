// SPDX-License-Identifier: Apache-2.0

package gateway

// Internals for the tests of this package.
var (
	DecodeLeaseStatus = decodeLeaseStatus
	BodyText          = bodyText
	NewRefused        = newRefused
	DecodeLogLine     = decodeLogLine
	DecodeEvent       = decodeEvent
	DecodeQuote       = decodeQuote
)

// JWTHeader is the encoded header of every token.
var JWTHeader = jwtHeader

// WireCodec marshals messages for gRPC.
var WireCodec = wireCodec{}

// GRPCAddress and DecodeStatus are internals.
var (
	GRPCAddress  = grpcAddress
	DecodeStatus = decodeStatus
)
