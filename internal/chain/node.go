// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

const (
	methodBlockByHeight = "/cosmos.base.tendermint.v1beta1.Service/GetBlockByHeight"
	methodNodeInfo      = "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo"
)

// BlockAt returns a block by its height. Nodes forget old ones, and answer with a [*QueryError] then.
func (c *Client) BlockAt(ctx context.Context, height int64) (Block, error) {
	request := rawMessage{bytes: protowire.AppendVarint(
		protowire.AppendTag(nil, 1, protowire.VarintType), unsigned(height))}
	var reply rawMessage
	if err := c.pool.Invoke(ctx, methodBlockByHeight, &request, &reply); err != nil {
		return Block{}, fmt.Errorf("block %d: %w", height, err)
	}
	found, err := decodeLatestBlock(reply.bytes) // the same form
	if err == nil && found.block.Height != height {
		err = errMalformed
	}
	if err != nil {
		return Block{}, fmt.Errorf("block %d: %w", height, err)
	}
	return found.block, nil
}

// NodeVersion returns the version of the software that the endpoint in use runs, as it tells it; "" when it tells none.
func (c *Client) NodeVersion(ctx context.Context) (string, error) {
	var reply rawMessage
	if err := c.pool.Invoke(ctx, methodNodeInfo, &rawMessage{}, &reply); err != nil {
		return "", fmt.Errorf("node info: %w", err)
	}
	return decodeNodeVersion(reply.bytes)
}

// decodeNodeVersion reads GetNodeInfoResponse: application_version (2) {version 3}.
func decodeNodeVersion(msg []byte) (string, error) {
	var version string
	err := eachField(msg, func(num protowire.Number, _ uint64, bytes []byte) error {
		if num != 2 {
			return nil
		}
		return eachField(bytes, func(num protowire.Number, _ uint64, bytes []byte) error {
			if num == 3 {
				version = string(bytes)
			}
			return nil
		})
	})
	return version, err
}

// blockRequest is the REST form of a question for a block.
func blockRequest(args any) (string, url.Values, any, error) {
	raw, ok := args.(*rawMessage)
	if !ok {
		return "", nil, nil, errNotAMessage
	}
	var height uint64
	err := eachField(raw.bytes, func(num protowire.Number, number uint64, _ []byte) error {
		if num == 1 {
			height = number
		}
		return nil
	})
	return "/cosmos/base/tendermint/v1beta1/blocks/" + strconv.FormatUint(height, 10), nil, nil, err
}

// restBlock is a block as REST tells it.
type restBlock struct {
	Block struct {
		Header struct {
			ChainID string    `json:"chain_id"`
			Height  text64    `json:"height"`
			Time    time.Time `json:"time"`
		} `json:"header"`
	} `json:"block"`
}

func blockReply(answer []byte, reply any) error {
	var told restBlock
	if err := json.Unmarshal(answer, &told); err != nil || told.Block.Header.ChainID == "" {
		return errors.Join(errMalformed, err)
	}
	h := told.Block.Header
	nested := func(num protowire.Number, inner []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), inner)
	}
	stamp := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), unsigned(h.Time.Unix()))
	nanos := unsigned(int64(h.Time.Nanosecond()))
	stamp = protowire.AppendVarint(protowire.AppendTag(stamp, 2, protowire.VarintType), nanos)
	header := nested(2, []byte(h.ChainID))
	header = protowire.AppendVarint(protowire.AppendTag(header, 3, protowire.VarintType), unsigned(int64(h.Height)))
	header = append(header, nested(4, stamp)...)
	return rawReply(reply, nested(3, nested(1, header)))
}

func nodeInfoReply(answer []byte, reply any) error {
	var told struct {
		Application struct {
			Version string `json:"version"`
		} `json:"application_version"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return err
	}
	version := protowire.AppendString(protowire.AppendTag(nil, 3, protowire.BytesType), told.Application.Version)
	return rawReply(reply, protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), version))
}
