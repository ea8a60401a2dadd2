// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"
)

// gpu is what a replica gets of GPUs.
type gpu struct {
	at         *site
	units      uint64
	unitsAt    *site
	bad        bool
	attributes []attribute
}

const (
	gpuModelPrefix = "vendor/nvidia/model/"
	remedyGPU      = "write attributes: {vendor: {nvidia: [{model: a100}]}}, or nvidia: with nothing for any model"
)

// gpu reads the GPU section. Quirks: its nodes are walked in pairs as they
// stand, so keys may repeat, a merge key is an unknown field, and a scalar
// ("gpu: 1") means no GPU at all.
func (r *reader) gpu(n *yaml.Node, at *site) *gpu {
	if isNull(n) {
		return nil
	}
	g := &gpu{at: at, unitsAt: at.missing("units")}
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		r.warn(at, "write units and attributes below it", "%s asks for no GPU", describe(n))
	}
	pairs, ok := r.pairs(n, at)
	g.bad = !ok
	for _, p := range pairs {
		here := at.field(p.key, p.keyNode, p.value)
		switch p.key {
		case "units":
			if isNull(p.value) {
				continue
			}
			g.unitsAt = here
			units, err := strconv.ParseUint(deref(p.value).Value, 10, 64)
			if err != nil {
				r.fail(here, "write a whole number such as 1", "%s is not a number of GPUs", describe(p.value))
				g.bad = true
			}
			g.units = units
		case "attributes":
			if isNull(p.value) {
				g.attributes = nil
				continue
			}
			if g.attributes, ok = r.gpuAttributes(p.value, here); !ok {
				g.bad = true
			}
		default:
			r.fail(here, "only units and attributes are known here", "GPU field %q is not supported", clip(p.key))
			g.bad = true
		}
	}
	if g.units > 0 && len(g.attributes) == 0 && !g.bad {
		r.fail(at, remedyGPU, "a GPU needs attributes that name its vendor")
		g.bad = true
	}
	return g
}

// pairs takes the nodes below n two by two, as the official parser's own
// decoders do. An odd number crashes it. That can only be a list.
func (r *reader) pairs(n *yaml.Node, at *site) ([]entry, bool) {
	if len(n.Content)%2 != 0 {
		r.fail(at, "write \"key: value\" lines below it", "must be a mapping of keys to values, not %s", describe(n))
		return nil, false
	}
	out := make([]entry, 0, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		out = append(out, entry{key: n.Content[i].Value, keyNode: n.Content[i], value: n.Content[i+1]})
	}
	return out, r.spend(at)
}

func (r *reader) gpuAttributes(n *yaml.Node, at *site) ([]attribute, bool) {
	pairs, good := r.pairs(deref(n), at)
	vendor := false
	var models []attribute
	for _, p := range pairs {
		here := at.field(p.key, p.keyNode, p.value)
		if p.key != "vendor" {
			r.fail(here, "only vendor is known here", "GPU attribute %q is not supported", clip(p.key))
			good = false
			continue
		}
		if isNull(p.value) {
			vendor, models = false, nil
			continue
		}
		vendor = true
		ok := r.fields(p.value, here, []string{"nvidia"}, func(key string, v *yaml.Node, at *site) bool {
			if key != "nvidia" {
				r.warn(at, "write nvidia", "GPU vendor %q is not understood: any model of nvidia is asked for", clip(key))
				return true
			}
			var ok bool
			if models, ok = r.gpuModels(v, at); !ok {
				good = false
			}
			return true
		})
		good = good && ok
	}
	if !good {
		r.gpuCharacters(models)
		return nil, false
	}
	if !vendor {
		r.fail(at, remedyGPU, "GPU attributes name no vendor")
		return nil, false
	}
	if len(models) == 0 {
		models = append(models, attribute{key: gpuModelPrefix + "*", value: "true", at: at})
	}
	return models, r.gpuKeys(models)
}

// gpuModels reads the list of models, sorted by attribute key.
func (r *reader) gpuModels(n *yaml.Node, at *site) (out []attribute, good bool) {
	items, ok := r.sequence(n, at)
	good = ok || isNull(n)
	for i, item := range items {
		here := at.item(i, item)
		if isNull(item) {
			r.warn(here, "remove the dash", "an empty item is left out of the list")
			continue
		}
		var model, ram, bus string
		known := []string{"model", "ram", "interface"}
		ok := r.fields(item, here, known, func(key string, v *yaml.Node, at *site) bool {
			switch key {
			case "model":
				t, ok := r.text(v, at)
				good = good && (ok || isNull(v))
				model = t.value
			case "ram":
				good = r.gpuRAM(v, at, &ram) && good
			case "interface":
				good = r.gpuInterface(v, at, &bus) && good
			default:
				return false
			}
			return true
		})
		good = good && ok
		out = append(out, attribute{key: gpuModelPrefix + model + ram + bus, value: "true", at: here})
	}
	slices.SortFunc(out, func(a, b attribute) int { return cmp.Compare(a.key, b.key) })
	return out, good
}

// gpuRAM reads the memory of a GPU. Only binary suffixes are known; it is cut to whole Gi, so 512Mi asks for 0Gi.
func (r *reader) gpuRAM(n *yaml.Node, at *site, into *string) bool {
	if isNull(n) {
		return true
	}
	bytes, err := parseBytes(deref(n).Value, true)
	if err != nil {
		if !errors.Is(err, errNegative) {
			err = errors.New("is not a size of GPU memory")
		}
		r.fail(at, "write whole Gi, such as 80Gi", "%s %v", describe(n), err)
		return false
	}
	if bytes%(1<<30) != 0 {
		r.warn(at, "write whole Gi, such as 80Gi", "%s is read as %dGi", describe(n), bytes>>30)
	}
	*into = fmt.Sprintf("/ram/%dGi", bytes>>30)
	return true
}

func (r *reader) gpuInterface(n *yaml.Node, at *site, into *string) bool {
	if isNull(n) {
		return true
	}
	value := deref(n).Value
	if value != "pcie" && value != "sxm" {
		r.fail(at, "write pcie or sxm", "%s is not an interface of a GPU", describe(n))
		return false
	}
	*into = "/interface/" + value
	return true
}

// gpuKeys checks the finished keys as the chain will: no duplicates, no strange characters.
func (r *reader) gpuKeys(models []attribute) bool {
	good := r.gpuCharacters(models)
	for i, m := range models {
		if i > 0 && models[i-1].key == m.key && attributeKey.MatchString(m.key) {
			r.fail(m.at, "remove it", "the same GPU is listed twice: %s", m.key[len(gpuModelPrefix):])
			good = false
		}
	}
	return good
}

func (r *reader) gpuCharacters(models []attribute) bool {
	good := true
	for _, m := range models {
		if !attributeKey.MatchString(m.key) {
			r.fail(m.at, "write the model in lower-case letters and digits, such as rtx4090",
				"%q cannot be part of an attribute", clip(m.key[len(gpuModelPrefix):]))
			good = false
		}
	}
	return good
}
