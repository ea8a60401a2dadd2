// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	vault "github.com/99designs/keyring"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	"golang.org/x/crypto/bcrypt"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// The keyring backends that can be opened, spelled as the Akash command line
// spells them.
const (
	BackendOS   = "os"
	BackendFile = "file"
	BackendTest = "test"
)

// appName is the service under which the Akash command line stores its keys.
const appName = "akash"

// recordSuffix ends the item names of keys; address items end differently.
const recordSuffix = ".info"

// addressSuffix ends the names of items that lead from an address, in hexadecimal, to a key's item.
const addressSuffix = ".address"

var (
	// ErrKeyNotFound says that the keyring holds no key of the wanted name.
	ErrKeyNotFound = errors.New("key not found in keyring")
	// ErrPassphrase says that the file keyring needs another passphrase.
	ErrPassphrase = errors.New("keyring passphrase")
	// ErrNoKeyring says that there is no keyring in the directory.
	ErrNoKeyring = errors.New("no keyring")
)

// KeyringConfig says which key of which keyring to use.
type KeyringConfig struct {
	// Backend is one of [BackendOS], [BackendFile] and [BackendTest].
	Backend string
	// Dir is the home directory of the Akash command line; the backends file
	// and test live in its folders keyring-file and keyring-test. Empty means
	// .akash in the user's home directory. A leading ~/ is expanded.
	Dir string
	// Name is the key's name as `akash keys list` shows it, or its address.
	Name string
	// Passphrase opens the backend file; the others do not use it (os does
	// when the system has no secret store and falls back to files).
	Passphrase string
}

// FromKeyring opens a keyring made by the Akash command line and returns the
// named key. The private key stays in the keyring, which signs. It never
// prompts, never writes and does not create a missing directory.
//
// Errors: [ErrNoKeyring] when the directory is missing, [ErrKeyNotFound] with
// the names that do exist, [ErrPassphrase] when the passphrase is missing or
// wrong. Keys without a private half (offline, multisig) and keys on a Ledger
// are refused.
func FromKeyring(cfg KeyringConfig) (Key, error) {
	if cfg.Name == "" {
		return nil, errors.New("keyring: the name of the key is empty")
	}
	opened, err := openVault(cfg)
	if err != nil {
		return nil, err
	}
	return fromVault(opened, cfg)
}

func fromVault(opened vault.Keyring, cfg KeyringConfig) (Key, error) {
	names, err := keyNames(opened)
	if err != nil {
		return nil, fmt.Errorf("keyring %s: list keys: %w", cfg.Backend, err)
	}
	if named, err := nameOfAddress(opened, cfg.Name); err != nil {
		return nil, fmt.Errorf("keyring %s: look for %s: %w", cfg.Backend, cfg.Name, err)
	} else if named != "" {
		cfg.Name = named
	}
	if !slices.Contains(names, cfg.Name) {
		present := "it holds no keys"
		if len(names) > 0 {
			present = "it holds " + strings.Join(names, ", ")
		}
		return nil, fmt.Errorf("%w: %q in backend %s: %s", ErrKeyNotFound, cfg.Name, cfg.Backend, present)
	}
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	ring := keyring.NewInMemoryWithKeyring(opened, codec.NewProtoCodec(registry))
	record, err := ring.Key(cfg.Name)
	if err != nil {
		return nil, fmt.Errorf("keyring %s: read key %q: %w", cfg.Backend, cfg.Name, err)
	}
	if kind := record.GetType(); kind != keyring.TypeLocal {
		return nil, fmt.Errorf("keyring %s: key %q is of type %s: only local keys can sign here",
			cfg.Backend, cfg.Name, kind)
	}
	pub, err := record.GetPubKey()
	if err != nil {
		return nil, fmt.Errorf("keyring %s: public key of %q: %w", cfg.Backend, cfg.Name, err)
	}
	id, err := newIdentity(pub)
	if err != nil {
		return nil, fmt.Errorf("keyring %s: key %q: %w", cfg.Backend, cfg.Name, err)
	}
	return &ringKey{identity: id, name: cfg.Name, ring: ring}, nil
}

func openVault(cfg KeyringConfig) (vault.Keyring, error) {
	dir, err := keyringHome(cfg.Dir)
	if err != nil {
		return nil, err
	}
	// The backends are opened here and not by keyring.New, which would read the
	// passphrase from a terminal when there is one: a plugin must never prompt.
	// Folder names and the service name are those of keyring.New.
	setup := vault.Config{ServiceName: appName}
	switch cfg.Backend {
	case BackendTest:
		setup.AllowedBackends = []vault.BackendType{vault.FileBackend}
		setup.FileDir = filepath.Join(dir, "keyring-test")
		setup.FilePasswordFunc = func(string) (string, error) { return "test", nil }
	case BackendFile:
		setup.AllowedBackends = []vault.BackendType{vault.FileBackend}
		setup.FileDir = filepath.Join(dir, "keyring-file")
		setup.FilePasswordFunc = checkedPassphrase(setup.FileDir, cfg.Passphrase)
	case BackendOS:
		setup.FileDir = dir
		setup.KeychainTrustApplication = true
		setup.FilePasswordFunc = checkedPassphrase(dir, cfg.Passphrase)
	default:
		return nil, fmt.Errorf("keyring backend %q: want %s, %s or %s",
			cfg.Backend, BackendOS, BackendFile, BackendTest)
	}
	if cfg.Backend != BackendOS {
		// Listing would create the directory.
		if info, err := os.Stat(setup.FileDir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%w of backend %s at %s", ErrNoKeyring, cfg.Backend, setup.FileDir)
		}
	}
	opened, err := vault.Open(setup)
	if err != nil {
		return nil, fmt.Errorf("keyring %s: %w", cfg.Backend, err)
	}
	return opened, nil
}

func keyringHome(dir string) (string, error) {
	if dir == "" {
		dir = "~/.akash"
	}
	return expandHome(dir)
}

// expandHome replaces a leading ~ by the user's home directory.
func expandHome(path string) (string, error) {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("home directory: %w", err)
	}
	return filepath.Join(home, strings.TrimPrefix(path, "~")), nil
}

// checkedPassphrase compares with the hash that the command line leaves beside
// the keys, since a wrong passphrase otherwise shows as a decryption error.
func checkedPassphrase(dir, passphrase string) func(string) (string, error) {
	return func(string) (string, error) {
		if passphrase == "" {
			return "", fmt.Errorf("%w: none was given for %s", ErrPassphrase, dir)
		}
		hash, err := os.ReadFile(filepath.Join(dir, "keyhash")) //nolint:gosec // the user names the keyring's directory
		switch {
		case errors.Is(err, os.ErrNotExist):
			return passphrase, nil
		case err != nil:
			return "", fmt.Errorf("read the passphrase hash: %w", err)
		case bcrypt.CompareHashAndPassword(hash, []byte(passphrase)) != nil:
			return "", fmt.Errorf("%w: it does not open %s", ErrPassphrase, dir)
		}
		return passphrase, nil
	}
}

func keyNames(opened vault.Keyring) ([]string, error) {
	items, err := opened.Keys()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, item := range items {
		if name, ok := strings.CutSuffix(item, recordSuffix); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// nameOfAddress finds the key that a keyring has for an address, which the command line takes for --from as well; ""
// when the text is no address or nobody's here.
func nameOfAddress(opened vault.Keyring, address string) (string, error) {
	raw, err := sdk.GetFromBech32(address, ids.AddressPrefix)
	if err != nil {
		return "", nil //nolint:nilerr // then it is a name
	}
	item, err := opened.Get(hex.EncodeToString(raw) + addressSuffix)
	if errors.Is(err, vault.ErrKeyNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(string(item.Data), recordSuffix), nil
}

// ringKey signs inside the keyring.
type ringKey struct {
	identity
	name string

	mu   sync.Mutex // the file backend caches its passphrase without a lock
	ring keyring.Keyring
}

func (k *ringKey) Sign(msg []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	signature, _, err := k.ring.Sign(k.name, msg, signing.SignMode_SIGN_MODE_DIRECT)
	if err != nil {
		return nil, fmt.Errorf("sign with key %q: %w", k.name, err)
	}
	return signature, nil
}
