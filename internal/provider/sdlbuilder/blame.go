// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// diagnostics turns problems of the built SDL into diagnostics at the attributes to blame. Lines of a text nobody wrote
// are left out.
func (m model) diagnostics(problems sdl.Problems) diag.Diagnostics {
	var all diag.Diagnostics
	for _, p := range problems {
		at := m.blame(sdl.SplitPath(p.Path))
		detail := p.Message
		if p.Remedy != "" {
			detail += "; " + p.Remedy
		}
		// The CLI shows the line of the data source, not that of a nested attribute: the path must be readable.
		if p.Path != "" {
			detail += ".\n\nAttribute: " + at.String() + "\nKey of the SDL: " + p.Path
		}
		if p.Severity == sdl.Warning {
			all.AddAttributeWarning(at, "SDL: "+p.Message, detail)
		} else {
			all.AddAttributeError(at, "Invalid SDL: "+p.Message, detail)
		}
	}
	return all
}

// renamed are keys of the SDL whose attributes have other names.
var renamed = map[string]string{"readOnly": "read_only", "signedBy": "signed_by", "allOf": "all_of", "anyOf": "any_of"}

// moved are parts of a compute profile that are nested deeper in the SDL than here, the longest first.
var moved = []struct{ from, to []string }{
	{[]string{"gpu", "attributes", "vendor", "nvidia"}, []string{"gpu", "models"}},
	{[]string{"gpu", "attributes", "vendor"}, []string{"gpu", "models"}},
	{[]string{"gpu", "attributes"}, []string{"gpu", "models"}},
	{[]string{"cpu", "attributes", "arch"}, []string{"arch"}},
	{[]string{"cpu", "attributes"}, []string{"arch"}},
	{[]string{"cpu", "units"}, []string{"cpu"}},
	{[]string{"memory", "size"}, []string{"memory"}},
}

// blame is the attribute that a key of the SDL was written from.
func (m model) blame(steps []sdl.Step) path.Path {
	if len(steps) == 0 {
		return path.Empty()
	}
	switch steps[0].Key {
	case "services":
		return m.blameService(steps)
	case "profiles":
		return blameProfile(steps)
	case "deployment":
		return m.blameDeployment(steps)
	case "endpoints":
		return path.Root("services")
	case "reclamation":
		return path.Root("reclamation").AtName("min_window")
	}
	return path.Empty()
}

func (m model) blameService(steps []sdl.Step) path.Path {
	at := path.Root("services")
	if len(steps) < 2 {
		return at
	}
	at = at.AtMapKey(steps[1].Key)
	rest := steps[2:]
	if len(rest) == 2 && rest[0].Key == "env" {
		names := sortedKeys(m.Services[steps[1].Key].environment())
		if i := rest[1].Index; i < len(names) {
			if strings.HasPrefix(names[i], fileVariable) {
				return at.AtName("files")
			}
			return at.AtName("env").AtMapKey(names[i])
		}
	}
	if len(rest) >= 3 && rest[0].Key == "params" && rest[1].Key == "storage" {
		return attributes(at.AtName("params").AtName("storage").AtMapKey(rest[2].Key), rest[3:])
	}
	return attributes(at, rest)
}

func blameProfile(steps []sdl.Step) path.Path {
	at := path.Root("profiles")
	if len(steps) < 3 {
		return attributes(at, steps[1:])
	}
	kind, rest := steps[1].Key, steps[3:]
	at = at.AtName(kind).AtMapKey(steps[2].Key)
	if kind == "placement" {
		if len(rest) >= 2 && (rest[0].Key == "attributes" || rest[0].Key == "pricing") {
			return at.AtName(rest[0].Key).AtMapKey(rest[1].Key)
		}
		return attributes(at, rest)
	}
	if len(rest) > 0 && rest[0].Key == "resources" {
		rest = rest[1:]
	}
	for _, move := range moved {
		if len(rest) >= len(move.from) && slices.EqualFunc(rest[:len(move.from)], move.from,
			func(s sdl.Step, key string) bool { return !s.IsIndex && s.Key == key }) {
			for _, name := range move.to {
				at = at.AtName(name)
			}
			return attributes(at, rest[len(move.from):])
		}
	}
	// What is left of a volume's attributes is named the same without them.
	return attributes(at, slices.DeleteFunc(slices.Clone(rest), func(s sdl.Step) bool { return s.Key == "attributes" }))
}

// blameDeployment finds the item of the list for a service and a placement.
func (m model) blameDeployment(steps []sdl.Step) path.Path {
	at := path.Root("deployment")
	if len(steps) < 2 {
		return at
	}
	var ignored diag.Diagnostics
	uses := m.deployment(&ignored)
	if m.Deployment == nil || len(uses) != len(m.Deployment) {
		return at
	}
	for i, u := range slices.Backward(uses) {
		if u.Service != steps[1].Key || len(steps) > 2 && u.Placement != steps[2].Key {
			continue
		}
		at = at.AtListIndex(i)
		switch {
		case len(steps) < 3:
			return at.AtName("service")
		case len(steps) < 4:
			return at.AtName("placement")
		}
		return at.AtName(steps[3].Key)
	}
	return at
}

// attributes follows keys and indexes that are named alike.
func attributes(at path.Path, steps []sdl.Step) path.Path {
	for _, s := range steps {
		switch {
		case s.IsIndex:
			at = at.AtListIndex(s.Index)
		case renamed[s.Key] != "":
			at = at.AtName(renamed[s.Key])
		default:
			at = at.AtName(s.Key)
		}
	}
	return at
}
