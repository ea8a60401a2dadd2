// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"text/template"

	dotnetgen "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	javagen "github.com/pulumi/pulumi-java/pkg/codegen/java"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	nodegen "github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	pygen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// language is one SDK.
type language struct {
	// name is the SDK's folder, the one Pulumi's ecosystem expects.
	name string
	// home is where its readme and licence go, below that folder.
	home string
	// generate writes the sources, by path below the folder.
	generate func(pkg *schema.Package, loader schema.ReferenceLoader) (map[string][]byte, error)
}

// at is the path of a file that goes with the readme.
func (l language) at(name string) string { return path.Join(l.home, name) }

var languages = []language{
	{name: "nodejs", generate: func(pkg *schema.Package, loader schema.ReferenceLoader) (map[string][]byte, error) {
		return nodegen.GeneratePackage("pulumi-language-nodejs", pkg, nil, nil, false, loader)
	}},
	{name: "python", generate: func(pkg *schema.Package, loader schema.ReferenceLoader) (map[string][]byte, error) {
		return pygen.GeneratePackage("pulumi-language-python", pkg, nil, loader)
	}},
	{name: "go", home: "akash", generate: func(pkg *schema.Package, _ schema.ReferenceLoader) (map[string][]byte, error) {
		return gogen.GeneratePackage("pulumi-language-go", pkg, nil)
	}},
	{name: "java", generate: func(pkg *schema.Package, _ schema.ReferenceLoader) (map[string][]byte, error) {
		// "local" leaves out a Gradle project: the Maven one among the extras is what is built and tested.
		return javagen.GeneratePackage("pulumi-language-java", pkg, nil, nil, true, false)
	}},
	{name: "dotnet", generate: generateDotnet},
}

// extras are files of ours for each SDK: readme and what its package manager reads. They are templates, which know
// Version.
//
//go:embed all:extras
var extras embed.FS

// addExtras lays our files over the generated ones.
func addExtras(files map[string][]byte, l language, version string) error {
	top := path.Join("extras", l.name)
	return fs.WalkDir(extras, top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(extras, name)
		if err != nil {
			return err
		}
		parsed, err := template.New(name).Option("missingkey=error").Parse(string(text))
		if err != nil {
			return err
		}
		var filled bytes.Buffer
		if err := parsed.Execute(&filled, map[string]string{"Version": version}); err != nil {
			return err
		}
		// The go command would take a go.mod among the extras for the border of a module.
		target := strings.TrimSuffix(strings.TrimPrefix(name, top+"/"), ".tmpl")
		files[target] = filled.Bytes()
		return nil
	})
}

// logo is the picture of the NuGet package.
//
//go:embed logo.png
var logo []byte

// generateDotnet keeps the generator from the network: it wants to download the package's logo.
func generateDotnet(pkg *schema.Package, _ schema.ReferenceLoader) (map[string][]byte, error) {
	before := http.DefaultTransport
	http.DefaultTransport = onlyLogo{}
	defer func() { http.DefaultTransport = before }()
	return dotnetgen.GeneratePackage("pulumi-language-dotnet", pkg, nil, nil)
}

// onlyLogo answers a request for a picture with the logo, and refuses others.
type onlyLogo struct{}

// RoundTrip never leaves the process.
func (onlyLogo) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, ".png") {
		return nil, fmt.Errorf("the generator asks for %s; SDKs are made without the network", r.URL)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{}, Body: body{bytes.NewReader(logo)}, ContentLength: int64(len(logo)),
	}, nil
}

// body is bytes that need no closing.
type body struct{ *bytes.Reader }

// Close does nothing.
func (body) Close() error { return nil }
