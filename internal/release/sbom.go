// SPDX-License-Identifier: Apache-2.0

package release

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// The shape is CycloneDX 1.6 in JSON, https://cyclonedx.org/docs/1.6/json: the parts of it that can be told for sure.
// Licences are not among them, since a module's licence is in its files and not in the binary.
type (
	bom struct {
		Schema       string       `json:"$schema"`
		Format       string       `json:"bomFormat"`
		SpecVersion  string       `json:"specVersion"`
		SerialNumber string       `json:"serialNumber"`
		Version      int          `json:"version"`
		Metadata     metadata     `json:"metadata"`
		Components   []component  `json:"components"`
		Dependencies []dependency `json:"dependencies"`
	}
	metadata struct {
		Timestamp string    `json:"timestamp"`
		Component component `json:"component"`
	}
	component struct {
		Type       string     `json:"type"`
		Ref        string     `json:"bom-ref"`
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		PURL       string     `json:"purl,omitempty"`
		Hashes     []hash     `json:"hashes,omitempty"`
		Properties []property `json:"properties,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	dependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

// SBOM writes a software bill of materials of one archive, CycloneDX 1.6 in JSON with a newline at the end. It is the
// same bytes for the same arguments: the serial number is made of the archive's hash. version has no v; at is the
// commit's time.
func SBOM(name string, content []byte, version string, at time.Time) ([]byte, error) {
	binaries, err := Binaries(name, content)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(content)
	whole := component{
		Type: "application", Ref: name, Name: name, Version: version,
		Hashes: []hash{{Algorithm: "SHA-256", Content: hex.EncodeToString(digest[:])}},
	}
	found := map[string]component{}
	for _, b := range binaries {
		for _, c := range components(b) {
			found[c.Ref] = c
		}
		whole.Properties = append(whole.Properties, property{Name: "go:binary", Value: b.Name})
		for _, setting := range b.Info.Settings {
			switch setting.Key {
			case "CGO_ENABLED", "GOARCH", "GOOS", "-trimpath":
				whole.Properties = append(whole.Properties, property{Name: "go:build:" + setting.Key, Value: setting.Value})
			}
		}
	}
	listed := make([]component, 0, len(found))
	for _, c := range found {
		listed = append(listed, c)
	}
	slices.SortFunc(listed, func(a, b component) int { return cmp.Compare(a.Ref, b.Ref) })
	refs := make([]string, 0, len(listed))
	for _, c := range listed {
		refs = append(refs, c.Ref)
	}
	text, err := json.MarshalIndent(bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6",
		SerialNumber: serialNumber(digest), Version: 1,
		Metadata:     metadata{Timestamp: at.UTC().Format(time.RFC3339), Component: whole},
		Components:   listed,
		Dependencies: []dependency{{Ref: name, DependsOn: refs}},
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// components are the modules linked into a binary, and Go's standard library.
func components(b Binary) []component {
	standard := strings.TrimPrefix(b.Info.GoVersion, "go")
	listed := []component{library("std", standard, "")}
	for _, module := range b.Info.Deps {
		listed = append(listed, ofModule(module))
	}
	return listed
}

// ofModule names the code that was linked: of a replaced module, the replacement.
func ofModule(module *debug.Module) component {
	if module.Replace == nil {
		return library(module.Path, module.Version, module.Sum)
	}
	linked := library(module.Replace.Path, module.Replace.Version, module.Replace.Sum)
	linked.Properties = append(linked.Properties, property{Name: "go:replaces", Value: module.Path + "@" + module.Version})
	return linked
}

// library is one module. sum is Go's own checksum of it ("h1:…"), which is of a list of file hashes and so no hash of a
// file in the sense of CycloneDX.
func library(path, version, sum string) component {
	escaped := strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	c := component{Type: "library", Name: path, Version: version, PURL: "pkg:golang/" + escaped}
	if version != "" {
		c.PURL += "@" + url.QueryEscape(version)
	}
	c.Ref = c.PURL
	if sum != "" {
		c.Properties = []property{{Name: "go:sum", Value: sum}}
	}
	return c
}

// serialNumber makes a UUID of a hash, version 8 of RFC 9562: bytes of our own.
func serialNumber(digest [sha256.Size]byte) string {
	id := digest[:16]
	id = slices.Clone(id)
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
