// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// maxDepth is how deep a task definition may be nested; the API's own is at nine.
const maxDepth = 40

// decodeJSON decodes a text with one value into mappings, lists, texts, booleans and [json.Number]. A key that stands
// twice in a mapping is an error, since only one of them could be kept; upper and lower case make no other key.
func decodeJSON(text string) (any, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decodeValue(decoder, "", 0)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands after the first value")
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		line := 1 + strings.Count(text[:min(int(decoder.InputOffset()), len(text))], "\n")
		return nil, fmt.Errorf("%w as JSON: line %d: %w (YAML is made JSON by jsonencode(yamldecode(...)))",
			ErrUnreadable, line, err)
	}
	return value, nil
}

func decodeValue(decoder *json.Decoder, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("it is nested deeper than %d", maxDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return decodeMapping(decoder, path, depth)
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			element, err := decodeValue(decoder, item(path, len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err := decoder.Token()
		return list, err
	default:
		return token, nil
	}
}

func decodeMapping(decoder *json.Decoder, path string, depth int) (any, error) {
	mapping := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if _, twice := mapping[key]; twice {
			return nil, fmt.Errorf("the key %s stands there twice", at(path, key))
		}
		if mapping[key], err = decodeValue(decoder, at(path, key), depth+1); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return mapping, err
}

// object is a mapping of the input. Its keys are found whether they are written as the API does, as CloudFormation does
// (ContainerPort) or in another mix of cases; paths have them as they are written.
type object struct {
	// key is its own key, path where it stands.
	key, path string
	values    map[string]any
	// skip has the paths of values that cannot be read; they count as not said.
	skip map[string]bool
}

func newObject(path string, value any) (object, bool) {
	values, ok := value.(map[string]any)
	return object{path: path, values: values, skip: map[string]bool{}}, ok
}

// unreadable has a value count as not said.
func (o object) unreadable(path string) { o.skip[path] = true }

// keys are those that say something, sorted.
func (o object) keys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(o.values)), func(key string) bool {
		return isEmpty(o.values[key]) || o.skip[at(o.path, key)]
	})
}

// isEmpty tells whether a value says nothing.
func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}

// find is a key as it is written; "" for none that says something.
func (o object) find(name string) string {
	for _, key := range o.keys() {
		if strings.EqualFold(key, name) {
			return key
		}
	}
	return ""
}

func (o object) has(name string) bool { return o.find(name) != "" }

// at is the path of a key, as it is written if it is there.
func (o object) at(name string) string {
	if key := o.find(name); key != "" {
		return at(o.path, key)
	}
	return at(o.path, name)
}

// get is a value and its path; nil for none.
func (o object) get(name string) (path string, value any) {
	return o.at(name), o.values[o.find(name)]
}

// text is a text, or a number or boolean as one; "" for anything else.
func (o object) text(name string) string {
	_, value := o.get(name)
	return scalar(value)
}

// scalar is a text, or a number or boolean as one; "" for anything else.
func scalar(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	default:
		return ""
	}
}

func (o object) list(name string) []any {
	_, value := o.get(name)
	list, _ := value.([]any)
	return list
}

// object is a mapping below this one.
func (o object) object(name string) (object, bool) {
	path, value := o.get(name)
	values, ok := value.(map[string]any)
	return object{key: o.find(name), path: path, values: values, skip: o.skip}, ok
}

// objects are the mappings of a list.
func (o object) objects(name string) []object {
	var all []object
	for i, element := range o.list(name) {
		path := item(o.at(name), i)
		if values, ok := element.(map[string]any); ok && !o.skip[path] {
			all = append(all, object{path: path, values: values, skip: o.skip})
		}
	}
	return all
}
