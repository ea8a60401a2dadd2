// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"testing"

	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
)

// TestUnknownFieldsInTransactions: a chain refuses what its version does not know, as a 2.0 chain does the fields of
// 2.1, before it looks at the signature; nothing is charged. Only fields in the range that is non-critical by agreement
// get as far as the signature.
func TestUnknownFieldsInTransactions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	msg := createDeployment(s.tenant, 4242)
	raw, err := s.signer(msg).Sign(t.Context(), msg)
	require.NoError(t, err)
	field := func(in []byte, number protowire.Number) []byte {
		return protowire.AppendVarint(protowire.AppendTag(in, number, protowire.VarintType), 1)
	}
	for name, c := range map[string]struct {
		change func(tx *txtypes.TxRaw, body *txtypes.TxBody)
		code   uint32
		says   string
	}{
		"in the message": {
			func(_ *txtypes.TxRaw, body *txtypes.TxBody) {
				body.Messages[0].Value = field(body.Messages[0].Value, 99)
			},
			2, "tx parse error",
		},
		"non-critical in the message": {
			func(_ *txtypes.TxRaw, body *txtypes.TxBody) {
				body.Messages[0].Value = field(body.Messages[0].Value, 1<<10)
			},
			4, "signature verification failed",
		},
		"unknown message": {
			func(_ *txtypes.TxRaw, body *txtypes.TxBody) {
				body.Messages[0].TypeUrl = "/akash.deployment.v1beta9.MsgCreateDeployment"
			},
			2, "tx parse error",
		},
		"in the fee": {
			func(tx *txtypes.TxRaw, _ *txtypes.TxBody) { tx.AuthInfoBytes = field(tx.AuthInfoBytes, 99) },
			2, "tx parse error",
		},
		"in the body": {
			func(*txtypes.TxRaw, *txtypes.TxBody) {}, 0, "",
		},
	} {
		var tx txtypes.TxRaw
		require.NoError(t, tx.Unmarshal(raw))
		var body txtypes.TxBody
		require.NoError(t, body.Unmarshal(tx.BodyBytes))
		c.change(&tx, &body)
		tx.BodyBytes, err = body.Marshal()
		require.NoError(t, err)
		if c.code == 0 {
			tx.BodyBytes, c.code, c.says = field(tx.BodyBytes, 99), 2, "tx parse error"
		}
		changed, err := tx.Marshal()
		require.NoError(t, err)
		res, err := txtypes.NewServiceClient(s.net.Conn()).BroadcastTx(t.Context(), &txtypes.BroadcastTxRequest{
			TxBytes: changed, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC,
		})
		require.NoError(t, err, name)
		require.Equal(t, c.code, res.TxResponse.Code, "%s: %s", name, res.TxResponse.RawLog)
		require.Equal(t, "sdk", res.TxResponse.Codespace, name)
		require.Contains(t, res.TxResponse.RawLog, c.says, name)
	}
	require.NoError(t, s.signer(msg).Broadcast(t.Context(), msg), "unchanged it works, and the sequence was not used")
}
