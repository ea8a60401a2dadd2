// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Sample is one start of a program, looked at in the moment it said that it was ready.
type Sample struct {
	Ready    time.Duration // from before the process was made until its announcement had been read
	PeakRSS  int64         // bytes, the most the process had resident by then; 0 where the system cannot tell
	Announce string        // what it said, for messages
}

// Announcement reads from a program's standard output up to where the program says that it is ready, and returns that
// text. It returns an error for output that is something else.
type Announcement func(stdout io.Reader) (string, error)

// startLimit is the longest a start may take before it counts as hanging.
const startLimit = time.Minute

// Start runs a program until it announces itself, takes the sample, and ends it. The program gets the environment of
// this process plus env, and no standard input. It is killed when ctx ends or when it is silent for a minute.
func Start(ctx context.Context, announcement Announcement, env []string, name string, args ...string) (Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // starting what the caller names is the purpose
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return Sample{}, fmt.Errorf("start %s: %w", name, err)
	}

	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return Sample{}, fmt.Errorf("start %s: %w", name, err)
	}
	said, readErr := announcement(stdout)
	sample := Sample{Ready: time.Since(begin), PeakRSS: peakRSS(cmd.Process.Pid), Announce: said}

	// A plugin cleans up its socket on interrupt; whatever does not go is killed when the grace is over.
	cmd.WaitDelay = time.Second
	stop := time.AfterFunc(2*time.Second, cancel)
	defer stop.Stop()
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		cancel()
	}
	_ = cmd.Wait() // it was told to go: how it went says nothing
	if readErr != nil {
		return Sample{}, fmt.Errorf("%s was not ready: %w\n%s", name, readErr, stderr.String())
	}
	return sample, nil
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakRSS asks the kernel for the high-water mark of a process in bytes. The mark in wait4's rusage will not do: a
// child inherits its parent's, and this parent may be the larger one. Source: proc_pid_status(5).
func peakRSS(pid int) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	return parseHighWater(string(status))
}

// parseHighWater finds the high-water mark in the text of a status file, in bytes; 0 when it is not there.
func parseHighWater(status string) int64 {
	match := highWater.FindStringSubmatch(status)
	if match == nil {
		return 0
	}
	kilobytes, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// firstLine reads one line, without its end.
func firstLine(r io.Reader) (string, error) {
	var line strings.Builder
	one := make([]byte, 1)
	for {
		n, err := r.Read(one)
		if n == 1 && one[0] == '\n' {
			return strings.TrimSuffix(line.String(), "\r"), nil
		}
		line.Write(one[:n])
		if err != nil {
			return line.String(), fmt.Errorf("standard output ended after %q: %w", line.String(), err)
		}
	}
}
