// SPDX-License-Identifier: Apache-2.0

//go:build linux

package crash_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// who dies.
type target string

const (
	wholeRun   target = "the whole run"
	pluginOnly target = "the plugin"
	cliOnly    target = "the CLI"
)

// victim is a run of the CLI that can be killed.
type victim struct {
	mu      sync.Mutex
	process int
	problem error
}

// kill ends who of a run that is under way.
func (v *victim) kill(who target) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch who {
	case wholeRun:
		v.problem = syscall.Kill(-v.process, syscall.SIGKILL)
	case cliOnly:
		v.problem = syscall.Kill(v.process, syscall.SIGKILL)
	case pluginOnly:
		plugin, err := childOf(v.process, "terraform-provi")
		if v.problem = err; err == nil {
			v.problem = syscall.Kill(plugin, syscall.SIGKILL)
		}
	}
}

// run runs the CLI to its end, whoever brings it about, and returns what it printed.
func (v *victim) run(t *testing.T, w *acctest.Workspace, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := w.Command(t.Context(), args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	v.mu.Lock()
	err := cmd.Start()
	v.problem = nil
	if err == nil {
		v.process = cmd.Process.Pid
	}
	v.mu.Unlock()
	require.NoError(t, err)
	err = cmd.Wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	require.NoError(t, v.problem, "kill")
	return out.String(), err
}

// childOf finds the newest process below parent whose name begins so.
func childOf(parent int, name string) (int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	newest := 0
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		// "pid (name) state parent ..."; the name may hold anything.
		pid, rest, _ := strings.Cut(string(text), " (")
		end := strings.LastIndex(rest, ") ")
		if end < 0 || !strings.HasPrefix(rest[:end], name) {
			continue
		}
		fields := strings.Fields(rest[end+2:])
		id, err := strconv.Atoi(pid)
		if err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			newest = max(newest, id)
		}
	}
	if newest == 0 {
		return 0, fmt.Errorf("process %d has no child %q", parent, name)
	}
	return newest, nil
}
