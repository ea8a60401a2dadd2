// SPDX-License-Identifier: Apache-2.0

// Package release says what is in the files of a release. What it reads is the archives themselves, not the sources, so
// that a list of components holds what is linked and nothing else. It neither builds nor publishes.
package release
