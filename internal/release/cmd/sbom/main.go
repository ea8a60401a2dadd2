// SPDX-License-Identifier: Apache-2.0

// Command sbom writes a software bill of materials of one archive of a release, see .goreleaser.yml.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/release"
)

func main() {
	version := flag.String("version", "", "the release's `version`, without a v")
	at := flag.String("time", "", "the commit's `time`, as in RFC 3339")
	out := flag.String("out", "", "the `file` to write")
	flag.Parse()
	if err := run(*version, *at, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(version, at, out string, archives []string) error {
	if version == "" || at == "" || out == "" || len(archives) != 1 {
		return errors.New("usage: sbom -version VERSION -time TIME -out FILE ARCHIVE")
	}
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return fmt.Errorf("-time: %w", err)
	}
	content, err := os.ReadFile(archives[0])
	if err != nil {
		return err
	}
	text, err := release.SBOM(filepath.Base(archives[0]), content, version, when)
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644) //nolint:gosec // it is published
}
