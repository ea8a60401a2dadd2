// SPDX-License-Identifier: Apache-2.0

// Command sdkgen writes the SDKs of all languages from the Pulumi package's schema, in this process. "pulumi package
// gen-sdk" would ask a language host for each, and not all of those can be had as pinned Go modules; the generators
// that the hosts call can.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"

	akash "github.com/akash-iac/terraform-provider-akash/provider"
)

func main() {
	schemaFile := flag.String("schema", "cmd/pulumi-resource-akash/schema.json", "the Pulumi package's `file`")
	version := flag.String("version", "0.1.0-dev", "the SDKs' `version`, semantic and without a v")
	out := flag.String("out", "../sdk", "the `folder` that gets one folder for each language")
	licence := flag.String("license", "../LICENSE", "the licence, a `file` that goes into each SDK")
	flag.Parse()
	if err := run(*schemaFile, *version, *out, *licence); err != nil {
		fmt.Fprintln(os.Stderr, "sdkgen:", err)
		os.Exit(1)
	}
}

func run(schemaFile, version, out, licence string) error {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	if text, err = mend(schemaFile, text); err != nil {
		return err
	}
	terms, err := os.ReadFile(licence)
	if err != nil {
		return err
	}
	for _, l := range languages {
		// Generators change the package they are given, so each gets its own.
		pkg, loader, err := bind(text, version)
		if err != nil {
			return fmt.Errorf("%s: %w", schemaFile, err)
		}
		files, err := l.generate(pkg, loader)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		if err := addExtras(files, l, version); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		files[l.at("LICENSE")] = terms
		if err := replaceTree(filepath.Join(out, l.name), files); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

// mend corrects what the bridge writes into the schema after everything of ours has run: imports of Java examples, which
// do not know that the package is not one of Pulumi's own.
func mend(schemaFile string, text []byte) ([]byte, error) {
	mended := bytes.ReplaceAll(text, []byte("com.pulumi."+akash.Name+"."), []byte(akash.JavaPackage+"."+akash.Name+"."))
	if bytes.Equal(text, mended) {
		return text, nil
	}
	return mended, os.WriteFile(schemaFile, mended, 0o644) //nolint:gosec // source code is for everybody
}

// bind reads a schema strictly: a reference that leads nowhere is an error.
func bind(text []byte, version string) (*schema.Package, schema.ReferenceLoader, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, nil, err
	}
	spec.Version = version
	loader := schema.NewCachedLoader(noOthers{})
	pkg, diags, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, nil, err
	}
	if diags.HasErrors() {
		return nil, nil, diags
	}
	return pkg, loader, nil
}

// noOthers loads no package: the schema refers to none but its own.
type noOthers struct{ schema.ReferenceLoader }

// replaceTree writes files into a folder and removes every other file there, so that what the schema no longer has
// leaves the SDK too.
func replaceTree(folder string, files map[string][]byte) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		if !filepath.IsLocal(name) {
			return errors.New("a generated file leaves its folder: " + name)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // source code is for everybody
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil { //nolint:gosec // source code is for everybody
			return err
		}
	}
	return nil
}
