// SPDX-License-Identifier: Apache-2.0

// Package shell plays the inside of a container for a lease's shell: a handful of commands (echo, cat, env, sh, …)
// with arguments, standard streams, a terminal and exit codes, always with the same answer to the same input.
//
// It runs nothing of the machine it is on: there are no processes, no files but /etc/hostname, no network. It knows
// nothing of websockets either; the gateway of internal/devnet/akashprovider, its only user, moves the bytes.
package shell
