// SPDX-License-Identifier: Apache-2.0

package pb_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/cosmos/cosmos-sdk/x/bank/types" // one vector is a MsgSend
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

// vector is one file of testdata/wire.
type vector struct {
	Kind    string          `json:"kind"`
	TypeURL string          `json:"typeUrl"`
	JSON    json.RawMessage `json:"json"`
	Hex     string          `json:"hex"`
	HexTS   string          `json:"hex_ts"`
}

// conformance is the whole set of vectors, where a checkout has it.
const conformance = "../../../shared/conformance/wire"

func TestWireVectors(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	seen := 0
	for _, dir := range []string{"testdata/wire", conformance} {
		files, err := filepath.Glob(filepath.Join(dir, "*.json"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var v vector
			require.NoError(t, json.Unmarshal(text, &v))
			if v.Kind != "message" {
				continue // signed transactions are internal/chain/tx's
			}
			seen++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
				t.Parallel()
				checkVector(t, encoding, v)
			})
		}
	}
	require.GreaterOrEqual(t, seen, 20, "the vectors are gone")
}

func checkVector(t *testing.T, encoding pb.Encoding, v vector) {
	t.Helper()
	want, err := hex.DecodeString(v.Hex)
	require.NoError(t, err)

	fromJSON := newMessage(t, v.TypeURL)
	require.NoError(t, encoding.Codec.UnmarshalJSON(v.JSON, fromJSON))
	require.Equal(t, v.Hex, hex.EncodeToString(marshal(t, fromJSON)), "bytes made from JSON")

	fromBytes := newMessage(t, v.TypeURL)
	require.NoError(t, proto.Unmarshal(want, fromBytes))
	require.Equal(t, v.Hex, hex.EncodeToString(marshal(t, fromBytes)), "bytes read and written again")
	back, err := encoding.Codec.MarshalJSON(fromBytes)
	require.NoError(t, err)
	if !strings.Contains(v.TypeURL, ".Query") {
		// The official encoder prints an absent decimal of an answer as "0", ours as "0.000000000000000000".
		require.JSONEq(t, string(v.JSON), string(back))
	}
	again := newMessage(t, v.TypeURL)
	require.NoError(t, encoding.Codec.UnmarshalJSON(back, again))
	require.Equal(t, v.Hex, hex.EncodeToString(marshal(t, again)), "bytes made from our JSON")

	if v.HexTS != "" {
		other, err := hex.DecodeString(v.HexTS)
		require.NoError(t, err)
		fromTS := newMessage(t, v.TypeURL)
		require.NoError(t, proto.Unmarshal(other, fromTS), "the TypeScript SDK's bytes")
		require.Equal(t, v.Hex, hex.EncodeToString(marshal(t, fromTS)))
	}
}

func newMessage(t *testing.T, typeURL string) proto.Message {
	t.Helper()
	goType := proto.MessageType(strings.TrimPrefix(typeURL, "/"))
	require.NotNil(t, goType, "%s has no Go type", typeURL)
	return newOf(goType)
}

func marshal(t *testing.T, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	require.NoError(t, err)
	return b
}

// TestUnknownFields: what a newer chain adds to an answer is left out, not an error; in JSON that we are given it is
// one, since a misspelt name would silently mean nothing.
func TestUnknownFields(t *testing.T) {
	t.Parallel()
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	text, err := os.ReadFile("testdata/wire/query-deployment-response.json")
	require.NoError(t, err)
	var v vector
	require.NoError(t, json.Unmarshal(text, &v))
	known, err := hex.DecodeString(v.Hex)
	require.NoError(t, err)
	newer := append(slices.Clone(known), 0x9a, 0x06, 0x03, 'n', 'e', 'w') // field 99, three bytes
	m := newMessage(t, v.TypeURL)
	require.NoError(t, proto.Unmarshal(newer, m))
	require.Equal(t, v.Hex, hex.EncodeToString(marshal(t, m)))
	require.Error(t, proto.Unmarshal(newer[:len(newer)-1], newMessage(t, v.TypeURL)), "cut short")
	require.Error(t, encoding.Codec.UnmarshalJSON([]byte(`{"deploymnt":{}}`), newMessage(t, v.TypeURL)))
}
