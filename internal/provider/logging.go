// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// newLogger makes the logger that packages below internal/provider write to. It prints the JSON lines Terraform reads
// from a plugin's standard error, at the level TF_LOG asks for, with every secret masked.
func newLogger(getenv func(string) string, secrets []string, out io.Writer) hclog.Logger {
	level := hclog.LevelFromString(cmp.Or(getenv("TF_LOG_PROVIDER_AKASH"), getenv("TF_LOG_PROVIDER"), getenv("TF_LOG")))
	if level == hclog.NoLevel {
		return hclog.NewNullLogger()
	}
	return hclog.New(&hclog.LoggerOptions{
		Name: "akash", Level: level, JSONFormat: true, Output: newMask(out, secrets),
	})
}

// maskContext makes tflog mask the same secrets.
func maskContext(ctx context.Context, secrets []string) context.Context {
	return tflog.MaskLogStrings(tflog.MaskMessageStrings(ctx, present(secrets)...), present(secrets)...)
}

// mask is a writer that replaces secrets. A log line is written in one call, so no secret is ever cut in two.
type mask struct {
	out     io.Writer
	secrets [][]byte
}

func newMask(out io.Writer, secrets []string) io.Writer {
	m := mask{out: out}
	for _, s := range present(secrets) {
		m.secrets = append(m.secrets, []byte(s))
	}
	return m
}

func (m mask) Write(line []byte) (int, error) {
	masked := line
	for _, s := range m.secrets {
		masked = bytes.ReplaceAll(masked, s, []byte("***"))
	}
	if _, err := m.out.Write(masked); err != nil {
		return 0, err
	}
	return len(line), nil
}

// present drops empty secrets, longest first so that a secret inside another is masked too.
func present(secrets []string) []string {
	var found []string
	for _, s := range secrets {
		if s = strings.TrimSpace(s); s != "" {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return slices.Compact(found)
}

// stderr is where a plugin's log lines go.
var stderr io.Writer = os.Stderr
