// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the path every package of ours begins with.
const module = "github.com/akash-iac/terraform-provider-akash"

// listed is what these tests want to know of a package, in the words of "go list -json".
type listed struct {
	ImportPath   string
	Name         string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// relative is the package's path below the module: "." or "internal/x".
func (l listed) relative() string { return relativeTo(l.ImportPath) }

// relativeTo cuts the module from an import path of ours.
func relativeTo(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// isOurs reports whether an import path lies in this module.
func isOurs(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// root is the top of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "go.mod"))
	return dir
}

// goCommand runs the go command at the top of the repository and returns what it prints.
func goCommand(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root(t)
	// The rules are about the module as it is shipped, not about a workspace somebody works in.
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "go %s\n%s", strings.Join(args, " "), stderr.String())
	return stdout.Bytes()
}

var packageList struct {
	sync.Mutex

	all []listed
}

// packages lists every package of the module, once per run. A package that does not compile is listed all the same.
func packages(t *testing.T) []listed {
	t.Helper()
	packageList.Lock()
	defer packageList.Unlock()
	if packageList.all != nil {
		return packageList.all
	}
	stream := json.NewDecoder(bytes.NewReader(goCommand(t, "list", "-e",
		"-json=ImportPath,Name,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")))
	for {
		var l listed
		err := stream.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		packageList.all = append(packageList.all, l)
	}
	require.NotEmpty(t, packageList.all)
	return packageList.all
}
