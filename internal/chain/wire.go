// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"errors"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/protobuf/encoding/protowire"
)

// Some services of cosmos-sdk are read by hand: their Go packages would link the
// SDK's whole client, its server and parts of a node into the binary.
const (
	methodAccountInfo = "/cosmos.auth.v1beta1.Query/AccountInfo"
	methodBalances    = "/cosmos.bank.v1beta1.Query/AllBalances"
	methodSpendable   = "/cosmos.bank.v1beta1.Query/SpendableBalances"
	methodLatestBlock = "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock"
	methodNodeConfig  = "/cosmos.base.node.v1beta1.Service/Config"
)

var errMalformed = errors.New("malformed protobuf")

// eachField calls visit for every field of msg. Length-delimited fields come as
// bytes, varints as number; others are passed over.
func eachField(msg []byte, visit func(num protowire.Number, number uint64, bytes []byte) error) error {
	for len(msg) > 0 {
		num, kind, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return errMalformed
		}
		msg = msg[n:]
		switch kind {
		case protowire.BytesType:
			value, n := protowire.ConsumeBytes(msg)
			if n < 0 {
				return errMalformed
			}
			if err := visit(num, 0, value); err != nil {
				return err
			}
			msg = msg[n:]
		case protowire.VarintType:
			value, n := protowire.ConsumeVarint(msg)
			if n < 0 {
				return errMalformed
			}
			if err := visit(num, value, nil); err != nil {
				return err
			}
			msg = msg[n:]
		default:
			n := protowire.ConsumeFieldValue(num, kind, msg)
			if n < 0 {
				return errMalformed
			}
			msg = msg[n:]
		}
	}
	return nil
}

// decodeLatestBlock reads GetLatestBlockResponse: sdk_block (3) or the older
// block (2), each with header (1) {chain_id 2, height 3, time 4}.
func decodeLatestBlock(msg []byte) (head, error) {
	var h head
	header := func(num protowire.Number, number uint64, bytes []byte) error {
		switch num {
		case 2:
			h.chainID = string(bytes)
		case 3:
			h.block.Height = int64(number) //nolint:gosec // the wire form of an int64
		case 4:
			stamp, err := decodeTimestamp(bytes)
			h.block.Time = stamp
			return err
		}
		return nil
	}
	block := func(num protowire.Number, _ uint64, bytes []byte) error {
		if num != 1 {
			return nil
		}
		return eachField(bytes, header)
	}
	err := eachField(msg, func(num protowire.Number, _ uint64, bytes []byte) error {
		if num != 2 && num != 3 {
			return nil
		}
		return eachField(bytes, block)
	})
	if err == nil && (h.chainID == "" || h.block.Height <= 0) {
		err = errMalformed
	}
	return h, err
}

func decodeTimestamp(msg []byte) (time.Time, error) {
	var seconds, nanos int64
	err := eachField(msg, func(num protowire.Number, number uint64, _ []byte) error {
		switch num {
		case 1:
			seconds = int64(number) //nolint:gosec // the wire form of an int64
		case 2:
			nanos = int64(number) //nolint:gosec // the wire form of an int32
		}
		return nil
	})
	return time.Unix(seconds, nanos).UTC(), err
}

// decodeMinGasPrice reads ConfigResponse: minimum_gas_price (1).
func decodeMinGasPrice(msg []byte) (string, error) {
	var price string
	err := eachField(msg, func(num protowire.Number, _ uint64, bytes []byte) error {
		if num == 1 {
			price = string(bytes)
		}
		return nil
	})
	return price, err
}

// encodeAddress writes a request whose field 1 is an address.
func encodeAddress(addr string) []byte {
	return protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), addr)
}

// encodeBalances writes a request with address (1) and pagination (2).
func encodeBalances(addr string, page *query.PageRequest) ([]byte, error) {
	encoded, err := page.Marshal()
	if err != nil {
		return nil, err
	}
	request := protowire.AppendTag(encodeAddress(addr), 2, protowire.BytesType)
	return protowire.AppendBytes(request, encoded), nil
}

// decodeAccountInfo reads QueryAccountInfoResponse: info (1), a BaseAccount
// {address 1, pub_key 2, account_number 3, sequence 4}. ok is false without info.
func decodeAccountInfo(msg []byte) (account Account, ok bool, err error) {
	err = eachField(msg, func(num protowire.Number, _ uint64, bytes []byte) error {
		if num != 1 {
			return nil
		}
		ok = true
		return eachField(bytes, func(num protowire.Number, number uint64, bytes []byte) error {
			switch num {
			case 1:
				account.Address = string(bytes)
			case 2:
				account.HasPubKey = len(bytes) > 0
			case 3:
				account.Number = number
			case 4:
				account.Sequence = number
			}
			return nil
		})
	})
	return account, ok, err
}

// decodeBalances reads a balances response: balances (1), pagination (2).
func decodeBalances(msg []byte) ([]sdk.Coin, *query.PageResponse, error) {
	var coins []sdk.Coin
	page := new(query.PageResponse)
	err := eachField(msg, func(num protowire.Number, _ uint64, bytes []byte) error {
		switch num {
		case 1:
			var one sdk.Coin
			if err := one.Unmarshal(bytes); err != nil {
				return err
			}
			if err := one.Validate(); err != nil {
				return err
			}
			coins = append(coins, one)
		case 2:
			return page.Unmarshal(bytes)
		}
		return nil
	})
	return coins, page, err
}
