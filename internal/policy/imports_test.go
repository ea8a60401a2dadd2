// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImportDirection holds every package to the table of rooms_test.go. Tests may look across rooms, except those of
// the devnet: what the client is tested against must not lean on the client.
func TestImportDirection(t *testing.T) {
	t.Parallel()
	parsed := rooms(t)
	for _, l := range packages(t) {
		imports := l.Imports
		if folder, _, _ := parsed.room(l.relative()); folder == "devnet" || folder == conformanceRoom {
			imports = slices.Concat(imports, l.TestImports, l.XTestImports)
		}
		if _, _, ok := parsed.room(l.relative()); !ok {
			assert.Fail(t, "unknown room", parsed.refusal(l.relative(), "."))
			continue
		}
		for _, path := range imports {
			if isOurs(path) {
				assert.Empty(t, parsed.refusal(l.relative(), relativeTo(path)))
			}
		}
	}
}

const conformanceRoom = "devnet/conformance"

// TestConformanceSeesEndpointsOnly keeps the devnet's inside out of the checks that any chain is held to: they sign
// with the devnet's wallet, and one file of theirs starts it.
func TestConformanceSeesEndpointsOnly(t *testing.T) {
	t.Parallel()
	const dir, devnet, starter = "internal/" + conformanceRoom, "internal/devnet", "world_test.go"
	var starts bool
	for _, s := range sources(t) {
		if s.dir() != dir {
			continue
		}
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if !isOurs(path) || !covers([]string{devnet}, relativeTo(path)) || relativeTo(path) == devnet+"/wallet" {
				continue
			}
			opens := relativeTo(path) == devnet && s.path == dir+"/"+starter
			assert.True(t, opens, "%s imports %s: only %s may start a devnet", s.path, path, starter)
			starts = starts || opens
		}
	}
	require.True(t, starts, "%s starts the devnet", starter)
}

// fence keeps packages from outside to the rooms that need them.
type fence struct {
	paths   string   // regular expression an import path is matched with from its beginning
	rooms   []string // who may import them; a room covers the rooms below it
	testers []string // who may import them in tests as well
	why     string
}

var fences = []fence{
	{
		paths:   `github\.com/hashicorp/terraform-plugin-(framework|go|log|mux|testing|sdk)\b`,
		rooms:   []string{"main", "provider", "acctest", "bench"},
		testers: []string{"policy"},
		why:     "only the Terraform provider speaks Terraform; everything below it is plain Go",
	},
	{
		paths:   `github\.com/hashicorp/(terraform-exec|hc-install|terraform-json)\b`,
		rooms:   []string{"acctest", "demo", "devnet/cmd"},
		testers: []string{"provider", "deploy"},
		why:     "a CLI is driven by tests and by the demo, never by the product",
	},
	{
		paths: `github\.com/pulumi/`,
		why:   "the Pulumi bridge is a module of its own",
	},
	{
		paths: `github\.com/cometbft/cometbft/(node|consensus|blocksync|statesync|mempool|evidence|state|store|` +
			`privval|p2p|proxy|rpc|config)\b`,
		rooms: []string{"devnet"},
		why:   "a node is run by the devnet only; the client has a small JSON-RPC client of its own",
	},
	{
		paths: `github\.com/cosmos/cosmos-sdk/(baseapp|server|runtime|client|simapp|testutil|store)\b` +
			`|github\.com/cosmos/cosmos-sdk/x/(auth|bank|staking|params|consensus|genutil)\b` +
			`|cosmossdk\.io/(store|depinject|x/feegrant/(keeper|module))\b`,
		rooms:   []string{"devnet", "acctest"},
		testers: []string{"pb", "chain", "deploy", "provider"},
		why: "the application side of cosmos-sdk costs the plugin start-up time and megabytes; " +
			"even x/auth/types and x/bank/types bring baseapp and the node's server along (2.4 ms, 5.4 MiB, 2.1 MB), " +
			"cosmossdk.io/api has the same messages without",
	},
	{
		paths: `github\.com/(stretchr/testify|google/go-cmp)\b|pgregory\.net/rapid\b|testing\b`,
		rooms: []string{"acctest", "pulumitest"},
		testers: []string{
			"pb", "ids", "coin", "sdl", "market", "keys", "journal", "chain", "gateway", "visit", "attest", "forecast", "deploy",
			"migrate", "console", "provider", "devnet", "bench", "policy", "protogen", "release", "demo", "acctest", "crash",
			"main",
		},
		why: "test helpers do not ship",
	},
}

// covers reports whether a room of the list is the given one or lies above it.
func covers(list []string, room string) bool {
	return slices.ContainsFunc(list, func(above string) bool {
		return room == above || strings.HasPrefix(room, above+"/")
	})
}

// refusal says why a package of this room may not have this import, or "" when it may.
func (f fence) refusal(room, path string, inTest bool) string {
	if !regexp.MustCompile(`^(?:` + f.paths + `)`).MatchString(path) {
		return ""
	}
	if covers(f.rooms, room) || inTest && covers(f.testers, room) {
		return ""
	}
	return room + " may not import " + path + ": " + f.why
}

func TestOutsideImports(t *testing.T) {
	t.Parallel()
	parsed := rooms(t)
	for _, l := range packages(t) {
		room, _, ok := parsed.room(l.relative())
		if !ok {
			continue // TestImportDirection has said so
		}
		for _, f := range fences {
			for _, path := range l.Imports {
				assert.Empty(t, f.refusal(room, path, false))
			}
			for _, path := range slices.Concat(l.TestImports, l.XTestImports) {
				assert.Empty(t, f.refusal(room, path, true))
			}
		}
	}
}

// pureRooms have no network, no clock and no files; filesOnly may touch files.
var (
	pureRooms = []string{"ids", "coin", "sdl", "market", "migrate"}
	filesOnly = []string{"keys", "journal"}

	network = regexp.MustCompile(`^(net|net/http|net/rpc|crypto/tls|google\.golang\.org/grpc|` +
		`github\.com/gorilla/websocket)$`)
	files = regexp.MustCompile(`^(os|os/exec|os/signal|io/ioutil|syscall|plugin|embed)$`)
)

func TestPureRoomsStayPure(t *testing.T) {
	t.Parallel()
	parsed := rooms(t)
	for _, l := range packages(t) {
		room, _, _ := parsed.room(l.relative())
		if l.Name == "main" {
			continue // a command beside a pure package feeds it
		}
		for _, path := range l.Imports {
			if covers(pureRooms, room) {
				assert.False(t, files.MatchString(path), "%s is pure and may not import %s", room, path)
			}
			if covers(pureRooms, room) || covers(filesOnly, room) {
				assert.False(t, network.MatchString(path), "%s has no network and may not import %s", room, path)
			}
		}
	}
}

func TestFencesRefuseWhatTheyShould(t *testing.T) {
	t.Parallel()
	refused := func(room, path string, inTest bool) bool {
		return slices.ContainsFunc(fences, func(f fence) bool { return f.refusal(room, path, inTest) != "" })
	}
	const framework = "github.com/hashicorp/terraform-plugin-framework/resource"
	require.True(t, refused("deploy", framework, false))
	require.True(t, refused("chain", "github.com/hashicorp/terraform-plugin-log/tflog", true))
	require.False(t, refused("provider/lease", framework, false))
	require.True(t, refused("chain", "github.com/cosmos/cosmos-sdk/x/bank/types", false))
	require.False(t, refused("devnet", "github.com/cosmos/cosmos-sdk/x/bank/types", false))
	require.True(t, refused("main", "github.com/pulumi/pulumi/sdk/v3/go/pulumi", true))
	require.True(t, refused("sdl", "testing", false))
	require.False(t, refused("sdl", "testing", true))
	require.True(t, refused("provider/lease", "github.com/hashicorp/terraform-exec/tfexec", false))
	require.False(t, refused("provider/lease", "github.com/hashicorp/terraform-exec/tfexec", true))
	require.False(t, refused("sdl", "go.example/testing/x", false))
}
