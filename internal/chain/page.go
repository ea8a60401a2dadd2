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
const pageSize = 1000

var errPageLoop = errors.New("the node's list does not end: it repeats a page key")

// listAll walks a paginated list to its end. The key of a page carries the
// filters of the first request, so the same request goes along each time.
func listAll[T any](
	ctx context.Context, fetch func(context.Context, *query.PageRequest) ([]T, *query.PageResponse, error),
) ([]T, error) {
	var all []T
	var key []byte
	for {
		items, next, err := onePage(ctx, key, fetch)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if next == nil {
			return all, nil
		}
		key = next
	}
}

// onePage asks for the page behind key. Its errors are those of fetch; next is nil behind the last page.
func onePage[T any](
	ctx context.Context, key []byte,
	fetch func(context.Context, *query.PageRequest) ([]T, *query.PageResponse, error),
) (items []T, next []byte, err error) {
	items, page, err := fetch(ctx, &query.PageRequest{Key: key, Limit: pageSize})
	switch {
	case err != nil:
		return nil, nil, err
	case page == nil || len(page.NextKey) == 0: // a direct look-up answers with an empty pagination object
		return items, nil, nil
	case bytes.Equal(page.NextKey, key):
		return nil, nil, errPageLoop
	}
	return items, page.NextKey, nil
}
