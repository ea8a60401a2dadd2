// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/types/tx"
)

// latestBlocks are those up to height, newest first. Blocks do not change, so each is read once; the caller holds
// the lock.
func (c *Collector) latestBlocks(ctx context.Context, height int64) ([]Block, error) {
	var out []Block
	client := cmtservice.NewServiceClient(c.network.Conn())
	for h := height; h > max(0, height-maxBlocks); h-- {
		block, known := c.blocks[h]
		if !known {
			answer, err := client.GetBlockByHeight(ctx, &cmtservice.GetBlockByHeightRequest{Height: h})
			if err != nil {
				return nil, fmt.Errorf("block %d: %w", h, err)
			}
			block = Block{Height: h, Time: answer.SdkBlock.Header.Time.UTC()}
			for _, raw := range answer.SdkBlock.Data.Txs {
				block.Txs = append(block.Txs, messages(raw))
			}
			c.blocks[h] = block
		}
		out = append(out, block)
	}
	maps.DeleteFunc(c.blocks, func(h int64, _ Block) bool { return h <= height-maxBlocks })
	return out, nil
}

// messages names what a transaction asks for: "CreateBid, CreateBid".
func messages(raw []byte) string {
	var envelope tx.TxRaw
	var body tx.TxBody
	if envelope.Unmarshal(raw) != nil || body.Unmarshal(envelope.BodyBytes) != nil {
		return "unreadable transaction"
	}
	var names []string
	for _, m := range body.Messages {
		name := m.TypeUrl[strings.LastIndexAny(m.TypeUrl, "./")+1:]
		names = append(names, strings.TrimPrefix(name, "Msg"))
	}
	return strings.Join(names, ", ")
}
