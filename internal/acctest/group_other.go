// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package acctest

import "os/exec"

// OwnGroup does nothing where there are no process groups; the tests that kill one run on Unix only.
func OwnGroup(*exec.Cmd) {}
