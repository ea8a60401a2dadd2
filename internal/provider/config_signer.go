// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// signerVariable names a program that signs.
const signerVariable = "AKASH_SIGNER"

type exportedModel struct {
	Path       types.String `tfsdk:"path"`
	Passphrase types.String `tfsdk:"passphrase"`
}

type signerModel struct {
	Command types.List   `tfsdk:"command"`
	Timeout types.String `tfsdk:"timeout"`
}

// exported opens a file of akash keys export.
func (r *resolver) exported(s *settings, value types.Object) keys.Key {
	if value.IsUnknown() {
		r.unknown = true
		return nil
	}
	var m exportedModel
	r.problems.Append(value.As(r.ctx, &m, basetypes.ObjectAsOptions{})...)
	file, passphrase := r.text(m.Path, ""), r.text(m.Passphrase, "AKASH_KEYRING_PASSPHRASE")
	s.secrets = append(s.secrets, passphrase)
	if m.Path.IsUnknown() || m.Passphrase.IsUnknown() {
		return nil
	}
	key, err := keys.FromExported(file, passphrase)
	return r.opened(key, err, path.Root("key").AtName("exported"))
}

// signer asks the program of the block for its public key.
func (r *resolver) signer(value types.Object) keys.Key {
	if value.IsUnknown() {
		r.unknown = true
		return nil
	}
	var m signerModel
	r.problems.Append(value.As(r.ctx, &m, basetypes.ObjectAsOptions{})...)
	before := r.unknown
	r.unknown = false
	config := keys.ExternalConfig{Command: r.list(m.Command, "")}
	limit := r.text(m.Timeout, "")
	late := r.unknown
	r.unknown = before || late
	if late {
		return nil
	}
	if limit != "" {
		parsed, err := time.ParseDuration(limit)
		if err != nil { // the validator saw only what was known then
			return r.opened(nil, err, path.Root("key").AtName("signer").AtName("timeout"))
		}
		config.Timeout = parsed
	}
	return r.external(config)
}

func (r *resolver) external(config keys.ExternalConfig) keys.Key {
	key, err := keys.FromExternal(r.ctx, config)
	return r.opened(key, err, path.Root("key").AtName("signer"))
}
