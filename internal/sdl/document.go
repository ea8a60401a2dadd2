// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// Document is an SDL that the network accepts. It never changes and is safe for concurrent use.
type Document struct {
	version   string
	groups    []deploymentv1beta4.GroupSpec
	manifest  []manifestGroup
	canonical []byte
	window    time.Duration
}

// Parse reads an SDL. The document is nil exactly when a problem is an error;
// problems are sorted by position and hold warnings as well.
func Parse(src []byte) (*Document, Problems) {
	r := &reader{}
	root := r.parseYAML(src)
	if root == nil {
		return nil, r.problems.sorted()
	}
	r.nodes = countNodes(root)
	s := r.source(root)
	uses := r.check(s)
	window := r.window(s.reclamation)
	problems := r.problems.sorted()
	if r.errors > 0 {
		return nil, problems
	}
	d := &Document{version: s.version.text, window: window}
	d.groups, d.manifest = s.build(uses)
	var err error
	if d.canonical, err = canonical(d.manifest); err != nil {
		// Strings, numbers and lists always encode.
		return nil, append(problems, Problem{Message: "the manifest does not encode: " + err.Error()})
	}
	return d, problems
}

// parseYAML gives the root of the first document of the text, or nil after reporting why there is none.
func (r *reader) parseYAML(src []byte) (root *yaml.Node) {
	var doc yaml.Node
	if err := decodeYAML(src, &doc); err != nil {
		r.problems, r.errors = append(r.problems, notYAML(src, err)), 1
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || isNull(doc.Content[0]) {
		at := &site{index: isKey, line: 1, column: 1}
		r.fail(at, remedyVersion+", then services, profiles and deployment", "the document is empty")
		return nil
	}
	return doc.Content[0]
}

// decodeYAML is [yaml.Unmarshal], with a crash of that library turned into an error.
func decodeYAML(src []byte, doc *yaml.Node) (err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = fmt.Errorf("yaml: %v", crash)
		}
	}()
	return yaml.Unmarshal(src, doc)
}

// Version is the rule set of the document, "2.0" or "2.1". Versions above 2.1 follow its rules.
func (d *Document) Version() string { return d.version }

// Groups are the group specs that go on chain, sorted by name. The caller gets a copy of its own.
func (d *Document) Groups() []deploymentv1beta4.GroupSpec { return cloneGroups(d.groups) }

// ManifestJSON is the canonical manifest: exactly the bytes that go to the
// gateway and that [Document.Hash] hashes. It holds the values of environment
// variables and credentials. The caller gets a copy of its own.
func (d *Document) ManifestJSON() []byte { return slices.Clone(d.canonical) }

// Hash is the deployment hash: 32 bytes, SHA-256 of [Document.ManifestJSON].
func (d *Document) Hash() []byte {
	sum := sha256.Sum256(d.canonical)
	return sum[:]
}

// ReclamationMinWindow is the notice that the document wants before an Akash provider takes a lease back, if any.
func (d *Document) ReclamationMinWindow() (time.Duration, bool) { return d.window, d.window > 0 }

// Services are the names of the deployed services, sorted, each once.
func (d *Document) Services() []string {
	var names []string
	for _, g := range d.manifest {
		for _, s := range g.Services {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Images maps each deployed service to its container image.
func (d *Document) Images() map[string]string {
	images := make(map[string]string)
	for _, g := range d.manifest {
		for _, s := range g.Services {
			images[s.Name] = s.Image
		}
	}
	return images
}
