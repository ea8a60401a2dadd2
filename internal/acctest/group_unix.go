// SPDX-License-Identifier: Apache-2.0

//go:build unix

package acctest

import (
	"os/exec"
	"syscall"
)

// OwnGroup gives a command and its children a process group.
func OwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// KillGroup ends a started command and all of its children at once, as a crash of the machine would.
func KillGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// InterruptGroup is Ctrl-C in the command's terminal.
func InterruptGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
