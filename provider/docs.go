// SPDX-License-Identifier: Apache-2.0

package akash

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

// A docEdit puts Pulumi's words in place of Terraform's in one page of docs/. It fails when its words are gone, so that
// nobody changes a page and leaves a half-true one to Pulumi's users.
type docEdit struct{ page, old, now string }

var edits = []docEdit{
	{
		"lease.md",
		"`create_before_destroy` works for a deployment together with its leases: the new lease runs before the old one " +
			"ends, and host names of the accept lists move to it when both are with the same Akash provider. Of a lease alone " +
			"it is refused, since a group has one lease at a time.",
		"When a deployment is replaced, its leases are too, and the new lease runs before the old one ends; host names of " +
			"the accept lists move to it when both are with the same Akash provider. Until then both deployments hold a " +
			"deposit; the option `deleteBeforeReplace` of the deployment avoids that, and takes the workload down meanwhile.",
	},
	// The converter takes map keys for names and drops their underscores.
	{"deployment.md", "API_TOKEN = var.api_token", "TOKEN = var.api_token"},
	{ // an input has no use for the group's other properties
		"ip_endpoint.md",
		`attach = akash_deployment.blue.groups["dcloud"]`,
		`attach = { deployment_id = akash_deployment.blue.id, gseq = 1 }`,
	},
	{
		"ip_endpoint.md",
		`locals {
  sdl = file("${path.module}/deploy.yaml") # declares endpoint "shop"
}

`,
		"",
	},
	{"ip_endpoint.md", "sdl = local.sdl", `sdl = file("deploy.yaml") # declares endpoint "shop"`},
	{ // the converter knows no toset, and loops over a list by number
		"authz_grant.md",
		"for_each = toset([",
		"for_each = ([",
	},
}

// docRules are the bridge's own edits and ours. attributes are the names that configuration may give a value to.
func docRules(attributes map[string]bool) *tfbridge.DocRuleInfo {
	return &tfbridge.DocRuleInfo{EditRules: func(defaults []tfbridge.DocsEdit) []tfbridge.DocsEdit {
		ours := tfbridge.DocsEdit{Path: "*.md", Edit: func(path string, text []byte) ([]byte, error) {
			return editPage(path, text, attributes)
		}}
		return append([]tfbridge.DocsEdit{ours}, defaults...)
	}}
}

// attributeNames are all names of attributes, nested ones included.
func attributeNames(info *tfbridge.ProviderInfo) map[string]bool {
	names := map[string]bool{}
	var collect func(fields map[string]*tfbridge.SchemaInfo)
	collect = func(fields map[string]*tfbridge.SchemaInfo) {
		for name, field := range fields {
			names[name] = true
			for ; field != nil; field = field.Elem {
				collect(field.Fields)
			}
		}
	}
	collect(info.Config)
	for _, resource := range info.Resources {
		collect(resource.Fields)
	}
	for _, source := range info.DataSources {
		collect(source.Fields)
	}
	return names
}

func editPage(path string, text []byte, attributes map[string]bool) ([]byte, error) {
	page := filepath.Base(path)
	for _, e := range edits {
		if e.page != page {
			continue
		}
		if !bytes.Contains(text, []byte(e.old)) {
			return nil, fmt.Errorf("%s: the words that provider/docs.go replaces are gone: %s", page, e.old)
		}
		text = bytes.ReplaceAll(text, []byte(e.old), []byte(e.now))
	}
	var failed error
	text = example.ReplaceAllFunc(text, func(fenced []byte) []byte {
		code := example.FindSubmatch(fenced)
		edited, err := editExample(code[2], attributes)
		failed = errors.Join(failed, err)
		return slices.Concat(code[1], edited, code[3])
	})
	return text, failed
}

var (
	example    = regexp.MustCompile("(?s)(```terraform\n)(.*?)(```)")
	moduleFile = regexp.MustCompile(`\$\{path\.module\}/`)
)

// editExample prepares the configuration of an example for the bridge's converter, which knows no path.module, and
// takes the names of nested attributes as they are.
func editExample(code []byte, attributes map[string]bool) ([]byte, error) {
	code = moduleFile.ReplaceAll(code, nil)
	file, problems := hclsyntax.ParseConfig(code, "example", hcl.InitialPos)
	if problems.HasErrors() {
		return code, problems
	}
	var keys []hcl.Range
	for _, block := range file.Body.(*hclsyntax.Body).Blocks { //nolint:forcetypeassert // what ParseConfig returns
		if block.Type != "resource" && block.Type != "data" && block.Type != "provider" {
			continue
		}
		problems = append(problems, hclsyntax.VisitAll(block.Body, func(node hclsyntax.Node) hcl.Diagnostics {
			key, ok := node.(*hclsyntax.ObjectConsKeyExpr)
			if ok && attributes[hcl.ExprAsKeyword(key.Wrapped)] { // and no key of a map
				keys = append(keys, key.Range())
			}
			return nil
		})...)
	}
	if problems.HasErrors() {
		return code, problems
	}
	slices.SortFunc(keys, func(a, b hcl.Range) int { return b.Start.Byte - a.Start.Byte })
	for _, at := range keys { // from the end, so that earlier places stay right
		name := camel(string(code[at.Start.Byte:at.End.Byte]))
		code = slices.Concat(code[:at.Start.Byte], []byte(name), code[at.End.Byte:])
	}
	return code, nil
}
