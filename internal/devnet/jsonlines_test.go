// SPDX-License-Identifier: Apache-2.0

package devnet_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// leaf is one scalar of a JSON text, or an empty object or list, in the order written.
type leaf struct {
	// path is "deployments[0].deployment.state"; key is its last name.
	path, key string
	// value is as written: strings keep their quotes, so that "1" and 1 differ, null and [] too.
	value string
}

// element is the element that a leaf belongs to of a list the text itself has, or "".
func (l leaf) element() string {
	head, _, _ := strings.Cut(l.path, ".")
	if !strings.HasSuffix(head, "]") {
		return ""
	}
	return head
}

// text is a string's content, or false.
func (l leaf) text() (string, bool) {
	var text string
	err := json.Unmarshal([]byte(l.value), &text)
	return text, err == nil && strings.HasPrefix(l.value, `"`)
}

// scalar writes a leaf's value.
func scalar(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return strings.TrimSuffix(b.String(), "\n")
}

func (l leaf) String() string { return l.path + " = " + l.value }

// leaves flattens a JSON text.
func leaves(t *testing.T, text []byte) []leaf {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var out []leaf
	var walk func(path, key string)
	walk = func(path, key string) {
		token, err := dec.Token()
		require.NoError(t, err, "%s", text)
		delim, composed := token.(json.Delim)
		if !composed {
			out = append(out, leaf{path: path, key: key, value: scalar(t, token)})
			return
		}
		n := 0
		for ; dec.More(); n++ {
			if delim == '[' {
				walk(path+"["+strconv.Itoa(n)+"]", key)
				continue
			}
			name, err := dec.Token()
			require.NoError(t, err)
			field, _ := name.(string)
			walk(strings.TrimPrefix(path+"."+field, "."), field)
		}
		end, err := dec.Token()
		require.NoError(t, err)
		if n == 0 {
			closing, _ := end.(json.Delim)
			out = append(out, leaf{path: path, key: key, value: delim.String() + closing.String()})
		}
	}
	walk("", "")
	require.NotEmpty(t, out)
	return out
}

// written is one leaf a line.
func written(all []leaf) string {
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

func TestLeavesKeepWhatDistinguishes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "b = null\na[0].c = \"1\"\na[0].d = 1\na[1].e = []\na[1].f = {}\n",
		written(leaves(t, []byte(`{"b":null,"a":[{"c":"1","d":1},{"e":[],"f":{}}]}`))))
}
