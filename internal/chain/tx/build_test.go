// SPDX-License-Identifier: Apache-2.0

package tx_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"cosmossdk.io/math"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

type wireVector struct {
	Mnemonic      string `json:"mnemonic"`
	HDPath        string `json:"hd_path"`
	Address       string `json:"address"`
	PubKey        string `json:"pubkey"`
	ChainID       string `json:"chain_id"`
	AccountNumber string `json:"account_number"`
	Sequence      string `json:"sequence"`
	Fee           []struct {
		Denom  string `json:"denom"`
		Amount string `json:"amount"`
	} `json:"fee"`
	GasLimit string `json:"gas_limit"`
	Memo     string `json:"memo"`
	Messages []struct {
		TypeURL string `json:"typeUrl"`
		Hex     string `json:"hex"`
	} `json:"messages"`
	BodyBytes     string `json:"body_bytes"`
	AuthInfoBytes string `json:"auth_info_bytes"`
	SignBytes     string `json:"sign_bytes"`
	TxRaw         string `json:"tx_raw"`
	TxHash        string `json:"tx_hash"`
}

// The vectors were made with another SDK and checked with the chain's own one.
func TestBuild_wireVectors(t *testing.T) {
	t.Parallel()
	var files []string
	// The second folder is the whole set, where a checkout has it.
	for _, dir := range []string{"testdata/wire", "../../../../shared/conformance/wire"} {
		found, err := filepath.Glob(filepath.Join(dir, "tx-*.json"))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.GreaterOrEqual(t, len(files), 4)
	encoding, err := pb.NewEncoding()
	require.NoError(t, err)
	banktypes.RegisterInterfaces(encoding.InterfaceRegistry) // one vector is a MsgSend
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var v wireVector
			require.NoError(t, json.Unmarshal(text, &v))
			key, err := keys.FromMnemonic(v.Mnemonic, v.HDPath)
			require.NoError(t, err)
			require.Equal(t, v.Address, key.Address())
			require.Equal(t, v.PubKey, hex.EncodeToString(key.PubKey()))

			d := tx.Draft{
				Memo: v.Memo, ChainID: v.ChainID, AccountNumber: number(t, v.AccountNumber),
				Sequence: number(t, v.Sequence), GasLimit: number(t, v.GasLimit),
			}
			for _, fee := range v.Fee {
				amount, ok := math.NewIntFromString(fee.Amount)
				require.True(t, ok)
				d.Fee = append(d.Fee, sdk.Coin{Denom: fee.Denom, Amount: amount})
			}
			for _, m := range v.Messages {
				value, err := hex.DecodeString(m.Hex)
				require.NoError(t, err)
				var msg sdk.Msg
				packed := &codectypes.Any{TypeUrl: m.TypeURL, Value: value}
				require.NoError(t, encoding.InterfaceRegistry.UnpackAny(packed, &msg))
				d.Msgs = append(d.Msgs, msg)
			}
			built, err := tx.Build(d, key)
			require.NoError(t, err)
			require.Equal(t, v.BodyBytes, hex.EncodeToString(built.Body))
			require.Equal(t, v.AuthInfoBytes, hex.EncodeToString(built.AuthInfo))
			require.Equal(t, v.SignBytes, hex.EncodeToString(built.SignBytes))
			require.Equal(t, v.TxRaw, hex.EncodeToString(built.Raw))
			require.Equal(t, v.TxHash, built.Hash)
			var raw txtypes.TxRaw
			require.NoError(t, raw.Unmarshal(built.Raw))
			require.Len(t, raw.Signatures, 1)
			require.True(t, keys.Verify(key.PubKey(), built.SignBytes, raw.Signatures[0]), "the signature verifies")
		})
	}
}

func number(t *testing.T, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err)
	return n
}
