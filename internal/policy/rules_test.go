// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fileRule is a rule that one Go file alone keeps or breaks.
type fileRule struct {
	name  string
	check func(s source) []string // complaints
}

// vagueNames say nothing about what is inside. If a name is hard to find, the boundary is in the wrong place.
var vagueNames = []string{
	"util", "utils", "common", "helper", "helpers", "shared", "types", "misc", "base", "lib", "core",
}

// skips are the calls that leave a test out, by package or receiver and name. They are allowed in one function alone,
// see [leavesOut]; what needs a newer CLI than the pinned one is tested in process, and a gate for it would be named
// here.
var skips = []string{"Skip", "Skipf", "SkipNow", "SkipBelow", "SkipAbove", "SkipBetween", "SkipIf", "SkipIfNotAlpha"}

// leavesOut names the function that may skip a test, in the packages that may have it: their tests also run against a
// chain that somebody names by AKASH_CONFORMANCE_…, where nobody can set faults, hurry blocks or act as a seller. It
// skips there only and tells why; on the devnet, which is what CI runs, every test runs.
const leavesOut = "notOnForeignChain"

var mayLeaveOut = []string{"internal/acctest", "internal/devnet/conformance"}

var fileRules = []fileRule{
	{"every file begins with its licence", func(s source) []string {
		if s.isGenerated() || strings.HasPrefix(s.text, spdx+"\n") {
			return nil
		}
		return []string{s.path + ":1: the first line is " + spdx}
	}},
	{"files have one subject", func(s source) []string {
		if s.isGenerated() || s.lines <= maxLines {
			return nil
		}
		return []string{fmt.Sprintf("%s has %d lines, at most %d: what is its second subject?", s.path, s.lines, maxLines)}
	}},
	{"packages are named for what is inside", func(s source) []string {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if s.isGenerated() || !slices.Contains(vagueNames, name) {
			return nil
		}
		return []string{s.at(s.file.Name) + ": package " + name + " says nothing about what is inside"}
	}},
	{"tests do not sleep", func(s source) []string {
		if !s.isTest() {
			return nil
		}
		return selections(s, "time", []string{"Sleep"}, "poll on a condition, or use testing/synctest")
	}},
	{"tests are not skipped", func(s source) []string {
		if !s.isTest() && !slices.Contains(mayLeaveOut, s.dir()) {
			return nil
		}
		complaints := selections(s, "testing", []string{"Short"}, "the suite has one size")
		if slices.Contains(mayLeaveOut, s.dir()) {
			s = s.without(leavesOut)
		}
		return append(complaints, selections(s, "", skips, "a test that is left out proves nothing")...)
	}},
	{"pure packages do not read the clock", func(s source) []string {
		if s.isTest() || !covers(inInternal(pureRooms), s.dir()) {
			return nil
		}
		return selections(s, "time", []string{
			"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep",
		}, "take the time as an argument")
	}},
	{"errors are returned", func(s source) []string {
		// The application of the devnet panics where the network's does, and baseapp answers with a code for it;
		// acctest is linked into tests only.
		if s.isTest() || s.isGenerated() || covers([]string{"internal/devnet/app", "internal/acctest"}, s.dir()) {
			return nil
		}
		var complaints []string
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if ok && strings.HasPrefix(strings.ToLower(function.Name.Name), "must") {
				continue
			}
			ast.Inspect(declaration, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
					complaints = append(complaints, s.at(call)+": no panic outside Must…: return an error")
				}
				return true
			})
		}
		return complaints
	}},
	{"money is exact", func(s source) []string {
		if s.isTest() || !covers(inInternal([]string{"coin", "chain/tx"}), s.dir()) {
			return nil
		}
		var complaints []string
		ast.Inspect(s.file, func(node ast.Node) bool {
			if name, ok := node.(*ast.Ident); ok && (name.Name == "float64" || name.Name == "float32") {
				complaints = append(complaints, s.at(name)+": no "+name.Name+" where money is counted")
			}
			return true
		})
		return complaints
	}},
}

// without is the source but for the plain functions of a name.
func (s source) without(name string) source {
	file := *s.file
	file.Decls = slices.DeleteFunc(slices.Clone(file.Decls), func(declaration ast.Decl) bool {
		function, ok := declaration.(*ast.FuncDecl)
		return ok && function.Recv == nil && function.Name.Name == name
	})
	s.file = &file
	return s
}

// inInternal turns names of rooms into folders.
func inInternal(rooms []string) []string {
	var dirs []string
	for _, room := range rooms {
		dirs = append(dirs, "internal/"+room)
	}
	return dirs
}

// selections complains of each x.name where x is the package with that import path ("" is anything at all) and name is
// in the list.
func selections(s source, path string, names []string, remedy string) []string {
	local := ""
	for _, spec := range s.file.Imports {
		if value, err := strconv.Unquote(spec.Path.Value); err != nil || value != path {
			continue
		}
		if local = path; spec.Name != nil {
			local = spec.Name.Name
		}
	}
	if path != "" && local == "" {
		return nil
	}
	var complaints []string
	ast.Inspect(s.file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok || !slices.Contains(names, selector.Sel.Name) {
			return true
		}
		if x, isName := selector.X.(*ast.Ident); path == "" || isName && x.Name == local {
			complaints = append(complaints, s.at(selector)+": no "+selector.Sel.Name+": "+remedy)
		}
		return true
	})
	return complaints
}

func TestFileRulesRefuseWhatTheyShould(t *testing.T) {
	t.Parallel()
	header := spdx + "\n\npackage "
	for _, c := range []struct{ path, text, broken string }{
		{"internal/a/a.go", header + "a\n", ""},
		{"internal/a/a.go", "package a\n", "every file begins with its licence"},
		{"internal/a/a.pb.go", "// Code generated by x. DO NOT EDIT.\n\npackage a\n", ""},
		{"internal/a/a.go", header + "a\n" + strings.Repeat("\n", maxLines), "files have one subject"},
		{"internal/a/a_test.go", header + "helpers_test\n", "packages are named for what is inside"},
		{"internal/a/a_test.go", header + "a\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", "tests do not sleep"},
		{"internal/a/a_test.go", header + "a\nimport z \"time\"\nfunc f() { z.Sleep(1) }\n", "tests do not sleep"},
		{"internal/a/a.go", header + "a\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", ""},
		{"internal/a/a_test.go", header + "a\nfunc f(t T) { t.Skip() }\n", "tests are not skipped"},
		{"internal/a/a_test.go", header + "a\nimport \"testing\"\nvar x = testing.Short()\n", "tests are not skipped"},
		{"internal/a/a_test.go", header + "a\nfunc notOnForeignChain(t T) { t.Skip() }\n", "tests are not skipped"},
		{"internal/acctest/a.go", header + "a\nfunc notOnForeignChain(t T) { t.Skip() }\n", ""},
		{"internal/acctest/a.go", header + "a\nfunc f(t T) { t.Skip() }\n", "tests are not skipped"},
		{"internal/devnet/conformance/a_test.go", header + "a\nfunc notOnForeignChain(t T) { t.Skip() }\n", ""},
		{
			"internal/devnet/conformance/a_test.go", header + "a\nfunc (a A) notOnForeignChain() { a.t.Skip() }\n",
			"tests are not skipped",
		},
		{"internal/sdl/a.go", header + "sdl\nimport \"time\"\nvar x = time.Now()\n", "pure packages do not read the clock"},
		{"internal/sdl/a.go", header + "sdl\nimport \"time\"\nvar x time.Duration\n", ""},
		{"internal/coin/a.go", header + "coin\nvar x float64\n", "money is exact"},
		{"internal/a/a.go", header + "a\nfunc f() { panic(1) }\n", "errors are returned"},
		{"internal/a/a.go", header + "a\nvar x = func() int { panic(1) }\n", "errors are returned"},
		{"internal/a/a.go", header + "a\nfunc MustF() { panic(1) }\n", ""},
		{"internal/chain/a.go", header + "chain\nvar x float64\n", ""},
	} {
		s, err := parseSource(c.path, c.text)
		require.NoError(t, err)
		var broken []string
		for _, rule := range fileRules {
			if len(rule.check(s)) > 0 {
				broken = append(broken, rule.name)
			}
		}
		require.Equal(t, c.broken, strings.Join(broken, ", "), c.text)
	}
}
