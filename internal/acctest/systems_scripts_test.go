// SPDX-License-Identifier: Apache-2.0

//go:build unix

package acctest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// script runs a start script of a system where the programs it calls are stand-ins that write down how.
type script struct {
	dir string
	cmd *exec.Cmd
}

// newScript prepares a run of a script below [systemsDir]. Each stand-in is the body of a shell script; those that are
// not named do nothing. A second of sleep is short.
func newScript(t *testing.T, shell, path string, programs map[string]string, env ...string) *script {
	t.Helper()
	s := &script{dir: t.TempDir()}
	bin := filepath.Join(s.dir, "bin")
	require.NoError(t, os.Mkdir(bin, 0o700))
	programs["sleep"] = "exec /bin/sleep 0.02"
	for name, body := range programs {
		text := "#!/bin/sh\necho \"" + name + " $*\" >>'" + filepath.Join(s.dir, "log") + "'\n" + body + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte(text), 0o700))
	}
	text, err := os.ReadFile(filepath.Join(systemsDir, path))
	require.NoError(t, err)
	s.cmd = exec.CommandContext(t.Context(), shell, "-c", string(text))
	s.cmd.Env = append([]string{"PATH=" + bin + ":" + os.Getenv("PATH"), "TEST=" + s.dir}, env...)
	return s
}

// calls are the lines that stand-ins wrote which begin with a text.
func (s *script) calls(t *testing.T, prefix string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(line string) bool {
		return !strings.HasPrefix(line, prefix)
	})
}

// rclone fails to restore until the file "bucket" is there, and serves until it is stopped or the file "broken" is.
const rclone = `case $1 in
obscure) cat >/dev/null; echo obscured ;;
copy) test -e "$TEST/bucket" && touch "$TEST/data/restored-file" ;;
sync) test -e "$TEST/data/restored-file" || { echo "an empty folder is copied" >>"$TEST/log"; exit 1; } ;;
serve) while [ ! -e "$TEST/broken" ]; do /bin/sleep 0.02; done; exit 3 ;;
esac`

func newBackup(t *testing.T) *script {
	t.Helper()
	s := newScript(t, "sh", "backup-to-s3/start.sh", map[string]string{"rclone": rclone},
		"BACKUP_PASSPHRASE=hidden", "BUCKET_PATH=box/folder", "INTERVAL_SECONDS=3600")
	data := filepath.Join(s.dir, "data")
	require.NoError(t, os.Mkdir(data, 0o700))
	s.cmd.Env = append(s.cmd.Env, "DATA="+data)
	return s
}

// TestSystemBackup: an empty volume is filled before anything is copied, however long that takes.
func TestSystemBackup(t *testing.T) {
	t.Parallel()
	s := newBackup(t)
	require.NoError(t, s.cmd.Start())
	acctest.Eventually(t, "restores that fail", func() bool { return len(s.calls(t, "rclone copy")) > 2 })
	require.Empty(t, s.calls(t, "rclone sync"), "nothing is copied before the restore")
	require.Empty(t, s.calls(t, "rclone serve"), "and nothing served")
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "bucket"), nil, 0o600))
	acctest.Eventually(t, "copies", func() bool { return len(s.calls(t, "rclone sync")) > 1 })

	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, s.cmd.Wait(), "it ends when it is told to")
	all := s.calls(t, "rclone")
	require.Contains(t, all[len(all)-1], "rclone sync", "a last copy is made: %v", all)
	require.Empty(t, s.calls(t, "an empty folder"))
	for _, call := range all {
		require.NotContains(t, call, "hidden", "no secret is an argument")
	}
}

// TestSystemBackup_restarted: a volume that was restored is not overwritten by what is in the bucket, and a server that
// ends takes the container with it, so that it is started anew.
func TestSystemBackup_restarted(t *testing.T) {
	t.Parallel()
	s := newBackup(t)
	for _, name := range []string{"data/.restored", "data/restored-file", "bucket"} {
		require.NoError(t, os.WriteFile(filepath.Join(s.dir, name), nil, 0o600))
	}
	require.NoError(t, s.cmd.Start())
	acctest.Eventually(t, "a copy", func() bool { return len(s.calls(t, "rclone sync")) > 0 })
	require.Empty(t, s.calls(t, "rclone copy"))
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "broken"), nil, 0o600))
	require.Error(t, s.cmd.Wait())
}

// TestSystemPolygon: Heimdall is set up once, and told of the Ethereum endpoint whatever characters its address has.
func TestSystemPolygon(t *testing.T) {
	t.Parallel()
	wget := `case $* in
*app.toml*) printf 'eth_rpc_url = "http://localhost:9545"\nbor_rpc_url = "http://localhost:8545"\n' >"$2" ;;
*) touch "$2" ;;
esac`
	const endpoint = `https://eth.example.com/v3?key=a&b=1/2`
	s := newScript(t, "bash", "polygon-node/start-heimdall.sh", map[string]string{
		"wget": wget, "heimdalld": `[ "$1" != init ] || mkdir -p "$TEST/config"`,
	}, "MONIKER=node", "HEIMDALL_VERSION=1.2.3", "ETH_RPC_URL="+endpoint)
	s.cmd.Env = append(s.cmd.Env, "HEIMDALL_HOME="+s.dir)
	again := exec.CommandContext(t.Context(), s.cmd.Path, s.cmd.Args[1:]...)
	again.Env = s.cmd.Env
	for _, run := range []*exec.Cmd{s.cmd, again} {
		said, err := run.CombinedOutput()
		require.NoError(t, err, "%s", said)
		settings, err := os.ReadFile(filepath.Join(s.dir, "config", "app.toml"))
		require.NoError(t, err)
		require.Equal(t, "eth_rpc_url = \""+endpoint+"\"\nbor_rpc_url = \"http://bor:8545\"\n", string(settings))
	}
	require.Len(t, s.calls(t, "heimdalld init"), 1)
	require.Len(t, s.calls(t, "heimdalld start"), 2)
}
