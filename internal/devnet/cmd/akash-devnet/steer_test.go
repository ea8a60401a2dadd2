// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSteering goes the way of a user: start with a folder and an environment file, look, steer, look again.
func TestSteering(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder, env := filepath.Join(dir, "it's state"), filepath.Join(dir, "devnet.env")
	out, stop := background(t, append(ephemeral, "--state", folder, "--env-file", env)...)
	out.until(t, "all there is")

	lines, stopLines := background(t, "status", "--state", folder, "--every", "50ms")
	lines.until(t, "leases cost nothing")

	do := func(args ...string) string {
		t.Helper()
		text, err := once(t, append(args, "--state", folder)...)
		require.NoError(t, err, args)
		return text
	}
	require.Equal(t, "no faults in force\n", do("faults"))
	require.Equal(t, "lag-blocks=1\namber.never-bid\n", do("faults", "lag-blocks=1,amber.never-bid"))
	lines.until(t, "Akash provider amber, faults: never-bid")
	lines.until(t, "faults of the endpoints: lag-blocks=1")
	require.Equal(t, "no faults in force\n", do("faults", "none"))
	lines.until(t, "Akash provider amber, faults: none")

	require.Equal(t, "cedar asks 2.5 times its own prices in new bids\n", do("price", "cedar", "2.5"))
	require.Contains(t, do("faults"), "cedar.price=2.5")
	require.Equal(t, 3, strings.Count(do("price", "all", "1"), "asks 1 times"))
	require.Equal(t, "birch is off\n", do("kill", "birch"))
	lines.until(t, "Akash provider birch, faults: dead") // and not its price, which is its own again
	require.Contains(t, do("status", "--once"), "dead")
	require.Equal(t, "birch is on\n", do("revive", "birch"))
	require.Equal(t, "akash1f84c23zhjlddsfg6n4y94v260v5yd8ktvfsj25 has got 3 AKT\n",
		do("faucet", "akash1f84c23zhjlddsfg6n4y94v260v5yd8ktvfsj25", "3000000uakt"))
	lines.until(t, ": Send")
	_, err := once(t, "kill", "nobody", "--state", folder)
	require.ErrorContains(t, err, "there are amber, birch, cedar")
	_, err = once(t, "faults", "nobody.dead", "--state", folder)
	require.ErrorContains(t, err, "nobody")

	kept := filepath.Join(dir, "kept")
	require.Contains(t, do("snapshot", kept), "begin there with: akash-devnet --from '"+kept+"'")
	_, err = once(t, "snapshot", kept, "--state", folder)
	require.ErrorContains(t, err, "not empty")

	stopLines()
	stop()
	_, err = once(t, append(ephemeral, "--from", kept, "--chain-id", "other-1")...)
	require.ErrorContains(t, err, `holds chain "akash-devnet-1"`)
	_, err = once(t, append(ephemeral, "--from", folder)...)
	require.ErrorContains(t, err, "no snapshot")
	again, stopAgain := background(t, append(ephemeral, "--from", kept)...)
	again.until(t, "all there is")
	stopAgain()
	_, err = once(t, "status", "--state", folder)
	require.ErrorContains(t, err, "is a devnet running")
}

func TestEnvironmentFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder, env := filepath.Join(dir, "it's state"), filepath.Join(dir, "devnet.env")
	out, _ := background(t, append(ephemeral, "--state", folder, "--env-file", env)...)
	out.until(t, "all there is")

	info, err := os.Stat(env)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	text, err := os.ReadFile(env)
	require.NoError(t, err)
	require.Contains(t, string(text), "public test key")

	// What a shell makes of it.
	shell := exec.CommandContext(t.Context(), "sh", "-c", `set -eu; . "$1"; env`, "sh", env)
	shell.Env = []string{"PATH=" + os.Getenv("PATH"), "AKASH_OWNER=akash1somebody", "AKASH_PRIVATE_KEY=11"}
	raw, err := shell.Output()
	require.NoError(t, err)
	got := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		got[name] = value
	}
	require.Equal(t, "devnet", got["AKASH_NETWORK"])
	require.Equal(t, "akash-devnet-1", got["AKASH_CHAIN_ID"])
	require.Equal(t, "m/44'/118'/0'/0/1", got["AKASH_HD_PATH"])
	require.Len(t, strings.Fields(got["AKASH_MNEMONIC"]), 12)
	require.Equal(t, filepath.Join(folder, "journal"), got["AKASH_STATE_DIR"])
	require.NotContains(t, got, "AKASH_OWNER")
	require.NotContains(t, got, "AKASH_PRIVATE_KEY")
	for _, name := range []string{"AKASH_NODE", "AKASH_GRPC", "AKASH_REST", "AKASH_DEVNET_ADMIN"} {
		require.Contains(t, got[name], "http://127.0.0.1:", name)
		require.Contains(t, out.String(), strings.TrimPrefix(got[name], "http://"), name)
	}
	found := running{getenv: func(name string) string { return got[name] }}
	base, err := found.base()
	require.NoError(t, err)
	require.Equal(t, got["AKASH_DEVNET_ADMIN"], base)

	// Somebody else's file is not written over.
	other := filepath.Join(dir, "other.env")
	require.NoError(t, os.WriteFile(other, []byte("export MINE=1\n"), 0o600))
	_, err = once(t, append(ephemeral, "--env-file", other)...)
	require.ErrorContains(t, err, "was not written by akash-devnet")
	kept, err := os.ReadFile(other)
	require.NoError(t, err)
	require.Equal(t, "export MINE=1\n", string(kept))
}

func TestSellers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		providers, gpus string
		names           string
	}{
		{"3", "", "amber birch cedar"},
		{"0", "", ""},
		{"2", "", "amber birch"},
		{"5", "", "amber birch cedar alder almond"},
		{"cedar, alder", "", "cedar alder"},
	} {
		specs, err := sellers(c.providers, c.gpus, 1)
		require.NoError(t, err)
		var names []string
		for _, s := range specs {
			names = append(names, s.Name)
		}
		require.Equal(t, c.names, strings.Join(names, " "))
	}
	specs, err := sellers("3", "h100:8,birch.t4:2", 1)
	require.NoError(t, err)
	require.Equal(t, ", 8 × h100", gpuText(specs[0]))
	require.Equal(t, ", 8 × h100, 2 × t4", gpuText(specs[1]))
	require.Equal(t, ", 4 × a100, 8 × h100, 2 × t4", gpuText(specs[2]), "its own stay")
	require.True(t, specs[1].Pricing.GPUUSDPerHour["h100"].GT(specs[0].Pricing.GPUUSDPerHour["h100"]))
}
