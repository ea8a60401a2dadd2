// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
)

const remedyConfig = "give the file that \"docker compose config\" prints, which has everything in one place"

// variables reports what ${NAME} stands for nowhere. Compose would take it as empty, which makes an empty password.
func (c *composer) variables(root any) error {
	var bad string
	texts("", root, func(path, text string) {
		_, err := template.SubstituteWithOptions(text, c.lookup, template.WithoutLogging)
		if err != nil && bad == "" {
			bad = path
			if missing, ok := errors.AsType[*template.MissingRequiredError](err); ok {
				bad = ""
				c.report.missing(Blocker, path, "the variable "+missing.Variable+" is required, and not given",
					"give it in the option variables")
			}
		}
		for name := range template.ExtractVariables(map[string]any{"": text}, template.DefaultPattern) {
			if _, given := c.given.Variables[name]; !given && !hasDefault(text, name) {
				c.report.missing(Blocker, path, "the variable "+name+" has no value, and Compose would take it as empty",
					"give it in the option variables, or accept that it is empty")
			}
		}
	})
	if bad != "" {
		return fmt.Errorf("%w as a Compose file: %s has a dollar sign that begins no variable; write $$ for one",
			ErrUnreadable, bad)
	}
	return nil
}

func (c *composer) lookup(name string) (string, bool) {
	value, ok := c.given.Variables[name]
	return value, ok
}

// hasDefault tells whether a text says what to take where a variable has no value, or that it is required, which is
// reported on its own.
func hasDefault(text, name string) bool {
	return says(text, name, ":-", "-", ":+", "+", ":?", "?")
}

// says tells whether a variable stands in a text with one of these signs after it.
func says(text, name string, signs ...string) bool {
	return slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(text, "${"+name+sign) })
}

// texts calls use with each text of an input, but not with its keys.
func texts(path string, value any, use func(path, text string)) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			texts(at(path, key), v[key], use)
		}
	case []any:
		for i, element := range v {
			texts(item(path, i), element, use)
		}
	case string:
		use(path, v)
	}
}

// load has compose-go put the file into its long form. A variable that has no value is empty, as in Compose; where the
// file is none without a value, something stands in for it, so that the rest can be reported. Nobody can accept that.
func (c *composer) load(ctx context.Context) error {
	before := len(c.report.Findings)
	first := c.loadWith(ctx, "")
	if first == nil || !c.report.blocked() {
		return first
	}
	c.report.Findings = c.report.Findings[:before]
	if c.loadWith(ctx, "1") != nil {
		return first
	}
	c.report.impossible("services", "the file is valid only with values for its variables",
		"give them in the option variables, see the other findings")
	return nil
}

// loadWith is load with a text for variables without a value. Whatever would make compose-go read another file is taken
// out before.
func (c *composer) loadWith(ctx context.Context, standIn string) error {
	root, _ := plain(c.root).(map[string]any)
	c.takeOut(root)
	details := types.ConfigDetails{
		WorkingDir:  "/",
		ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Config: root}},
		Environment: maps.Clone(c.given.Variables),
	}
	if details.Environment == nil {
		details.Environment = types.Mapping{}
	}
	options := loader.ToOptions(&details, []func(*loader.Options){func(o *loader.Options) {
		o.SetProjectName("akash", true)
		o.SkipInclude, o.SkipNormalization, o.SkipResolveEnvironment, o.SkipResolveLabels = true, true, true, true
		o.ResolvePaths = false
		o.Profiles = c.given.Profiles
		o.Interpolate.Substitute = func(text string, mapping template.Mapping) (string, error) {
			out, err := template.SubstituteWithOptions(text, func(name string) (string, bool) {
				if value, ok := mapping(name); ok || standIn == "" || says(text, name, ":-", "-", ":+", "+") {
					return value, ok
				}
				if strings.Contains(text, ":/") {
					return "/" + standIn, true // the path of a bind mount
				}
				return standIn, true
			}, template.WithoutLogging)
			if _, ok := errors.AsType[*template.MissingRequiredError](err); ok {
				return standIn, nil // it is in the report
			}
			return out, err
		}
	}})
	model, err := loader.LoadModelWithContext(ctx, details, func(o *loader.Options) { *o = *options })
	if err != nil {
		return fmt.Errorf("%w as a Compose file: %s", ErrUnreadable, c.masked(err))
	}
	c.keys = map[string][]string{}
	services, _ := model["services"].(map[string]any)
	for name, service := range services {
		if mapping, ok := service.(map[string]any); ok {
			c.keys[name] = slices.Sorted(maps.Keys(mapping))
		}
	}
	if c.project, err = loader.ModelToProject(model, options, details); err != nil {
		return fmt.Errorf("%w as a Compose file: %s", ErrUnreadable, c.masked(err))
	}
	return nil
}

// masked is an error of compose-go without the values of variables.
func (c *composer) masked(err error) string {
	text := err.Error()
	for name, value := range c.given.Variables {
		if len(value) > 3 {
			text = strings.ReplaceAll(text, value, "${"+name+"}")
		}
	}
	return text
}

// takeOut removes what names other files from a copy of the file, and reports it.
func (c *composer) takeOut(root map[string]any) {
	delete(root, "version")
	// The network "default" is there without being named; so it is only in the form that Normalize makes.
	if networks, ok := root["networks"].(map[string]any); ok {
		if _, named := networks["default"]; !named {
			networks["default"] = nil
		}
	} else if root["networks"] == nil {
		root["networks"] = map[string]any{"default": nil}
	}
	if _, ok := root["include"]; ok {
		c.report.add(Blocker, "include", "other files are not read", remedyConfig)
	}
	services, _ := root["services"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		service, _ := services[name].(map[string]any)
		path := at("services", name)
		if extends, ok := service["extends"].(map[string]any); ok && extends["file"] != nil {
			delete(service, "extends")
			c.taken[at(path, "extends")] = struct{}{}
			c.report.add(Blocker, at(path, "extends"), "other files are not read", remedyConfig)
		}
		if _, ok := service["label_file"]; ok {
			delete(service, "label_file")
			c.report.add(Dropped, at(path, "label_file"), "Akash has no labels on containers", "")
		}
		delete(service, "env_file") // read in its own way, see envFiles
	}
}
