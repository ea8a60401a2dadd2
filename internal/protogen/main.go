// SPDX-License-Identifier: Apache-2.0

// Command protogen turns the .proto files of internal/proto into the Go packages of internal/pb.
//
// It needs no protoc and no network beyond the Go module cache: the files are
// compiled by protocompile, imported definitions come out of the pinned
// modules, and the two plugins run as `go tool`. Its output depends on
// go.mod and the .proto files alone, so CI can compare it byte for byte.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// plugin is one code generator and the parameter it is given.
type plugin struct {
	tool      string
	parameter string
}

// anyMapping makes generated code use the Any that cosmos-sdk packs and unpacks.
const anyMapping = "Mgoogle/protobuf/any.proto=github.com/cosmos/gogoproto/types/any"

var plugins = []plugin{
	{tool: "protoc-gen-gocosmos", parameter: "plugins=grpc," + anyMapping},
	{tool: "protoc-gen-grpc-gateway", parameter: "logtostderr=true,allow_colon_final_segments=true," + anyMapping},
}

// importDirs lists where imported definitions lie: module path, folder inside it.
var importDirs = [][2]string{
	{"github.com/cosmos/gogoproto", "."},
	{"github.com/cosmos/gogoproto", "protobuf"},
	{"github.com/cosmos/cosmos-sdk", "proto"},
	{"github.com/cosmos/cosmos-proto", "proto"},
	{"github.com/grpc-ecosystem/grpc-gateway", "third_party/googleapis"},
}

func main() {
	protoDir := flag.String("proto", "../proto", "folder with our .proto files")
	outDir := flag.String("out", "../..", "folder that stands for the module path")
	module := flag.String("module", "github.com/akash-iac/terraform-provider-akash", "module path to strip")
	flag.Parse()
	if err := run(context.Background(), *protoDir, *outDir, *module); err != nil {
		fmt.Fprintln(os.Stderr, "protogen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, protoDir, outDir, module string) error {
	names, err := protoFiles(protoDir)
	if err != nil {
		return err
	}
	paths := []string{protoDir}
	for _, d := range importDirs {
		dir, err := moduleDir(ctx, d[0])
		if err != nil {
			return err
		}
		paths = append(paths, filepath.Join(dir, d[1]))
	}
	compiler := protocompile.Compiler{
		Resolver:       &protocompile.SourceResolver{ImportPaths: paths},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(ctx, names...)
	if err != nil {
		return fmt.Errorf("compile: %w", err)
	}
	all := dependencyOrder(files)
	for _, group := range byFolder(names) {
		for _, p := range plugins {
			if err := generate(ctx, p, group, all, outDir, module); err != nil {
				return fmt.Errorf("%s %s: %w", p.tool, group[0], err)
			}
		}
	}
	return nil
}

// protoFiles returns the .proto files below dir, slash separated and sorted.
func protoFiles(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".proto" {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	slices.Sort(names)
	return names, err
}

// moduleDir asks for the module's folder with `go mod download`, since
// `go list -m` prints an empty one until the module has been downloaded.
func moduleDir(ctx context.Context, path string) (string, error) {
	//nolint:gosec // the module paths are ours, see importDirs
	out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", path).Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", path, err)
	}
	var m struct{ Dir string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", fmt.Errorf("go mod download %s: %w", path, err)
	}
	return m.Dir, nil
}

// byFolder groups files of one Go package: a plugin must see them together.
func byFolder(names []string) [][]string {
	var groups [][]string
	last := ""
	for _, n := range names {
		dir := n[:strings.LastIndex(n, "/")]
		if dir != last {
			groups, last = append(groups, nil), dir
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], n)
	}
	return groups
}

// dependencyOrder lists every file after the files it imports, as plugins expect.
func dependencyOrder(files linker.Files) []*descriptorpb.FileDescriptorProto {
	var out []*descriptorpb.FileDescriptorProto
	seen := map[string]bool{}
	var visit func(protoreflect.FileDescriptor)
	visit = func(f protoreflect.FileDescriptor) {
		if seen[f.Path()] {
			return
		}
		seen[f.Path()] = true
		for i := range f.Imports().Len() {
			visit(f.Imports().Get(i).FileDescriptor)
		}
		out = append(out, protoutil.ProtoFromFileDescriptor(f))
	}
	for _, f := range files {
		visit(f)
	}
	return out
}

func generate(
	ctx context.Context, p plugin, names []string, all []*descriptorpb.FileDescriptorProto, outDir, module string,
) error {
	request, err := proto.Marshal(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: names,
		Parameter:      proto.String(p.parameter),
		ProtoFile:      all,
	})
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "tool", p.tool) //nolint:gosec // the tool's name is one of our constants
	cmd.Stdin, cmd.Stderr = bytes.NewReader(request), os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		return err
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(answer, &response); err != nil {
		return err
	}
	if response.Error != nil {
		return fmt.Errorf("%s", response.GetError())
	}
	for _, f := range response.GetFile() {
		path := filepath.Join(outDir, strings.TrimPrefix(f.GetName(), module+"/"))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // source folders are public
			return err
		}
		if err := os.WriteFile(path, []byte(f.GetContent()), 0o644); err != nil { //nolint:gosec // source is public
			return err
		}
	}
	return nil
}
