// SPDX-License-Identifier: Apache-2.0

package deployment

import (
	"context"
	"encoding/hex"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// hashed is a manifest as its lease delivers it. It lives as long as an apply of the resource.
type hashed struct {
	// doc has the secrets over it; nil when something is wrong with them.
	doc  *sdl.Document
	hash []byte
	// names are what was laid over.
	names types.List
}

// layOver reads the secrets of a configuration at apply, when all of them are known, and lays them over a document.
func layOver(ctx context.Context, doc *sdl.Document, config tfsdk.Config, problems *diag.Diagnostics) hashed {
	over, more := secrets.Read(ctx, config)
	if problems.Append(more...); doc == nil || problems.HasError() {
		return hashed{}
	}
	out, _ := doc.WithSecrets(over.Values)
	if out == nil {
		problems.Append(over.On(doc)...)
		return hashed{}
	}
	return hashed{doc: out, hash: out.Hash(), names: over.NamesValue()}
}

// asPlanned keeps to a hash that the plan knew: then no version has changed, and the values are not looked at.
func (h hashed) asPlanned(hash types.String) hashed {
	if planned, err := hex.DecodeString(hash.ValueString()); err == nil && len(planned) > 0 {
		h.hash = planned
	}
	return h
}

// checkSecrets checks a configuration's secrets as far as they are known.
func checkSecrets(ctx context.Context, doc *sdl.Document, config tfsdk.Config) diag.Diagnostics {
	over, problems := secrets.Read(ctx, config)
	if problems.HasError() {
		return problems
	}
	return append(problems, over.On(doc)...)
}

// hashOf plans the hash of a manifest whose values are all known. With secrets it is the one in state or unknown: their
// values may differ between plan and apply, and are not compared.
func (p *planner) hashOf(ctx context.Context, doc *sdl.Document) types.String {
	if p.secrets.NamesKnown && len(p.secrets.Values.Names()) == 0 {
		return types.StringValue(hex.EncodeToString(doc.Hash()))
	}
	if !p.creates && p.secretsKept() && p.manifestKept(ctx, doc) {
		return p.state.Hash
	}
	return types.StringUnknown()
}

// secretsKept reports whether both versions are the ones in state.
func (p *planner) secretsKept() bool {
	return p.plan.EnvVersion.Equal(p.state.EnvVersion) && p.plan.RegistryVer.Equal(p.state.RegistryVer)
}

// manifestKept reports whether every group in state has this manifest and these names, and the hash that is on chain is
// the one that was made of them.
func (p *planner) manifestKept(ctx context.Context, doc *sdl.Document) bool {
	groups, problems := specsIn(ctx, p.state.Groups)
	p.resp.Diagnostics.Append(problems...)
	names := p.secrets.NamesValue()
	for _, g := range groups {
		if !g.Hash.Equal(p.state.Hash) || !g.Secrets.Equal(names) ||
			g.Manifest.ValueString() != string(doc.ManifestJSON()) {
			return false
		}
	}
	return len(groups) > 0
}
