// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
)

// trail remembers the transactions of one use case, so that its failure can name them. It is safe for concurrent use.
type trail struct {
	mu   sync.Mutex
	sent []string
}

type trailKey struct{}

// withTrail lets every transaction sent with the context leave its mark in the trail.
func withTrail(ctx context.Context) (context.Context, *trail) {
	t := &trail{}
	return context.WithValue(ctx, trailKey{}, t), t
}

// leaveTrail notes a transaction that is in a block.
func leaveTrail(ctx context.Context, result tx.Result, messages []sdk.Msg) {
	t, ok := ctx.Value(trailKey{}).(*trail)
	if !ok || result.Hash == "" {
		return
	}
	names := make([]string, 0, len(messages))
	for _, m := range messages {
		names = append(names, reflect.Indirect(reflect.ValueOf(m)).Type().Name())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = append(t.sent, fmt.Sprintf("%s in block %d, transaction %s", strings.Join(names, " and "),
		result.Height, result.Hash))
}

// text lists the transactions, a line each that the CLI does not wrap; "" when there are none.
func (t *trail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.sent) == 0 {
		return ""
	}
	return "Sent by this run:\n   " + strings.Join(t.sent, "\n   ")
}
