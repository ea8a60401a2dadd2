// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"fmt"

	"github.com/cosmos/gogoproto/proto"
	protov2 "google.golang.org/protobuf/proto"
)

// wireCodec marshals gogoproto messages, protobuf-go messages and raw bytes for
// gRPC and for ABCI queries.
//
// It keeps gRPC's own name "proto", so that proxies and servers see the usual
// content type. An Any stays packed: one authorization or account of a type that
// is not linked in must not spoil a whole answer.
type wireCodec struct{}

// rawMessage is a request or an answer whose Go type is not linked in: the
// caller encodes and decodes it by hand.
type rawMessage struct {
	bytes []byte
}

func (wireCodec) Name() string { return "proto" }

func (wireCodec) Marshal(v any) ([]byte, error) {
	switch m := v.(type) {
	case *rawMessage:
		return m.bytes, nil
	case protov2.Message:
		return protov2.MarshalOptions{Deterministic: true}.Marshal(m)
	case proto.Message:
		return proto.Marshal(m)
	default:
		return nil, fmt.Errorf("cannot marshal %T as protobuf", v)
	}
}

func (wireCodec) Unmarshal(data []byte, v any) error {
	switch m := v.(type) {
	case *rawMessage:
		m.bytes = append([]byte(nil), data...)
		return nil
	case protov2.Message:
		return protov2.Unmarshal(data, m)
	case proto.Message:
		return proto.Unmarshal(data, m)
	default:
		return fmt.Errorf("cannot unmarshal protobuf into %T", v)
	}
}
