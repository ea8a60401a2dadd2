// SPDX-License-Identifier: Apache-2.0

package table

import (
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// States turns a state filter into a [Selection]'s two lists. An empty filter
// means every state; an unknown name, or the zero state's, is InvalidArgument
// "invalid state value". Values is a generated name-to-number map.
func States(filter string, values map[string]int32) (wanted, all []int32, err error) {
	for _, n := range values {
		if n != 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	if filter == "" {
		return nil, all, nil
	}
	n := values[filter]
	if n == 0 {
		return nil, nil, status.Error(codes.InvalidArgument, "invalid state value")
	}
	return []int32{n}, all, nil
}
