// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// several does a thing for each of n numbers, as many at once as there are processors, and returns all errors.
func several(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	work.Wait()
	return errors.Join(errs...)
}
