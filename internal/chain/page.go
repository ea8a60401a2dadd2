// SPDX-License-Identifier: Apache-2.0

package chain

import (
	"bytes"
	"context"
	"errors"

	"github.com/cosmos/cosmos-sdk/types/query"
)

// pageSize is how many items one call of a list asks for: few calls for a large
// account, and pages that stay well below [maxReply].
const pageSize = 500

var errPageLoop = errors.New("the node's list does not end: it repeats a page key")

// listAll walks a paginated list to its end. The key of a page carries the
// filters of the first request, so the same request goes along each time.
func listAll[T any](
	ctx context.Context, fetch func(context.Context, *query.PageRequest) ([]T, *query.PageResponse, error),
) ([]T, error) {
	var all []T
	page := &query.PageRequest{Limit: pageSize}
	for {
		items, next, err := fetch(ctx, page)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		// A direct look-up answers with an empty pagination object.
		if next == nil || len(next.NextKey) == 0 {
			return all, nil
		}
		if bytes.Equal(next.NextKey, page.Key) {
			return nil, errPageLoop
		}
		page = &query.PageRequest{Key: next.NextKey, Limit: pageSize}
	}
}
