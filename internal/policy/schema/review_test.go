// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	tfprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// field is an attribute as the code declares it: with its default, its validators and what replaces, which no CLI is
// told of.
type field struct {
	path, kind, description        string
	required, optional, computed   bool
	sensitive, writeOnly, replaces bool
	hasDefault, checked, nested    bool
}

func (f field) name() string { return f.path[strings.LastIndexAny(f.path, ". ")+1:] }

// input says that a user writes it.
func (f field) input() bool { return f.required || f.optional }

// fieldsOf reads the attributes of a schema, of whatever kind: each kind has Go types of its own with the same members.
func fieldsOf(t *testing.T, noun string, schema any) []field {
	t.Helper()
	var found []field
	var walk func(above string, attributes reflect.Value)
	walk = func(above string, attributes reflect.Value) {
		for _, key := range attributes.MapKeys() {
			a := attributes.MapIndex(key).Elem()
			if a.Kind() == reflect.Pointer {
				a = a.Elem()
			}
			if key.String() == "timeouts" {
				continue // the library that makes it describes and checks it
			}
			f := field{
				path: above + key.String(), kind: strings.TrimSuffix(a.Type().Name(), "Attribute"),
				description: words(a, "Description") + words(a, "MarkdownDescription"),
				required:    is(a, "Required"), optional: is(a, "Optional"), computed: is(a, "Computed"),
				sensitive: is(a, "Sensitive"), writeOnly: is(a, "WriteOnly"),
				hasDefault: member(a, "Default"), checked: member(a, "Validators"),
				replaces: replaces(t, a),
				nested:   a.FieldByName("Attributes").IsValid() || a.FieldByName("NestedObject").IsValid(),
			}
			found = append(found, f)
			if nested := a.FieldByName("Attributes"); nested.IsValid() {
				walk(f.path+".", nested)
			} else if object := a.FieldByName("NestedObject"); object.IsValid() {
				walk(f.path+".", object.FieldByName("Attributes"))
			}
		}
	}
	walk(noun+" ", reflect.ValueOf(schema).FieldByName("Attributes"))
	slices.SortFunc(found, func(a, b field) int { return strings.Compare(a.path, b.path) })
	return found
}

func is(a reflect.Value, name string) bool {
	f := a.FieldByName(name)
	return f.IsValid() && f.Bool()
}

func words(a reflect.Value, name string) string {
	if f := a.FieldByName(name); f.IsValid() {
		return f.String()
	}
	return ""
}

// member says that a member holds something: an interface or a list.
func member(a reflect.Value, name string) bool {
	f := a.FieldByName(name)
	return f.IsValid() && !f.IsNil() && (f.Kind() != reflect.Slice || f.Len() > 0)
}

type describer interface {
	Description(ctx context.Context) string
}

// replaces asks plan modifiers for their descriptions, since their types are private.
func replaces(t *testing.T, a reflect.Value) bool {
	t.Helper()
	modifiers := a.FieldByName("PlanModifiers")
	if !modifiers.IsValid() {
		return false
	}
	for i := range modifiers.Len() {
		described, ok := modifiers.Index(i).Interface().(describer)
		require.True(t, ok)
		if strings.Contains(described.Description(t.Context()), "destroy and recreate") {
			return true
		}
	}
	return false
}

// allFields are the attributes of everything the Terraform provider offers, each path beginning with its noun.
func allFields(t *testing.T) []field {
	t.Helper()
	p := provider.New("test")
	var block tfprovider.SchemaResponse
	p.Schema(t.Context(), tfprovider.SchemaRequest{}, &block)
	all := fieldsOf(t, "provider", block.Schema)
	for _, create := range p.Resources(t.Context()) {
		r := create()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "akash"}, &meta)
		var schema resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		all = append(all, fieldsOf(t, "resource/"+meta.TypeName, schema.Schema)...)
	}
	for _, create := range p.DataSources(t.Context()) {
		d := create()
		var meta datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "akash"}, &meta)
		var schema datasource.SchemaResponse
		d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		all = append(all, fieldsOf(t, "data-source/"+meta.TypeName, schema.Schema)...)
	}
	for _, create := range p.EphemeralResources(t.Context()) {
		e := create()
		var meta ephemeral.MetadataResponse
		e.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "akash"}, &meta)
		var schema ephemeral.SchemaResponse
		e.Schema(t.Context(), ephemeral.SchemaRequest{}, &schema)
		all = append(all, fieldsOf(t, "ephemeral/"+meta.TypeName, schema.Schema)...)
	}
	for _, create := range p.Actions(t.Context()) {
		a := create()
		var meta action.MetadataResponse
		a.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: "akash"}, &meta)
		var schema action.SchemaResponse
		a.Schema(t.Context(), action.SchemaRequest{}, &schema)
		all = append(all, fieldsOf(t, "action/"+meta.TypeName, schema.Schema)...)
	}
	for _, create := range p.ListResources(t.Context()) {
		l := create()
		var meta resource.MetadataResponse
		l.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "akash"}, &meta)
		var schema list.ListResourceSchemaResponse
		l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &schema)
		all = append(all, fieldsOf(t, "list/"+meta.TypeName, schema.Schema)...)
	}
	return all
}

var (
	// hints are parts of names of which nobody may see the value in a plan, unless open says why not.
	hints = regexp.MustCompile(`(^|_)(manifest|env|token|tokens|jwt|key|password|passphrase|mnemonic|pem|secret)($|_)`)

	// public are ends of names of what is told of a secret.
	public = regexp.MustCompile(`_(hash|version)$`)

	// money are parts of names of amounts; they want a unit in the name.
	money = regexp.MustCompile(`(^|_)(price|prices|amount|balance|spent|cost|fee|deposit|deposited|limit|budget)($|_)`)
	unit  = regexp.MustCompile(`_(uact|uakt|usd|per_block|per_month|per_hour|percent|factor)($|_)|(^|_)usd_`)

	currency = regexp.MustCompile(`(?i)(\b|\d)(uact|uakt|usd|us dollars?|akt|act)\b`)

	// told are ends of names of words about an amount.
	told = regexp.MustCompile(`_(from|source|sources|reason|granter)$`)

	// counted is what the description of a number has to say: what is counted, from where, or in what unit.
	counted = regexp.MustCompile(`(?i)number|how many|how much|count|sequence|blocks?\b|seconds|minutes|hours|bytes|` +
		`\b[KMGT]i?B?\b|mi?b\b|gi?b\b|percent|from 1|cores|units|thousandths|height|weight|version|cpus|vcpu|` +
		`ports?\b|tries|gpus|addresses|replicas?\b|containers`)
)

// complain judges an attribute.
func complain(f field) []string {
	var complaints []string
	say := func(words string) { complaints = append(complaints, f.path+": "+words) }
	name := f.name()
	if f.hasDefault && !regexp.MustCompile(`(?i)default`).MatchString(f.description) {
		say("has a default that its description does not state")
	}
	if f.replaces && !regexp.MustCompile(`(?i)replac|another .* is made|runs .* again|new (deployment|lease|resource)`).
		MatchString(f.description) {
		say("replaces, which its description does not state")
	}
	if f.kind == "Float64" || f.kind == "Float32" || f.kind == "Number" {
		say("is no exact number; use an integer, or a text with a decimal number")
	}
	if strings.HasPrefix(f.kind, "Int") && !unit.MatchString(name) && !counted.MatchString(f.description) {
		say("is a number whose description does not tell what it counts, or in what unit")
	}
	if f.kind == "String" && money.MatchString(name) && !told.MatchString(name) && !unit.MatchString(name) &&
		!strings.Contains(f.path, ".weights.") && !currency.MatchString(f.description) {
		say("is an amount whose name and description have no unit")
	}
	return complaints
}

func TestEveryAttribute(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, f := range allFields(t) {
		for _, complaint := range complain(f) {
			t.Error(complaint)
		}
		if hints.MatchString(f.name()) && !f.sensitive && !f.writeOnly && !public.MatchString(f.name()) && !f.nested &&
			f.kind != "Bool" && f.kind != "Int64" {
			name := reason(open, f.path)
			if used[name] = true; name == "" {
				t.Errorf("%s: a name of something secret; make it sensitive, or say in this test why it is not", f.path)
			}
		}
		if f.kind == "String" && f.input() && !f.checked {
			name := reason(free, f.path)
			if used[name] = true; name == "" {
				t.Errorf("%s: any text is taken at plan; add a validator, or say in this test what checks it", f.path)
			}
		}
	}
	for _, reasons := range []map[string]string{open, free} {
		for path := range reasons {
			if !used[path] {
				t.Errorf("%s: an exception that nothing needs", path)
			}
		}
	}
}

func TestComplainRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	for words, f := range map[string]field{
		"":                   {path: "n price_uact", kind: "String", description: "What it costs."},
		"default":            {path: "n mode", kind: "String", description: "A mode.", hasDefault: true},
		"replaces":           {path: "n sdl", kind: "String", description: "The SDL.", replaces: true},
		"no exact number":    {path: "n share", kind: "Float64", description: "How many."},
		"what it counts":     {path: "n size", kind: "Int64", description: "The size."},
		"amount whose name":  {path: "n object.price", kind: "String", description: "The price."},
		"amount whose name ": {path: "n fee_limit", kind: "String", description: "The limit."},
	} {
		got := complain(f)
		if words == "" {
			require.Empty(t, got)
			continue
		}
		require.Len(t, got, 1, f.path)
		require.Contains(t, fmt.Sprint(got), strings.TrimSpace(words))
	}
}
