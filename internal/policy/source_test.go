// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	spdx     = "// SPDX-License-Identifier: Apache-2.0"
	maxLines = 400
)

// source is one Go file of the repository, nested modules and files excluded by build tags included.
type source struct {
	path  string // below the root, with slashes
	text  string
	fset  *token.FileSet
	file  *ast.File
	lines int
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// isGenerated reports whether a tool wrote the file; the reviewer's rules are not for tools.
func (s source) isGenerated() bool { return ast.IsGenerated(s.file) }

// dir is the folder of the file, with slashes.
func (s source) dir() string { return filepath.ToSlash(filepath.Dir(s.path)) }

// at names a place in the file.
func (s source) at(node ast.Node) string { return s.fset.Position(node.Pos()).String() }

// parseSource reads one file's text.
func parseSource(path, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{path: path, text: text, fset: fset, file: file, lines: strings.Count(text, "\n")}, nil
}

// generatedTrees are written by generators of others, all of them; their readmes are ours and kept with our generator.
var generatedTrees = []string{"sdk"}

// walk calls visit for each file of the repository with this ending, leaving out what git or a tool keeps for itself,
// [generatedTrees], and test data, which is written to be wrong on purpose.
func walk(t *testing.T, ending string, visit func(path, text string)) {
	t.Helper()
	top := root(t)
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", ".bin", "dist", "node_modules", "testdata", ".terraform"}, entry.Name()) {
				return filepath.SkipDir
			}
			if slices.ContainsFunc(generatedTrees, func(tree string) bool { return path == filepath.Join(top, tree) }) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ending) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(relative), string(text))
		return nil
	})
	require.NoError(t, err)
}

// sources parses every Go file of the repository.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	walk(t, ".go", func(path, text string) {
		s, err := parseSource(path, text)
		require.NoError(t, err)
		all = append(all, s)
	})
	require.NotEmpty(t, all)
	return all
}

func TestSourcesKeepTheRules(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, rule := range fileRules {
			for _, complaint := range rule.check(s) {
				assert.Fail(t, rule.name, complaint)
			}
		}
	}
}

// TestOnePackageComment wants each package introduced once, in the form that tools print.
func TestOnePackageComment(t *testing.T) {
	t.Parallel()
	for _, complaint := range packageComments(sources(t)) {
		assert.Fail(t, "package comment", complaint)
	}
}

// packageComments complains of packages with no comment, with two, or with one of another form.
func packageComments(all []source) []string {
	var complaints []string
	comments, exempt := map[string][]string{}, map[string]bool{}
	var order []string
	for _, s := range all {
		if s.isTest() {
			continue
		}
		key := s.dir() + " " + s.file.Name.Name
		if _, seen := comments[key]; !seen {
			comments[key] = nil
			order = append(order, key)
		}
		// A method added by hand to generated wire types does not make the package ours to introduce.
		exempt[key] = exempt[key] || s.isGenerated() && covers([]string{"internal/pb"}, s.dir())
		if s.file.Doc != nil && !s.isGenerated() {
			comments[key] = append(comments[key], s.path)
			if text := s.file.Doc.Text(); s.file.Name.Name == "main" {
				if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "SPDX") {
					complaints = append(complaints, s.path+": say what the command does; leave a blank line after the licence line")
				}
			} else if !strings.HasPrefix(text, "Package "+s.file.Name.Name+" ") {
				complaints = append(complaints, s.path+`: the comment begins "Package `+s.file.Name.Name+` "`)
			}
		}
	}
	for _, key := range order {
		if n := len(comments[key]); n != 1 && !exempt[key] {
			complaints = append(complaints, key+": one package comment, found in: "+strings.Join(comments[key], ", "))
		}
	}
	return complaints
}

func TestPackageComments(t *testing.T) {
	t.Parallel()
	parse := func(path, text string) source {
		s, err := parseSource(path, text)
		require.NoError(t, err)
		return s
	}
	good := parse("a/doc.go", spdx+"\n\n// Package a does.\npackage a\n")
	plain := parse("a/a.go", spdx+"\n\npackage a\n")
	require.Empty(t, packageComments([]source{good, plain}))
	require.Len(t, packageComments([]source{plain}), 1)
	require.Len(t, packageComments([]source{good, good}), 1)
	require.Len(t, packageComments([]source{parse("a/a.go", spdx+"\npackage a\n")}), 1, "the licence is not a comment")
	require.Empty(t, packageComments([]source{parse("a/a.go", "// Command a does.\npackage main\n")}))
	wire := parse("internal/pb/a/a.pb.go", "// Code generated by x. DO NOT EDIT.\npackage a\n")
	require.Empty(t, packageComments([]source{wire, parse("internal/pb/a/text.go", spdx+"\n\npackage a\n")}))
}
