// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var update = flag.Bool("update", false, "rewrite the golden files of error texts")

// TestProblems compares what is said about the files of testdata/problems, each
// with many mistakes or questionable lines, with the text next to it.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, file := range goldenFiles(t, "testdata/problems") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			_, problems := sdl.Parse(src)
			got := problems.String() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
			require.NotContains(t, got, "hunter2", "a secret in a message")
		})
	}
}

func TestProblems_err(t *testing.T) {
	t.Parallel()
	_, problems := sdl.Parse([]byte("version: \"9\"x"))
	require.ErrorIs(t, problems.Err(), sdl.ErrInvalid)
	_, problems = sdl.Parse([]byte(quirkBase))
	require.NoError(t, problems.Err())
	require.Empty(t, problems)
}

// TestProblems_everyErrorHasARemedy holds for every rejected file of the corpora.
func TestProblems_everyErrorHasARemedy(t *testing.T) {
	t.Parallel()
	for _, dir := range corpora(t) {
		for _, file := range goldenFiles(t, dir) {
			src, want := readGolden(t, file)
			if want.OK {
				continue
			}
			_, problems := sdl.Parse(src)
			for _, p := range problems.Errors() {
				require.NotEmpty(t, p.Remedy, "%s: %s", file, p)
			}
		}
	}
}

func TestLooksSecret(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"PASSWORD", "DB_PASSWORD", "ROOTPASSWORD", "api-key", "auth.token", "AWS_SECRET_ACCESS_KEY", "JWT_SECRET",
	} {
		require.True(t, sdl.LooksSecret(name), name)
	}
	for _, name := range []string{"PWD", "PUBLIC_KEY", "SSH_PUBKEY", "TOKEN_URL", "KEYBOARD", "", "_", "AUTHORIZED_KEY"} {
		require.False(t, sdl.LooksSecret(name), name)
	}
}

// TestProblems_noSecrets: values that may be secrets stay out of messages, however wrong their place.
func TestProblems_noSecrets(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{
		"env: PASSWORD=hunter2", "env: {PASSWORD: hunter2}", "env: [PASSWORD: hunter2]", "env: [=hunter2]",
		"env: [[hunter2]]",
		"env: [*hunter2]", "env: [!!int hunter2]", "env: [hunter 2 hunter2]", "credentials: hunter2",
		"credentials: [hunter2]",
		"credentials: {host: h, username: [hunter2], password: {hunter2: hunter2}}", "args: hunter2",
		"credentials: {host: h, username: u, password: *hunter2}",
		"credentials: {host: h, username: u, password: !!int hunter2}",
	} {
		d, problems := sdl.Parse(change(t, "    expose:\n", "    "+wrong+"\n    expose:\n"))
		require.Nil(t, d, wrong)
		for _, p := range problems {
			require.NotContains(t, p.Message+p.Remedy, "hunter2", wrong)
		}
	}
}

// TestAliasBomb: nested aliases stand for far more nodes than the text has.
func TestAliasBomb(t *testing.T) {
	t.Parallel()
	to := "&t [" + strings.Repeat("{global: true}, ", 2000) + "]"
	src := "version: \"2.0\"\nservices:\n  web:\n    image: x:1\n    expose:\n      - &e {port: 80, to: " + to + "}\n" +
		strings.Repeat("      - *e\n", 4000)
	d, problems := sdl.Parse([]byte(src))
	require.Nil(t, d)
	require.Contains(t, problems.Errors().String(), "excessively")
}
