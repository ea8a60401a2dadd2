// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"slices"
)

// WithEnv lays environment variables, service to name to value, over those of
// the document: every existing entry of a name is replaced where it stands,
// new ones follow at the end, sorted by name. Groups stay as they are; manifest
// and hash change. Unknown services and names that are not allowed are
// problems with the path env.SERVICE; then there is no document. No message
// holds a value. The receiver does not change.
func (d *Document) WithEnv(env map[string]map[string]string) (*Document, Problems) {
	problems := checkEnvNames("env.", env, d.Services())
	if len(problems) > 0 {
		return nil, problems
	}
	out := *d
	out.manifest = clone(d.manifest)
	for _, g := range out.manifest {
		for i := range g.Services {
			g.Services[i].Env = overlay(g.Services[i].Env, env[g.Services[i].Name])
		}
	}
	var err error
	if out.canonical, err = canonical(out.manifest); err != nil {
		return nil, Problems{{Path: "env", Message: "the manifest does not encode"}}
	}
	return &out, nil
}

// checkEnvNames refuses services that are not known and names that are not allowed. at begins the problems' paths.
func checkEnvNames(at string, env map[string]map[string]string, known []string) Problems {
	problems := checkServices(at, sortedKeys(env), known)
	for _, service := range sortedKeys(env) {
		for _, name := range sortedKeys(env[service]) {
			if !validEnvName(name) {
				problems = append(problems, Problem{
					Path:    at + service,
					Message: "\"" + clip(name) + "\" is not a name for an environment variable",
					Remedy:  "use letters, digits, _, - and . and do not begin with a digit",
				})
			}
		}
	}
	return problems
}

func checkServices(at string, services, known []string) (problems Problems) {
	for _, service := range services {
		if !slices.Contains(known, service) {
			problems = append(problems, Problem{
				Path: at + service, Message: "the SDL deploys no service of this name", Remedy: listNames(known),
			})
		}
	}
	return problems
}

func overlay(entries []string, over map[string]string) []string {
	placed := make(map[string]bool, len(over))
	for i, entry := range entries {
		name, _ := splitEnv(entry)
		if value, ok := over[name]; ok {
			entries[i] = name + "=" + value
			placed[name] = true
		}
	}
	for _, name := range sortedKeys(over) {
		if !placed[name] {
			entries = append(entries, name+"="+over[name])
		}
	}
	return entries
}
