// SPDX-License-Identifier: Apache-2.0

package wallet

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Sign makes the bytes of one transaction, ready to be broadcast, with the
// account's present sequence. It sends nothing.
func (w *Wallet) Sign(ctx context.Context, msgs ...sdk.Msg) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.build(ctx, Options{}, msgs)
}
