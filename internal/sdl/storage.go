// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// volume is one storage volume of a replica. attributes are sorted by key:
// class, persistent. They are nil when the SDL gave none.
type volume struct {
	name       string
	size       size
	attributes []attribute
	at         *site
}

const (
	defaultVolume   = "default"
	keyPersistent   = "persistent"
	keyClass        = "class"
	classRAM        = "ram"
	classDefault    = "default"
	remedyClass     = "write one of default, beta1 (HDD), beta2 (SSD), beta3 (NVMe), ram"
	remedyPersist   = "write persistent: true or persistent: false"
	remedyEphemeral = "remove class, or write persistent: true"
)

var storageClasses = map[string]bool{"default": true, "beta1": true, "beta2": true, "beta3": true, classRAM: true}

// attribute is the value of an attribute, "" when there is none.
func (v volume) attribute(key string) string {
	for _, a := range v.attributes {
		if a.key == key {
			return a.value
		}
	}
	return ""
}

// persistent reports whether the volume survives a restart.
func (v volume) persistent() bool {
	b, _ := strconv.ParseBool(v.attribute(keyPersistent))
	return b
}

// storage reads a volume, named "default" whatever its name says, or a list of
// volumes. bad means that something in it could not be read. Anything else,
// such as "storage: 1Gi", is no storage at all.
func (r *reader) storage(n *yaml.Node, at *site) (volumes []volume, bad bool) {
	if isNull(n) {
		return nil, false
	}
	n = deref(n)
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			v, ok := r.volume(item, at.item(i, item))
			if v.name == "" {
				v.name = defaultVolume
			}
			bad = bad || !ok
			volumes = append(volumes, v)
		}
	case yaml.MappingNode:
		v, ok := r.volume(n, at)
		if v.name != "" && v.name != defaultVolume {
			r.warn(at, "write the volume as an item of a list: - name: "+clip(v.name),
				"a volume that stands alone is always named %q", defaultVolume)
		}
		v.name = defaultVolume
		volumes, bad = append(volumes, v), !ok
	default:
		r.warn(at, "write size: "+clip(n.Value)+" below storage", "%s asks for no storage", describe(n))
		return nil, false
	}
	seen := make(map[string]bool, len(volumes))
	for _, v := range volumes {
		if seen[v.name] {
			r.fail(v.at, "give each volume a name of its own", "a second volume is named %q", clip(v.name))
		}
		seen[v.name] = true
	}
	sortVolumes(volumes)
	return volumes, bad
}

func (r *reader) volume(n *yaml.Node, at *site) (volume, bool) {
	v := volume{at: at, size: size{at: at.missing("size")}}
	if isNull(n) {
		return v, true
	}
	good := true
	known := []string{"name", "size", "attributes"}
	ok := r.fields(n, at, known, func(key string, value *yaml.Node, at *site) bool {
		switch key {
		case "name":
			t, ok := r.text(value, at)
			v.name, good = t.value, good && (ok || isNull(value))
		case "size":
			v.size = r.size(value, at)
		case "attributes":
			v.attributes = r.storageAttributes(value, at)
		default:
			return false
		}
		return true
	})
	v.size.bad = v.size.bad || !ok
	return v, good && ok
}

// storageAttributes reads class and persistent. Quirk: the rules that tie the
// two compare the text of persistent before the words yes, no, on and off
// become true and false, so "class: beta2, persistent: no" passes them and
// "persistent: yes" gets no default class.
func (r *reader) storageAttributes(n *yaml.Node, at *site) []attribute {
	if isNull(n) {
		return nil
	}
	attributes, found := r.attributes(n, at)
	if !found {
		return nil
	}
	get := func(key string) (attribute, bool) {
		for _, a := range attributes {
			if a.key == key {
				return a, true
			}
		}
		return attribute{key: key, at: at.missing(key)}, false
	}
	persistent, set := get(keyPersistent)
	if !set {
		persistent.value = "false"
	}
	class, hasClass := get(keyClass)
	switch {
	case class.value == "" && persistent.value == "true":
		class.value, hasClass = classDefault, true
	case class.value == "":
	case class.value == classRAM && persistent.value != "false":
		r.fail(persistent.at, "remove persistent, or choose another class", "storage of class ram cannot be persistent")
	case class.value != classRAM && persistent.value == "false":
		r.fail(class.at, remedyEphemeral, "storage that is not persistent cannot have class %q", clip(class.value))
	}
	if hasClass && !storageClasses[class.value] {
		r.fail(class.at, remedyClass, "%q is not a storage class", clip(class.value))
	}
	word, ok := boolWord(persistent.value)
	if !ok {
		r.fail(persistent.at, remedyPersist, "%q is neither true nor false", clip(persistent.value))
	}
	persistent.value = word
	for _, a := range attributes {
		if a.key != keyClass && a.key != keyPersistent {
			r.fail(a.at, "only class and persistent are known here", "storage attribute %q is not supported", clip(a.key))
		}
	}
	var out []attribute
	if hasClass {
		out = append(out, class)
	}
	return append(out, persistent)
}

// boolWord gives true or false for the words the official parser knows: lower-case, and no others.
func boolWord(s string) (string, bool) {
	switch s {
	case "true", "on", "yes":
		return "true", true
	case "false", "off", "no":
		return "false", true
	}
	return strings.ToLower(s), false
}

// sortVolumes puts volumes in the order of the resources: by size, then those
// without attributes, then by the text of persistent, then by name. Quirk: the
// comparison calls two ephemeral volumes of one size each less than the other,
// so the outcome hangs on the sorting algorithm; keep both as they are.
func sortVolumes(volumes []volume) {
	sort.SliceStable(volumes, func(i, j int) bool {
		a, b := volumes[i], volumes[j]
		if a.size.bytes != b.size.bytes {
			return a.size.bytes < b.size.bytes
		}
		pa, pb := a.attribute(keyPersistent), b.attribute(keyPersistent)
		switch {
		case pb != "" && (pa == "" || pa < pb):
			return true
		case pa != "" && pb == "":
			return false
		case !a.persistent():
			return true
		case !b.persistent():
			return false
		}
		return a.name < b.name
	})
}
