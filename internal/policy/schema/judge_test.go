// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

var (
	snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

	// reserved are names Terraform keeps for itself in a resource or data source.
	reserved = []string{
		"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner",
	}

	// secret are names of attributes nobody may see in a plan.
	secret = []string{"mnemonic", "private_key", "passphrase", "password", "token", "jwt", "manifest", "env"}
)

// judge complains of a schema. isResource adds the rules for managed resources.
func judge(name string, schema *tfprotov6.Schema, isResource bool) []string {
	var complaints []string
	say := func(path, format string, args ...any) {
		complaints = append(complaints, name+" "+path+": "+fmt.Sprintf(format, args...))
	}
	block := schema.Block
	if name != "provider" && strings.TrimSpace(block.Description) == "" {
		say("", "no description")
	}
	for _, nested := range block.BlockTypes {
		say(nested.TypeName, "is a block; use a nested attribute, which may be computed and has a type")
	}
	for _, attribute := range block.Attributes {
		if slices.Contains(reserved, attribute.Name) {
			say(attribute.Name, "is reserved by Terraform")
		}
		walk("", attribute, say)
	}
	if !isResource {
		return complaints
	}
	id := slices.IndexFunc(block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "id" })
	if id < 0 {
		say("id", "is missing; Pulumi cannot do without")
	} else if a := block.Attributes[id]; !a.Computed || a.Optional || a.Required || !isString(a) {
		say("id", "must be a computed string, which Pulumi wants, and no input")
	}
	return complaints
}

// walk looks at an attribute and those nested in it.
func walk(above string, attribute *tfprotov6.SchemaAttribute, say func(path, format string, args ...any)) {
	path := above + attribute.Name
	if !snake.MatchString(attribute.Name) {
		say(path, "is not snake_case")
	}
	// The library that makes timeouts describes each of them, and has no place for words on the whole.
	if strings.TrimSpace(attribute.Description) == "" && path != "timeouts" {
		say(path, "has no description: what is it, in what unit, what is the default, when does it replace?")
	}
	if slices.Contains(secret, attribute.Name) && !attribute.Sensitive {
		say(path, "must be sensitive")
	}
	if attribute.Type != nil && holds(attribute.Type, tftypes.DynamicPseudoType) {
		say(path, "is dynamic, which Pulumi cannot carry")
	}
	if attribute.NestedType == nil {
		return
	}
	for _, inner := range attribute.NestedType.Attributes {
		if attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet && inner.Computed {
			say(path, "is a set with the computed member %s, which cannot be told apart in a plan", inner.Name)
		}
		walk(path+".", inner, say)
	}
}

func isString(a *tfprotov6.SchemaAttribute) bool { return a.Type != nil && a.Type.Is(tftypes.String) }

// holds reports whether a type is the wanted one or is made of it.
func holds(outer, wanted tftypes.Type) bool {
	switch of := outer.(type) {
	case tftypes.List:
		return holds(of.ElementType, wanted)
	case tftypes.Set:
		return holds(of.ElementType, wanted)
	case tftypes.Map:
		return holds(of.ElementType, wanted)
	case tftypes.Object:
		for _, member := range of.AttributeTypes {
			if holds(member, wanted) {
				return true
			}
		}
		return false
	case tftypes.Tuple:
		return slices.ContainsFunc(of.ElementTypes, func(member tftypes.Type) bool { return holds(member, wanted) })
	default:
		return outer.Is(wanted)
	}
}

func TestJudgeRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	good := func() *tfprotov6.SchemaAttribute {
		return &tfprotov6.SchemaAttribute{Name: "id", Type: tftypes.String, Computed: true, Description: "Its id."}
	}
	for name, c := range map[string]struct {
		change  func(s *tfprotov6.SchemaBlock, id *tfprotov6.SchemaAttribute)
		message string
	}{
		"good": {func(*tfprotov6.SchemaBlock, *tfprotov6.SchemaAttribute) {}, ""},
		"undescribed": {func(_ *tfprotov6.SchemaBlock, id *tfprotov6.SchemaAttribute) {
			id.Description = " "
		}, "has no description"},
		"undescribed noun": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			s.Description = ""
		}, "no description"},
		"no id": {func(_ *tfprotov6.SchemaBlock, id *tfprotov6.SchemaAttribute) {
			id.Name = "name"
		}, "is missing"},
		"id as input": {func(_ *tfprotov6.SchemaBlock, id *tfprotov6.SchemaAttribute) {
			id.Optional = true
		}, "computed string"},
		"dynamic": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			a := good()
			a.Name, a.Type = "any", tftypes.List{ElementType: tftypes.DynamicPseudoType}
			s.Attributes = append(s.Attributes, a)
		}, "is dynamic"},
		"reserved": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			a := good()
			a.Name = "provider"
			s.Attributes = append(s.Attributes, a)
		}, "reserved"},
		"camel": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			a := good()
			a.Name = "priceCeiling"
			s.Attributes = append(s.Attributes, a)
		}, "snake_case"},
		"open secret inside a set": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			token, outer := good(), good()
			token.Name, token.Computed = "token", false
			outer.Name, outer.Type = "keys", nil
			outer.NestedType = &tfprotov6.SchemaObject{
				Nesting: tfprotov6.SchemaObjectNestingModeSet, Attributes: []*tfprotov6.SchemaAttribute{token},
			}
			s.Attributes = append(s.Attributes, outer)
		}, "keys.token: must be sensitive"},
		"block": {func(s *tfprotov6.SchemaBlock, _ *tfprotov6.SchemaAttribute) {
			s.BlockTypes = []*tfprotov6.SchemaNestedBlock{{TypeName: "timeouts"}}
		}, "is a block"},
	} {
		id := good()
		block := &tfprotov6.SchemaBlock{Description: "A noun.", Attributes: []*tfprotov6.SchemaAttribute{id}}
		c.change(block, id)
		got := judge("akash_noun", &tfprotov6.Schema{Block: block}, true)
		if c.message == "" {
			require.Empty(t, got, name)
		} else {
			require.Len(t, got, 1, name)
			require.Contains(t, got[0], c.message, name)
		}
	}
}
