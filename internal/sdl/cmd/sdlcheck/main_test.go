// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const golden = "../../testdata/golden/"

var update = flag.Bool("update", false, "rewrite the golden files of printed texts")

func TestRun_json(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	require.Equal(t, 1, run([]string{golden + "full-stack-v20.yaml", golden + "cpu-neg.yaml"}, &out, &errs))
	require.Empty(t, errs.String())
	decoder := json.NewDecoder(&out)
	var good, bad verdict
	require.NoError(t, decoder.Decode(&good))
	require.NoError(t, decoder.Decode(&bad))
	require.True(t, good.OK)
	require.Len(t, good.Version, 64)
	require.Len(t, good.GroupsSHA256, 64)
	require.Positive(t, good.ManifestBytes)
	require.Empty(t, good.Errors)
	require.NotNil(t, good.Errors, "a list, not null")
	require.False(t, bad.OK)
	require.Empty(t, bad.Version)
	require.Len(t, bad.Errors, 1)
	require.Equal(t, "profiles.compute.web.resources.cpu.units", bad.Errors[0].Path)
	require.Positive(t, bad.Errors[0].Line)
}

func TestRun_human(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.yaml")
	src := "version: \"2.0\"\nservices:\n  web:\n    image: a:1\n    env:\n      - MY_PASSWORD=hunter2\n" +
		"deploymnt: {}\n"
	require.NoError(t, os.WriteFile(file, []byte(src), 0o600))
	var out, errs bytes.Buffer
	require.Equal(t, 1, run([]string{"-human", file}, &out, &errs))
	require.Contains(t, out.String(), file+":7:1: error: \"deploymnt\" is not a section of an SDL\n"+
		"    7 | deploymnt: {}\n      | ^\n        at deploymnt\n        write deployment\n")
	require.Contains(t, out.String(), "rejected, 2 errors")
	require.NotContains(t, out.String(), "hunter2")
}

// TestRun_broken compares what is printed about ten broken files with the text next to each.
func TestRun_broken(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/broken/*.yaml")
	require.NoError(t, err)
	require.Len(t, files, 10)
	for _, file := range files {
		var out, errs bytes.Buffer
		require.Equal(t, 1, run([]string{"-human", file}, &out, &errs))
		require.NotContains(t, out.String(), "hunter2", "a secret")
		got := strings.ReplaceAll(out.String(), filepath.Dir(file)+string(filepath.Separator), "")
		golden := strings.TrimSuffix(file, ".yaml") + ".txt"
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), got)
	}
}

// TestRun_caret: the caret stands below the character, whatever stands before it.
func TestRun_caret(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: \"2.0\"\nservices: {größe: {image: [], }}\n"), 0o600))
	var out, errs bytes.Buffer
	require.Equal(t, 1, run([]string{"-human", file}, &out, &errs))
	require.Contains(t, out.String(), "    2 | services: {größe: {image: [], }}\n      |                    ^\n")
}

func TestRun_usage(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	require.Equal(t, 2, run(nil, &out, &errs))
	require.Contains(t, errs.String(), "usage: sdlcheck")
	require.Equal(t, 2, run([]string{filepath.Join(t.TempDir(), "missing")}, &out, &errs))
}
