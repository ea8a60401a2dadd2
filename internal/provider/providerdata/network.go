// SPDX-License-Identifier: Apache-2.0

package providerdata

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// chainKey is where a resource's private state keeps the id of the chain it is on.
const chainKey = "chain_id"

// PrivateReader reads private state, as every request of the framework does.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter writes private state.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// CheckChain refuses to look for a resource on another chain than the one it was made on: there it would seem to be
// gone, and go on costing money unseen.
func (d *Data) CheckChain(ctx context.Context, private PrivateReader, id string) diag.Diagnostics {
	text, problems := private.GetKey(ctx, chainKey)
	if problems.HasError() || len(text) == 0 || d.ChainID == "" {
		return problems
	}
	var made string
	if err := json.Unmarshal(text, &made); err != nil {
		problems.AddError("Private state cannot be read", err.Error())
		return problems
	}
	if made != d.ChainID {
		problems.AddError("Resource of another network", fmt.Sprintf("%s is on chain %s, the provider block is set to %s. "+
			"Nothing was changed.\n\nSet network or chain_id back, or use a Terraform provider alias for the other network. "+
			"To forget the resource here without closing it, run terraform state rm.", id, made, d.ChainID))
	}
	return problems
}

// KeepChain notes the chain a resource is on.
func (d *Data) KeepChain(ctx context.Context, private PrivateWriter) diag.Diagnostics {
	if d.ChainID == "" {
		return nil
	}
	text, err := json.Marshal(d.ChainID)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state cannot be written", err.Error())}
	}
	return private.SetKey(ctx, chainKey, text)
}
