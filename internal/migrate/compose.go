// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"
)

// ErrUnreadable says that a text is not of the format it is read as.
var ErrUnreadable = errors.New("not readable")

// ComposeOptions are what a Compose file takes from around it, and [Options].
type ComposeOptions struct {
	Options
	// Variables are what ${NAME} stands for. The process's own environment is never read.
	Variables map[string]string
	// Profiles are those to enable; services of others are left out.
	Profiles []string
	// EnvFiles are the texts of files that env_file names, by the name there.
	EnvFiles map[string]string
}

// composer reads one Compose file.
type composer struct {
	draft
	given   ComposeOptions
	project *types.Project
	// root is the file as it stands, keys what each service says, with what it inherits.
	root map[string]any
	keys map[string][]string
	// mounted are the secrets that a service has as files: the path of the file to what is said about the secret.
	mounted map[string]map[string]secretFile
	// aliases are names that services have besides their own; rename decides about them.
	aliases []otherName
	// taken are the paths of what was not shown to compose-go.
	taken map[string]struct{}
}

// Compose puts a Compose file into the words of Akash. What it cannot is in the report; an error is [ErrUnreadable] for
// a text that Compose would not take either, [ErrNotAccepted], or an option that is wrong. It reads the text and
// nothing else: no other file, no environment. Safe for use by several goroutines.
//
// The format is that of https://github.com/compose-spec/compose-spec.
func Compose(ctx context.Context, text string, options ComposeOptions) (Conversion, error) {
	if err := options.check(); err != nil {
		return Conversion{}, err
	}
	root, err := readYAML(text)
	if err != nil {
		return Conversion{}, err
	}
	services, ok := root["services"].(map[string]any)
	if !ok || len(services) == 0 {
		return Conversion{}, fmt.Errorf("%w as a Compose file: it has no services at its top level", ErrUnreadable)
	}
	c := &composer{
		draft: draft{options: options.Options, secrets: map[string][]string{}},
		given: options, root: root, mounted: map[string]map[string]secretFile{},
		taken: map[string]struct{}{},
	}
	if err := c.variables(root); err != nil {
		return Conversion{}, err
	}
	if err := c.load(ctx); err != nil {
		return Conversion{}, err
	}
	if err := c.checkNames(services); err != nil {
		return Conversion{}, err
	}
	c.topLevel()
	for _, name := range slices.Sorted(maps.Keys(services)) {
		c.begin(name)
	}
	for _, s := range c.services {
		c.fill(s)
	}
	c.rename()
	c.unreachable()
	return c.finish(root)
}

// checkNames refuses options for services, volumes, profiles and files that the file does not name.
func (c *composer) checkNames(services map[string]any) error {
	var profiles, envFiles []string
	for name := range services {
		for _, all := range []types.Services{c.project.Services, c.project.DisabledServices} {
			profiles = append(profiles, all[name].Profiles...)
		}
		for _, file := range c.envFilesOf(at("services", name)) {
			envFiles = append(envFiles, file.name)
		}
	}
	wanted := slices.DeleteFunc(slices.Clone(c.given.Profiles), func(name string) bool { return name == "*" })
	sorted := func(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }
	return checkNames(append(
		c.options.namings("service", slices.Sorted(maps.Keys(services)), slices.Sorted(maps.Keys(c.project.Volumes))),
		naming{"profiles", "profile", wanted, sorted(profiles)},
		naming{"env_files", "file", slices.Sorted(maps.Keys(c.given.EnvFiles)), sorted(envFiles)},
	))
}

// readYAML decodes a text with one document into plain mappings, lists and scalars.
func readYAML(text string) (map[string]any, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var value, more any
	if err := decoder.Decode(&value); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w as YAML: %w", ErrUnreadable, err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w as a Compose file: it has more than one document; give the one that "+
			"\"docker compose config\" prints", ErrUnreadable)
	}
	root, ok := plain(value).(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%w as a Compose file: its top level is no mapping", ErrUnreadable)
	}
	return root, nil
}

// plain copies a decoded value, with texts as the keys of all mappings.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, element := range v {
			out[key] = plain(element)
		}
		return out
	case map[any]any:
		out := make(map[string]any, len(v))
		for key, element := range v {
			out[fmt.Sprint(key)] = plain(element)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = plain(element)
		}
		return out
	case time.Time:
		return v.Format(time.RFC3339)
	default:
		return v
	}
}
