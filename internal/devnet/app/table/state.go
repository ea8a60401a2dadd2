// SPDX-License-Identifier: Apache-2.0

package table

import (
	"slices"

	"github.com/cosmos/cosmos-sdk/types/query"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// States turns a state filter into a [Selection]'s two lists. An empty filter
// means every state. An unknown name, or the zero state's, is InvalidArgument
// "invalid state value", and so is an offset without a filter; a page key brings its own states,
// so that the filter is not looked at. Values is a generated name-to-number map.
func States(filter string, values map[string]int32, page *query.PageRequest) (wanted, all []int32, err error) {
	if filter == "" && page != nil && page.Offset > 0 {
		return nil, nil, status.Error(codes.InvalidArgument,
			"invalid request parameters. if offset is set, filter.state must be provided")
	}
	for _, n := range values {
		if n != 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	if filter == "" || Continued(page) {
		return nil, all, nil
	}
	n := values[filter]
	if n == 0 {
		return nil, nil, status.Error(codes.InvalidArgument, "invalid state value")
	}
	return []int32{n}, all, nil
}

// Continued tells whether a request goes on where another page ended.
func Continued(page *query.PageRequest) bool { return page != nil && len(page.Key) > 0 }
