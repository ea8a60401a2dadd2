// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// key opens the signing key: the block's, else the first of the environment's. Nil when there is none, or not yet.
func (r *resolver) key(s *settings, value types.Object) keys.Key {
	if value.IsUnknown() {
		r.unknown = true
		return nil
	}
	var m keyModel
	if !value.IsNull() {
		r.problems.Append(value.As(r.ctx, &m, basetypes.ObjectAsOptions{})...)
	}
	given := slices.DeleteFunc([]attr.Value{m.Mnemonic, m.PrivateKey, m.Keyring, m.Exported, m.Signer}, attr.Value.IsNull)
	if len(given) > 1 { // not a validator: its error would quote the lines
		r.problems.AddError("More than one key",
			"key may hold only one of mnemonic, private_key, keyring, exported and signer.")
		return nil
	}
	inBlock := len(given) == 1
	env := func(variable string) string {
		if inBlock {
			return "" // a key in the block leaves no room for another one from the environment
		}
		return variable
	}
	mnemonic := r.text(m.Mnemonic, env("AKASH_MNEMONIC"))
	private := r.text(m.PrivateKey, env("AKASH_PRIVATE_KEY"))
	hdPath := r.text(m.HDPath, "AKASH_HD_PATH")
	s.secrets = append(s.secrets, mnemonic, private)
	at := path.Root("key")
	switch {
	case mnemonic != "":
		key, err := keys.FromMnemonic(mnemonic, hdPath)
		return r.opened(key, err, at.AtName("mnemonic"))
	case private != "":
		key, err := keys.FromPrivateKeyHex(private)
		return r.opened(key, err, at.AtName("private_key"))
	case !m.Exported.IsNull():
		return r.exported(s, m.Exported)
	case !m.Signer.IsNull():
		return r.signer(m.Signer)
	case m.Keyring.IsNull() && !inBlock && r.getenv("AKASH_KEY_NAME") == "" && r.getenv(signerVariable) != "":
		return r.external(keys.ExternalConfig{Command: strings.Fields(r.getenv(signerVariable))})
	default:
		return r.keyring(s, m.Keyring, inBlock)
	}
}

// keyring opens a key of the CLI's keyring, if the block or the environment names one.
func (r *resolver) keyring(s *settings, value types.Object, inBlock bool) keys.Key {
	if value.IsUnknown() {
		r.unknown = true
		return nil
	}
	if value.IsNull() && (inBlock || r.getenv("AKASH_KEY_NAME") == "") {
		return nil
	}
	var m keyringModel
	if !value.IsNull() {
		r.problems.Append(value.As(r.ctx, &m, basetypes.ObjectAsOptions{})...)
	}
	config := keys.KeyringConfig{
		Backend:    r.text(m.Backend, "AKASH_KEYRING_BACKEND"),
		Dir:        r.text(m.Dir, "AKASH_HOME"),
		Name:       r.text(m.Name, "AKASH_KEY_NAME"),
		Passphrase: r.text(m.Passphrase, "AKASH_KEYRING_PASSPHRASE"),
	}
	s.secrets = append(s.secrets, config.Passphrase)
	if r.unknown {
		return nil
	}
	if config.Backend == "" {
		config.Backend = "os"
	}
	at := path.Root("key").AtName("keyring")
	if config.Name == "" {
		r.problems.AddAttributeError(at.AtName("name"), "No key name", "Set keyring.name or AKASH_KEY_NAME.")
		return nil
	}
	key, err := keys.FromKeyring(config)
	return r.opened(key, err, at)
}

// opened reports an error in words: with an attribute's path the CLI would quote the line that holds the secret.
func (r *resolver) opened(key keys.Key, err error, at path.Path) keys.Key {
	if err != nil {
		r.problems.AddError("Key cannot be used", fmt.Sprintf("%s: %v\n\nNothing was signed or sent.", at, err))
		return nil
	}
	return key
}
