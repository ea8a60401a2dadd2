// SPDX-License-Identifier: Apache-2.0

package pulumitest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Language is what a program is written in. Its text is the name that internal/tools/with-pulumi.sh has for it.
type Language string

// The languages.
const (
	TypeScript Language = "ts"
	Python     Language = "py"
	Go         Language = "go"
	Java       Language = "java"
	YAML       Language = "yaml"
)

// Languages are those that with-pulumi.sh has prepared.
func Languages(t *testing.T) []Language {
	t.Helper()
	var all []Language
	for name := range strings.SplitSeq(tool(t, "AKASH_PULUMI_LANGS"), ",") {
		all = append(all, Language(name))
	}
	return all
}

// prepare puts the packages of the program's language where the program looks for them. It returns what the environment
// needs besides.
func (l Language) prepare(t *testing.T, p *Project) []string {
	t.Helper()
	switch l {
	case TypeScript:
		require.NoError(t, os.Symlink(tool(t, "AKASH_PULUMI_NODE"), filepath.Join(p.Dir, "node_modules")))
	case Python:
		require.NoError(t, os.Symlink(tool(t, "AKASH_PULUMI_VENV"), filepath.Join(p.Dir, "venv")))
		return []string{
			// The pinned host is too old to be told of the virtual environment by the CLI.
			"PULUMI_PYTHON_CMD=" + filepath.Join(p.Dir, "venv", "bin", "python"),
			"PYTHONPATH=" + tool(t, "AKASH_PULUMI_PYTHON"),
		}
	case Go:
		// The program's own replacement is relative to where it was before.
		p.mustCommand(t, "go", "mod", "edit", "-replace",
			"github.com/akash-iac/terraform-provider-akash/sdk="+tool(t, "AKASH_PULUMI_SDK"))
		return []string{"GOWORK=off", "GOFLAGS=-mod=mod"}
	case Java:
		// What the first lets Maven find, the second keeps it from looking for elsewhere.
		p.Write(t, ".mvn/maven.config", "-Dmaven.repo.local="+tool(t, "AKASH_PULUMI_MAVEN")+"\n--offline\n")
		// Each step starts Maven anew and ends before a better compiler pays.
		return []string{"MAVEN_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"}
	case YAML:
	}
	return nil
}

// tool is the path that with-pulumi.sh has put into a variable.
func tool(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	require.NotEmpty(t, path, "%s is not set: run the tests with `make test-pulumi`, which finds or builds what they "+
		"need, or with internal/tools/with-pulumi.sh and the program's language", variable)
	return path
}
