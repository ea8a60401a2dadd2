// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

var ephemeral = []string{"-rpc", "127.0.0.1:0", "-grpc", "127.0.0.1:0", "-rest", "127.0.0.1:0", "-block-time", "100ms"}

// runOnce starts the command and interrupts it as soon as it has shown something.
func runOnce(t *testing.T, args ...string) string {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append(args, ephemeral...), writer, io.Discard)
		_ = writer.Close()
		done <- err
	}()
	var shown bytes.Buffer
	first := make([]byte, 64<<10)
	n, err := reader.Read(first)
	require.NoError(t, err)
	shown.Write(first[:n])
	interrupt()
	_, err = io.Copy(&shown, reader)
	require.NoError(t, err)
	require.NoError(t, <-done, "an interrupt is no failure")
	return shown.String()
}

func TestFirstScreen(t *testing.T) {
	t.Parallel()
	screen := runOnce(t)
	for _, want := range []string{
		"NOT the Akash network", "NO real money", "akash-devnet-1", "http://127.0.0.1:", "in memory",
		"tenant", "akash1erxf3sa9q2j4vgseu7jq4a258ckmk7cyz9hv7c", "test test", "amber", "birch", "cedar",
		"https://127.0.0.1:", `provider "akash" {`, `network  = "devnet"`,
	} {
		require.Contains(t, screen, want)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var got description
	require.NoError(t, json.Unmarshal([]byte(runOnce(t, "-json", "-chain-id", "scripts-1")), &got))
	require.Equal(t, "scripts-1", got.ChainID)
	require.Len(t, got.AkashProviders, 3)
	require.NotEmpty(t, got.Accounts[0].Mnemonic)
	require.Contains(t, got.RPC, "http://127.0.0.1:")
}

func TestCommandLineMistakes(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-nonsense"}, {"extra"}, {"-block-time", "1ms"}, {"-rpc", "not an address"}} {
		var stderr bytes.Buffer
		require.Error(t, run(t.Context(), append(ephemeral[:6:6], args...), io.Discard, &stderr), args)
	}
}
