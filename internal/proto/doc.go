// SPDX-License-Identifier: Apache-2.0

// Package proto holds the .proto files of the network's live API, written by us
// from its published message and field numbers. It has no Go code of its own:
// internal/protogen turns the files into internal/pb.
package proto

//go:generate go run ../protogen -proto . -out ../..
