// SPDX-License-Identifier: Apache-2.0

// Package secrets is what akash_deployment and akash_lease have in common to lay values over a manifest that Terraform
// never stores: write-only attributes, and the names of what they hold.
package secrets

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/diags"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// Config is what a configuration lays over.
type Config struct {
	// Values are in full at apply; before, what is not known yet is empty.
	Values sdl.Secrets
	// NamesKnown is false while it is open which names there are.
	NamesKnown bool
}

// Read reads the write-only attributes of a configuration, the only place where they are. Problems have no path, since
// with one the CLI quotes the line of the configuration, and hold no value.
func Read(ctx context.Context, config tfsdk.Config) (Config, diag.Diagnostics) {
	read := Config{NamesKnown: true}
	var env, registry types.Map
	problems := config.GetAttribute(ctx, path.Root(Env), &env)
	problems.Append(config.GetAttribute(ctx, path.Root(Registry), &registry)...)
	if problems.HasError() {
		return Config{}, problems
	}
	read.env(env, &problems)
	read.registry(registry, &problems)
	return read, problems
}

func (c *Config) env(value types.Map, problems *diag.Diagnostics) {
	c.NamesKnown = c.NamesKnown && !value.IsUnknown()
	c.Values.Env = map[string]map[string]string{}
	for _, service := range slices.Sorted(maps.Keys(value.Elements())) {
		variables, ok := value.Elements()[service].(types.Map)
		if !ok || variables.IsUnknown() {
			c.NamesKnown = false
			continue
		}
		found := map[string]string{}
		for name, element := range variables.Elements() {
			if element.IsNull() {
				noValue(Env+"."+service+"."+name, problems)
			}
			found[name] = text(element)
		}
		c.Values.Env[service] = found
	}
}

func (c *Config) registry(value types.Map, problems *diag.Diagnostics) {
	c.NamesKnown = c.NamesKnown && !value.IsUnknown()
	c.Values.Registry = map[string]sdl.RegistryLogin{}
	for _, service := range slices.Sorted(maps.Keys(value.Elements())) {
		login, ok := value.Elements()[service].(types.Object)
		if !ok || login.IsNull() {
			noValue(Registry+"."+service, problems)
			continue
		}
		parts := login.Attributes()
		for _, name := range []string{"host", "username", "password"} {
			// Null parts are refused by the schema.
			if part := parts[name]; part != nil && !part.IsUnknown() && strings.TrimSpace(text(part)) == "" {
				noValue(Registry+"."+service+"."+name, problems)
			}
		}
		c.Values.Registry[service] = sdl.RegistryLogin{
			Host: text(parts["host"]), Email: text(parts["email"]),
			Username: text(parts["username"]), Password: text(parts["password"]),
		}
	}
}

func noValue(name string, problems *diag.Diagnostics) {
	problems.AddError("Secret without a value", fmt.Sprintf("%s is null or empty. Give it a value or leave it out. "+
		"Nothing was created or spent.", name))
}

func text(value attr.Value) string {
	s, ok := value.(types.String)
	if !ok {
		return ""
	}
	return s.ValueString()
}

// NamesValue is secret_names: unknown while the names are, null for none.
func (c Config) NamesValue() types.List {
	if !c.NamesKnown {
		return types.ListUnknown(types.StringType)
	}
	names := c.Values.Names()
	if len(names) == 0 {
		return types.ListNull(types.StringType)
	}
	values := make([]attr.Value, 0, len(names))
	for _, name := range names {
		values = append(values, types.StringValue(name))
	}
	return types.ListValueMust(types.StringType, values)
}

// Check compares the names with those that a group's hash counts in, at plan: a lease that lacks some could never
// deliver, and one that has more would deliver another manifest. group is the group's id for people.
func (c Config) Check(want types.List, group string) (problems diag.Diagnostics) {
	if want.IsUnknown() || !c.NamesKnown {
		return nil
	}
	var needed []string
	for _, element := range want.Elements() {
		if element.IsUnknown() {
			return nil
		}
		needed = append(needed, text(element))
	}
	have := c.Values.Names()
	if missing := without(needed, have); len(missing) > 0 {
		problems.AddError("Secrets missing: "+group, fmt.Sprintf("The hash of the group's manifest counts in values that "+
			"only this akash_lease can deliver, and it lacks:\n%s\n\nGive it the same env_wo and registry_credentials_wo as "+
			"akash_deployment, best from one place in locals. Nothing was created or spent by this akash_lease.",
			lines(missing)))
	}
	if extra := without(have, needed); len(extra) > 0 {
		problems.AddError("Secrets that the deployment lacks: "+group, fmt.Sprintf("This akash_lease would lay over the "+
			"manifest what its hash does not count in, so every Akash provider would refuse it:\n%s\n\nGive akash_deployment "+
			"the same env_wo and registry_credentials_wo, best from one place in locals. Nothing was created or spent by "+
			"this akash_lease.", lines(extra)))
	}
	return problems
}

// without lists what names has and others has not.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

// lines begin with a space, so that the CLI does not wrap them.
func lines(names []string) string { return "   " + strings.Join(names, "\n   ") }

// On checks the names against a document's services.
func (c Config) On(doc *sdl.Document) diag.Diagnostics {
	_, problems := doc.WithSecrets(c.Values)
	return diags.SDL(path.Empty(), problems)
}
