// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
)

// secretFile is what a service finds at a path: a secret of the file.
type secretFile struct {
	secret, place string
}

// variablesOf reads the variables of a service. One that names the file of a secret becomes the variable that most
// images take in its place, without a value.
func (c *composer) variablesOf(s *service, in types.ServiceConfig) {
	path := at(s.path, "environment")
	list, _ := under(c.root, path).([]any)
	where := func(name string) string {
		for i, entry := range list {
			text, _ := entry.(string)
			text, err := template.SubstituteWithOptions(text, c.lookup, template.WithoutLogging)
			if said, _, _ := strings.Cut(text, "="); err == nil && said == name {
				return item(path, i)
			}
		}
		return at(path, name)
	}
	files, read := c.mounted[s.from], map[string]bool{} // a secret may be that of several variables
	for _, name := range slices.Sorted(maps.Keys(in.Environment)) {
		place, value := where(name), in.Environment[name]
		if value == nil {
			given, ok := c.given.Variables[name]
			if !ok {
				c.report.add(Dropped, place, "the variable has no value here, so it is not set",
					"give it in the option variables, or in env_wo of akash_lease and akash_deployment")
				continue
			}
			value = &given
		}
		if file, ok := files[*value]; ok && strings.HasSuffix(name, "_FILE") {
			plain := strings.TrimSuffix(name, "_FILE")
			c.secrets[s.name] = append(c.secrets[s.name], plain)
			c.report.add(Changed, place, fmt.Sprintf("there are no files of secrets: the image is given %s in its place",
				plain), fmt.Sprintf("give it in env_wo: env_wo = { %s = { %s = ... } }; most images take both, see the "+
				"image's documentation", s.name, plain))
			c.report.add(Changed, file.place, "it becomes the variable "+plain, "")
			read[*value] = true
			continue
		}
		s.env[name] = *value
		c.report.add(Mapped, place, "a variable", "")
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if read[file] {
			continue
		}
		c.report.add(Blocker, files[file].place, fmt.Sprintf("there are no files of secrets, and no variable of the "+
			"service says where it reads %s", files[file].secret), "have the image take it from a variable, given in env_wo")
	}
	slices.Sort(c.secrets[s.name])
}

// envFile is a file that env_file names.
type envFile struct {
	name, place string
	required    bool
}

// envFilesOf are the files that a service names, in order.
func (c *composer) envFilesOf(service string) []envFile {
	path := at(service, "env_file")
	value := under(c.root, path)
	if value == nil {
		return nil
	}
	entries, isList := value.([]any)
	if !isList {
		return []envFile{newEnvFile(path, value)}
	}
	var files []envFile
	for i, entry := range entries {
		files = append(files, newEnvFile(item(path, i), entry))
	}
	return files
}

func newEnvFile(place string, entry any) envFile {
	if mapping, ok := entry.(map[string]any); ok {
		return envFile{name: fmt.Sprint(mapping["path"]), place: place, required: mapping["required"] != false}
	}
	return envFile{name: fmt.Sprint(entry), place: place, required: true}
}

// envFiles reads the files that env_file names, as far as they are given; environment comes before them.
func (c *composer) envFiles(s *service) {
	for _, file := range c.envFilesOf(s.path) {
		text, given := c.given.EnvFiles[file.name]
		switch {
		case !given && file.required:
			c.report.add(Blocker, file.place, "other files are not read", fmt.Sprintf(
				"give its text in the option env_files: env_files = { %q = file(%q) }", file.name, file.name))
			continue
		case !given:
			c.report.add(Dropped, file.place, "the file is not given, and not required", "")
			continue
		}
		variables, err := dotenv.UnmarshalWithLookup(text, c.lookup)
		if err != nil {
			// The error shows lines of the file, which hold secrets.
			c.report.add(Blocker, file.place, "the text that is given for it is not of the format NAME=value", "")
			continue
		}
		maps.Copy(s.env, variables)
		c.report.add(Mapped, file.place, fmt.Sprintf("%d variables", len(variables)), "")
	}
}

// secretFiles notes where a service finds secrets; variablesOf says what becomes of them.
func (c *composer) secretFiles(s *service, in types.ServiceConfig, path string) {
	files := map[string]secretFile{}
	for i, secret := range in.Secrets {
		target := secret.Target
		if target == "" {
			target = secret.Source
		}
		if !strings.HasPrefix(target, "/") {
			target = "/run/secrets/" + target
		}
		files[target] = secretFile{secret: secret.Source, place: item(path, i)}
	}
	c.mounted[s.from] = files
}

func (c *composer) configFiles(_ *service, in types.ServiceConfig, path string) {
	for i := range in.Configs {
		c.report.add(Blocker, item(path, i), "there are no configuration files beside an image", remedyBind)
	}
}

// namedSecrets reports the secrets and configs of the top level.
func (c *composer) namedSecrets() {
	for key, word := range map[string]string{"secrets": "secret", "configs": "configuration"} {
		named, _ := c.root[key].(map[string]any)
		for name := range named {
			c.report.add(Changed, at(key, name), "its content is not read here",
				"see the services that use this "+word)
		}
	}
}
