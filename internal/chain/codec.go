// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"fmt"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/gogoproto/proto"
	protov2 "google.golang.org/protobuf/proto"
)

// wireCodec marshals gogoproto messages, protobuf-go messages and raw bytes for
// gRPC and for ABCI queries.
//
// It keeps gRPC's own name "proto", so that proxies and servers see the usual
// content type. An Any of a type that nobody registered stays packed, since one
// unknown authorization or account must not spoil a whole answer.
type wireCodec struct {
	unpacker codectypes.AnyUnpacker
}

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

func (c wireCodec) Unmarshal(data []byte, v any) error {
	switch m := v.(type) {
	case *rawMessage:
		m.bytes = append([]byte(nil), data...)
		return nil
	case protov2.Message:
		return protov2.Unmarshal(data, m)
	case proto.Message:
		if err := proto.Unmarshal(data, m); err != nil {
			return err
		}
		// An unknown type is no failure, see the type's comment.
		_ = codectypes.UnpackInterfaces(m, c.unpacker)
		return nil
	default:
		return fmt.Errorf("cannot unmarshal protobuf into %T", v)
	}
}
