// SPDX-License-Identifier: Apache-2.0

package tx

import (
	"fmt"
	"time"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// draft is everything that goes into a transaction of one signer.
type draft struct {
	msgs []sdk.Msg
	memo string
	// unordered transactions need timeoutAt and have sequence 0.
	unordered bool
	// timeoutAt is the last block time at which the transaction works; zero
	// means no limit.
	timeoutAt time.Time
	sequence  uint64

	chainID       string
	accountNumber uint64
	fee           sdk.Coins
	gasLimit      uint64
	feeGranter    string
}

// signed is a transaction ready to send.
type signed struct {
	raw  []byte
	hash string
}

// encode gives the two halves of a transaction that the signature covers.
func (d draft) encode(pubKey []byte) (body, authInfo []byte, err error) {
	if len(d.msgs) == 0 {
		return nil, nil, errNoMessages
	}
	txBody := txtypes.TxBody{Memo: d.memo, Unordered: d.unordered}
	if !d.timeoutAt.IsZero() {
		timeout := d.timeoutAt.UTC()
		txBody.TimeoutTimestamp = &timeout
	}
	if txBody.Messages, err = packed(d.msgs); err != nil {
		return nil, nil, err
	}
	if body, err = txBody.Marshal(); err != nil {
		return nil, nil, fmt.Errorf("transaction body: %w", err)
	}
	packedKey, err := codectypes.NewAnyWithValue(&secp256k1.PubKey{Key: pubKey})
	if err != nil {
		return nil, nil, fmt.Errorf("public key: %w", err)
	}
	auth := txtypes.AuthInfo{
		SignerInfos: []*txtypes.SignerInfo{{
			PublicKey: packedKey,
			ModeInfo: &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{
				Single: &txtypes.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT},
			}},
			Sequence: d.sequence,
		}},
		Fee: &txtypes.Fee{Amount: d.fee, GasLimit: d.gasLimit, Granter: d.feeGranter},
	}
	if authInfo, err = auth.Marshal(); err != nil {
		return nil, nil, fmt.Errorf("transaction signer: %w", err)
	}
	return body, authInfo, nil
}

// packed encodes messages as a transaction holds them.
func packed(msgs []sdk.Msg) ([]*codectypes.Any, error) {
	var all []*codectypes.Any
	for i, msg := range msgs {
		one, err := codectypes.NewAnyWithValue(msg)
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", i, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// signBytes is what SIGN_MODE_DIRECT signs.
func (d draft) signBytes(body, authInfo []byte) ([]byte, error) {
	doc := txtypes.SignDoc{
		BodyBytes: body, AuthInfoBytes: authInfo, ChainId: d.chainID, AccountNumber: d.accountNumber,
	}
	return doc.Marshal()
}

// sign builds the bytes that go to the chain.
func (d draft) sign(key keys.Key) (signed, error) {
	body, authInfo, err := d.encode(key.PubKey())
	if err != nil {
		return signed{}, err
	}
	message, err := d.signBytes(body, authInfo)
	if err != nil {
		return signed{}, err
	}
	signature, err := key.Sign(message)
	if err != nil {
		return signed{}, fmt.Errorf("sign transaction: %w", err)
	}
	return assemble(body, authInfo, signature)
}

// unsigned builds the bytes for a simulation, whose signature nobody checks.
func (d draft) unsigned(pubKey []byte) ([]byte, error) {
	body, authInfo, err := d.encode(pubKey)
	if err != nil {
		return nil, err
	}
	built, err := assemble(body, authInfo, nil)
	return built.raw, err
}

func assemble(body, authInfo, signature []byte) (signed, error) {
	// An empty signature still has to be there: one for each signer.
	raw := txtypes.TxRaw{BodyBytes: body, AuthInfoBytes: authInfo, Signatures: [][]byte{signature}}
	bytes, err := raw.Marshal()
	if err != nil {
		return signed{}, fmt.Errorf("transaction: %w", err)
	}
	return signed{raw: bytes, hash: chain.TxHash(bytes)}, nil
}
