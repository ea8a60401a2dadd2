// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The environment variables of the journal.
const (
	EnvStateDir = "AKASH_STATE_DIR"
	EnvScope    = "AKASH_JOURNAL_SCOPE"
)

// Scope tells one configuration's intents from another's: a hash of the working directory and the selected
// workspace, or of AKASH_JOURNAL_SCOPE where that is set. A Terraform provider never learns a resource's address.
func Scope(getenv func(string) string, workingDir string) string {
	text := getenv(EnvScope)
	if text == "" {
		text = workingDir + "\x00" + workspace(getenv, workingDir)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// workspace is the selected Terraform workspace, found where the CLI keeps it.
func workspace(getenv func(string) string, workingDir string) string {
	if w := getenv("TF_WORKSPACE"); w != "" {
		return w
	}
	data := getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	if !filepath.IsAbs(data) {
		data = filepath.Join(workingDir, data)
	}
	text, err := os.ReadFile(filepath.Join(data, "environment")) //nolint:gosec // the CLI's own file
	if err != nil || strings.TrimSpace(string(text)) == "" {
		return "default"
	}
	return strings.TrimSpace(string(text))
}

// Dir is where the journal lives: AKASH_STATE_DIR, else the user's state directory.
func Dir(getenv func(string) string, home string) string {
	if d := getenv(EnvStateDir); d != "" {
		return filepath.Join(d, "journal")
	}
	base := getenv("XDG_STATE_HOME")
	if base == "" && runtime.GOOS == "windows" {
		base = getenv("LocalAppData")
	}
	if base == "" {
		base = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(base, "terraform-provider-akash", "journal")
}
