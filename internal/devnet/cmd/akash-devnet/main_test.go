// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update-golden", false, "write the golden files; a library has taken -update")

var ephemeral = []string{
	"--rpc", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--rest", "127.0.0.1:0", "--admin", "127.0.0.1:0",
	"--block-time", "100ms",
}

func bare(string) string { return "" }

// buffer is written by a command and read by its test.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// until waits for a text.
func (b *buffer) until(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(b.String(), text) }, time.Minute, 10*time.Millisecond,
		"no %q", text)
}

// background runs a command until the test ends, or until stop; it must end well.
func background(t *testing.T, args ...string) (out *buffer, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out = &buffer{}
	done := make(chan error, 1)
	go func() { done <- dispatch(ctx, args, streams{out: out, err: io.Discard, getenv: bare}) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(t, <-done, "an interrupt is no failure")
		})
	}
	t.Cleanup(stop)
	return out, stop
}

// command runs one that ends by itself.
func once(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := dispatch(t.Context(), args, streams{out: &out, err: io.Discard, getenv: bare})
	return out.String(), err
}

func TestFirstScreen(t *testing.T) {
	t.Parallel()
	out, _ := background(t, append(ephemeral,
		"--providers", "14", "--gpus", "h100:8", "--faults", "mild", "--seed", "3")...)
	out.until(t, "all there is")
	for _, want := range []string{
		"NOT the Akash network", "NO real money", "akash-devnet-1", "http://127.0.0.1:", "in memory", "and 2 more",
		"tenant", "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c", "test test", "amber", "birch", "cedar", "8 × h100",
		"https://127.0.0.1:", `provider "akash" {`, `network  = "devnet"`, "lose-broadcast=1/", "akash-devnet status",
	} {
		require.Contains(t, out.String(), want)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	out, stop := background(t, append(ephemeral, "--json", "--chain-id", "scripts-1", "--providers", "amber,alder")...)
	out.until(t, "\n")
	stop()
	var got description
	require.NoError(t, json.Unmarshal([]byte(out.String()), &got))
	require.Equal(t, "scripts-1", got.ChainID)
	require.Len(t, got.AkashProviders, 2)
	require.Equal(t, "alder", got.AkashProviders[1].Name)
	require.NotEmpty(t, got.Accounts[0].Mnemonic)
	require.Contains(t, got.RPC, "http://127.0.0.1:")
	require.Contains(t, got.Admin, "http://127.0.0.1:")
}

func TestCommandLineMistakes(t *testing.T) {
	t.Parallel()
	for line, message := range map[string]string{
		"--nonsense":                     "not defined",
		"extra":                          "no command",
		"run extra":                      "flags only",
		"--providers -1":                 "from 0 to 1000",
		"--providers 1001":               "from 0 to 1000",
		"--providers nobody":             "nobody is named",
		"--providers amber,amber":        "twice",
		"--gpus h100":                    "not like h100:8",
		"--gpus h100:0":                  "not like h100:8",
		"--gpus voodoo2:1":               "no model",
		"--gpus nobody.h100:1":           "no Akash provider is named",
		"--providers 0 --gpus h100:1":    "to give them to",
		"--faults lag-block=1":           "lag-blocks",
		"--faults nobody.never-bid":      "", // only the network knows
		"--block-time 1ms":               "below",
		"--block-time soon":              "invalid value",
		"--rpc nowhere":                  "nowhere",
		"--admin nowhere":                "--admin",
		"--admin 0.0.0.0:0":              "loopback",
		"help run status":                "one command",
		"help nonsense":                  "no command",
		"faucet":                         "an address",
		"faucet akash1x coins":           "not like",
		"snapshot":                       "takes a folder",
		"--from nowhere":                 "no snapshot",
		"price amber":                    "a factor",
		"price amber cheap":              "no factor",
		"price amber -1":                 "not defined",
		"kill":                           "takes the name",
		"status now":                     "no argument",
		"status --state /no/such/folder": "--state",
		"status --admin 127.0.0.1:1":     "is a devnet running",
		"kill amber --admin 127.0.0.1:1": "is a devnet running",
	} {
		args := strings.Fields(line)
		if strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "--admin") {
			args = append(append([]string{"run"}, ephemeral[:6]...), append([]string{"--admin", "none"}, args...)...)
		}
		_, err := once(t, args...)
		require.ErrorContains(t, err, message, line)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	require.Equal(t, 0, exitCode(nil, &said))
	require.Empty(t, said.String())
	require.Equal(t, 2, exitCode(misuse("wrong"), &said))
	require.Equal(t, 1, exitCode(io.ErrUnexpectedEOF, &said))
	require.Contains(t, said.String(), "akash-devnet help")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	golden := func(name string, args ...string) {
		text, err := once(t, args...)
		require.NoError(t, err)
		path := filepath.Join("testdata", "help-"+name+".txt")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), text)
	}
	golden("overview", "help")
	for _, c := range commands() {
		if c.name == faultsCommand.name || c.name == runCommand.name {
			continue // they end with the table of faults, which is the devnet's
		}
		golden(c.name, "help", c.name)
		golden(c.name, c.name, "--help")
	}
	for _, name := range []string{"run", "faults"} {
		text, err := once(t, name, "-h")
		require.NoError(t, err)
		mine, table, found := strings.Cut(text, "\nFaults:\n")
		require.True(t, found)
		require.Contains(t, table, "lag-blocks=")
		require.Contains(t, table, "never-bid")
		path := filepath.Join("testdata", "help-"+name+".txt")
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(mine), 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), mine)
	}
}
