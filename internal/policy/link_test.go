// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// banned are packages the shipped plugin must not link, directly or through anybody, each with its reason.
var banned = []struct{ paths, why string }{
	{
		`github\.com/cometbft/cometbft/(node|consensus|blocksync|statesync|mempool|evidence|state|store|privval|` +
			`inspect|light|proxy|test)\b`, // p2p stays: cosmos-sdk/types wants one of its types
		"a CometBFT node belongs to the devnet; x/auth/types and x/bank/types of cosmos-sdk bring parts of it, " +
			"cosmossdk.io/api has the same messages without",
	},
	{`github\.com/cosmos/cosmos-sdk/(baseapp|server|runtime|simapp|testutil)\b`, "the plugin runs no application"},
	{`github\.com/pulumi/`, "the bridge is another binary"},
	{
		`github\.com/(CosmWasm/|tetratelabs/wazero|wasmerio/|bytecodealliance/wasmtime|second-state/)`,
		"a wasm runtime is for chains that run contracts",
	},
	{
		`github\.com/hashicorp/(terraform-plugin-testing|terraform-plugin-sdk|` +
			`terraform-exec|hc-install)\b|pgregory\.net/rapid\b`,
		"test helpers do not ship", // "testing" and testify do: go-plugin and cometbft/types import them
	},
	{regexp.QuoteMeta(module) + `/internal/(devnet|acctest|bench|demo|policy|protogen)\b`, "only for tests and tools"},
	{`runtime/cgo$`, "one static binary per platform"},
}

// ban says why a package may not be linked into the plugin, or "" when it may.
func ban(path string) string {
	for _, b := range banned {
		if regexp.MustCompile(`^(?:` + b.paths + `)`).MatchString(path) {
			return path + ": " + b.why
		}
	}
	return ""
}

func TestPluginLinksOnlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	linked := strings.Fields(string(goCommand(t, "list", "-deps", ".")))
	require.Contains(t, linked, module+"/internal/provider", "the root package serves the Terraform provider")
	for _, path := range linked {
		assert.Empty(t, ban(path))
	}
}

func TestBan(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"github.com/cometbft/cometbft/node", "github.com/cometbft/cometbft/consensus/types",
		"github.com/cosmos/cosmos-sdk/baseapp", "github.com/tetratelabs/wazero/api", module + "/internal/devnet/app",
	} {
		require.NotEmpty(t, ban(path), path)
	}
	for _, path := range []string{
		"github.com/cometbft/cometbft/crypto", "github.com/twitchyliquid64/golang-asm/obj/wasm",
		"github.com/cosmos/cosmos-sdk/crypto/keyring", module + "/internal/deploy", "testing",
	} {
		require.Empty(t, ban(path), path)
	}
}
