// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

// GroupDifferences lists where two group specs differ, a line each, such as
// "resources.1.memory.quantity.val: 67108864 → 134217728"; none for equal ones.
func GroupDifferences(before, after deploymentv1beta4.GroupSpec) []string {
	read := func(g deploymentv1beta4.GroupSpec) any {
		var value any
		if text, err := GroupText(g); err == nil && yaml.Unmarshal([]byte(text), &value) == nil {
			return value
		}
		return nil
	}
	return compare(read(before), read(after), func(string) bool { return true })
}

// ManifestDifferences lists where two manifests differ, a line each, such as
// "dcloud.services.web.image: nginx:1.28 → nginx:1.29". Of variables, commands,
// parameters and credentials it says that they differ and holds no value.
func ManifestDifferences(before, after []byte) []string {
	read := func(text []byte) any {
		var value any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if decoder.Decode(&value) != nil {
			return nil
		}
		return value
	}
	return compare(read(before), read(after), func(path string) bool {
		for _, secret := range []string{".env.", ".args.", ".command.", ".credentials", ".params"} {
			if strings.Contains(path+".", secret) || strings.Contains(path, secret) {
				return false
			}
		}
		return true
	})
}

// compare lists the leaves that differ, by path; open tells whose values may be shown.
func compare(before, after any, open func(path string) bool) []string {
	was, is := map[string]string{}, map[string]string{}
	flatten("", before, was)
	flatten("", after, is)
	all := maps.Clone(was)
	maps.Copy(all, is)
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(all)) {
		old, had := was[path]
		now, has := is[path]
		switch {
		case old == now && had == has:
		case !has:
			lines = append(lines, path+shown(": ", old, open(path))+" is gone")
		case !had:
			lines = append(lines, path+shown(": ", now, open(path))+" is new")
		case open(path):
			lines = append(lines, path+": "+old+" → "+now)
		default:
			lines = append(lines, path+" differs")
		}
	}
	return lines
}

func shown(before, value string, open bool) string {
	if !open || value == "" {
		return ""
	}
	return before + value
}

// flatten notes each leaf by its path. Items of lists go by their name or, where they are NAME=VALUE, by that name;
// others by their place, from 1.
func flatten(path string, value any, into map[string]string) {
	at := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	switch v := value.(type) {
	case nil:
	case map[string]any:
		for key, item := range v {
			flatten(at(key), item, into)
		}
	case []any:
		for i, item := range v {
			key := fmt.Sprint(i + 1)
			switch item := item.(type) {
			case map[string]any:
				if name, ok := item["name"].(string); ok && name != "" {
					key = name
				}
			case string:
				if name, rest, ok := strings.Cut(item, "="); ok && strings.HasSuffix(path, "env") {
					into[at(name)] = rest
					continue
				}
			}
			flatten(at(key), item, into)
		}
	default:
		into[path] = fmt.Sprint(v)
	}
}
