// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

var (
	pinned        = regexp.MustCompile(`(?m)^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	usesAction    = regexp.MustCompile(`(?m)^\s*(?:- )?uses: .*$`)
	inRun         = regexp.MustCompile(`\$\{\{[^}]*\}\}`)
	mayWrite      = []string{"contents", "id-token"}
	secretsOfTags = []string{"release.yml"}
)

// workflow is what these rules read of one.
type workflow struct {
	On          yaml.Node `yaml:"on"`
	Permissions yaml.Node `yaml:"permissions"`
	Jobs        map[string]struct {
		Permissions map[string]string `yaml:"permissions"`
		Environment string            `yaml:"environment"`
		Minutes     int               `yaml:"timeout-minutes"`
		Steps       []struct {
			Uses, Run string
			With      map[string]string
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// faultsOf are the rules that a workflow breaks. name is its file's.
func faultsOf(name, text string) ([]string, error) {
	var w workflow
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		return nil, err
	}
	var faults []string
	fault := func(format string, arguments ...any) { faults = append(faults, fmt.Sprintf(format, arguments...)) }
	for _, line := range usesAction.FindAllString(text, -1) {
		if !pinned.MatchString(line) {
			fault("%s: not pinned to a commit with its version in a comment", strings.TrimSpace(line))
		}
	}
	if w.Permissions.IsZero() {
		fault("no permissions at the top: jobs get whatever the repository's settings say")
	}
	for _, node := range w.Permissions.Content {
		if node.Value == "write" || node.Value == "write-all" {
			fault("writes are for one job, not for all")
		}
	}
	if w.Permissions.Value == "write-all" {
		fault("writes are for one job, not for all")
	}
	if strings.Contains(text, "pull_request_target") {
		fault("pull_request_target gives a stranger's change the repository's rights")
	}
	if strings.Contains(text, "secrets.") && !slices.Contains(secretsOfTags, name) {
		fault("secrets belong to releases alone")
	}
	for job, j := range w.Jobs {
		if j.Minutes == 0 {
			fault("%s: no timeout-minutes", job)
		}
		for what, level := range j.Permissions {
			if level == "write" && (j.Environment == "" || !slices.Contains(mayWrite, what)) {
				fault("%s: %s: write needs an environment that asks a person", job, what)
			}
		}
		for _, step := range j.Steps {
			if inRun.MatchString(step.Run) {
				fault("%s: %q: an expression in a command can be a stranger's text: use a variable", job, step.Run)
			}
		}
	}
	slices.Sort(faults)
	return faults, nil
}

func TestWorkflows(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root(t), ".github", "workflows", "*.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		faults, err := faultsOf(filepath.Base(path), string(text))
		require.NoError(t, err, path)
		require.Empty(t, faults, path)
	}
}

func TestFaultsOfWorkflows(t *testing.T) {
	t.Parallel()
	faults, err := faultsOf("ci.yml", `
on: pull_request_target
jobs:
  a:
    permissions: {packages: write}
    steps:
      - uses: actions/checkout@v6
      - run: echo "${{ github.head_ref }}" "$TOKEN"
        env: {TOKEN: "${{ secrets.TOKEN }}"}
`)
	require.NoError(t, err)
	joined := strings.Join(faults, "\n")
	for _, want := range []string{
		"not pinned", "no permissions at the top", "pull_request_target", "secrets belong", "no timeout-minutes",
		"packages: write needs", "stranger's text",
	} {
		require.Contains(t, joined, want)
	}
}
