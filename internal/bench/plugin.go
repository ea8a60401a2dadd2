// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// handshakeEnv makes a Terraform plugin serve instead of explaining that it is a plugin.
// Source: terraform-plugin-go tfprotov6/tf6server, and the handshake of go-plugin.
var handshakeEnv = []string{
	"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
	"PLUGIN_PROTOCOL_VERSIONS=6",
	"TF_LOG=", "TF_LOG_PROVIDER=",
}

// Handshake reads the line with which a plugin tells Terraform where it listens: "1|6|unix|/path|grpc|".
// It is an error when the plugin speaks another protocol version than 6.
func Handshake(stdout io.Reader) (string, error) {
	line, err := firstLine(stdout)
	if err != nil {
		return line, err
	}
	if !strings.HasPrefix(line, "1|6|") || !strings.Contains(line, "|grpc") {
		return line, fmt.Errorf("%q is not the handshake of a protocol 6 plugin", line)
	}
	return line, nil
}

// Plugin starts a Terraform provider once, see [Start].
func Plugin(ctx context.Context, binary string) (Sample, error) {
	return Start(ctx, Handshake, handshakeEnv, binary)
}

// Object reads one JSON object, which is how akash-devnet announces itself with -json.
func Object(stdout io.Reader) (string, error) {
	var raw map[string]json.RawMessage
	if err := json.NewDecoder(stdout).Decode(&raw); err != nil {
		return "", fmt.Errorf("want one JSON object: %w", err)
	}
	text, err := json.Marshal(raw)
	return string(text), err
}

// Devnet starts a devnet in memory once, see [Start]. It is ready when it has printed its endpoints and accounts.
func Devnet(ctx context.Context, binary string) (Sample, error) {
	const anyPort = "127.0.0.1:0" // somebody may have a devnet on the usual ones
	return Start(ctx, Object, nil, binary, "-json", "-rpc", anyPort, "-grpc", anyPort, "-rest", anyPort)
}
