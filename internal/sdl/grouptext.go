// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// GroupText writes a group spec for people, on one line: [GroupJSON] as YAML in flow style, without what is empty and
// without the zeros that end a decimal. Equal specs give equal text. A plan shows JSON over dozens of lines, twice.
func GroupText(g deploymentv1beta4.GroupSpec) (string, error) {
	text, err := GroupJSON(g)
	if err != nil {
		return "", err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil { // JSON is YAML
		return "", fmt.Errorf("writing group %q as text: %w", g.Name, err)
	}
	flow(&root, "")
	line, err := yaml.Marshal(&root)
	if err != nil {
		return "", fmt.Errorf("writing group %q as text: %w", g.Name, err)
	}
	return strings.TrimSpace(string(line)), nil
}

// flow puts a node on one line and takes out what is empty.
func flow(n *yaml.Node, key string) {
	switch n.Kind {
	case yaml.MappingNode:
		n.Style = yaml.FlowStyle
		var kept []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, value := n.Content[i], n.Content[i+1]
			flow(name, "")
			flow(value, name.Value)
			if !empty(value) {
				kept = append(kept, name, value)
			}
		}
		n.Content = kept
	case yaml.ScalarNode:
		if key == "amount" && strings.Contains(n.Value, ".") {
			n.Value = strings.TrimRight(strings.TrimRight(n.Value, "0"), ".")
		}
		// In single quotes, which a plan need not escape, unless it reads as a text without; numbers have no quotes.
		var plain any
		if n.Style = 0; n.Tag == "!!str" && (yaml.Unmarshal([]byte(n.Value), &plain) != nil || plain != any(n.Value)) {
			n.Style = yaml.SingleQuotedStyle
		}
	default:
		n.Style = yaml.FlowStyle
		for _, child := range n.Content {
			flow(child, "")
		}
	}
}

func empty(n *yaml.Node) bool {
	return n.Kind != yaml.ScalarNode && len(n.Content) == 0 || n.Kind == yaml.ScalarNode && n.Value == ""
}

// ParseGroupText reads what [GroupText] or [GroupJSON] write; unknown keys are an error.
func ParseGroupText(text string) (deploymentv1beta4.GroupSpec, error) {
	var generic any
	if err := yaml.Unmarshal([]byte(text), &generic); err != nil {
		return deploymentv1beta4.GroupSpec{}, fmt.Errorf("reading a group spec: %w", err)
	}
	plain, err := json.Marshal(generic)
	if err != nil {
		return deploymentv1beta4.GroupSpec{}, fmt.Errorf("reading a group spec: %w", err)
	}
	return ParseGroupJSON(plain)
}
