// SPDX-License-Identifier: Apache-2.0

// Package chainerr holds the error value of the simulated Akash modules:
// a codespace, a code, a registered text and the gRPC status it maps to.
//
// It does not use the SDK's process-wide error registry, so that a program
// that also links other Akash code never registers one code twice. The SDK
// reads codes through interfaces, which [Error] implements. Used by the
// packages below internal/devnet/app only.
package chainerr

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is one registered error of a module. Values are immutable and are
// compared by identity; wrap them with cosmossdk.io/errors to add detail, which
// prints as "<detail>: <registered text>" and keeps the code.
// Source: protocol/messages.md section 14.
type Error struct {
	space string
	code  uint32
	grpc  codes.Code
	text  string
}

// New makes an error of a codespace. The text is what the network registers.
func New(codespace string, code uint32, grpcCode codes.Code, text string) *Error {
	return &Error{space: codespace, code: code, grpc: grpcCode, text: text}
}

// Error returns the registered text.
func (e *Error) Error() string { return e.text }

// ABCICode is the code of a failed transaction.
func (e *Error) ABCICode() uint32 { return e.code }

// Codespace is the module's name.
func (e *Error) Codespace() string { return e.space }

// GRPCStatus is what a native gRPC query answers; over ABCI the SDK uses the
// text alone.
func (e *Error) GRPCStatus() *status.Status {
	return status.Newf(e.grpc, "codespace %s code %d: %s", e.space, e.code, e.text)
}
