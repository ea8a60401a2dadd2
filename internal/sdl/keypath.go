// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"strconv"
	"strings"
)

// Step is one step of a key path: a key, or the index of an item of a list.
type Step struct {
	Key     string
	Index   int
	IsIndex bool
}

// SplitPath takes the path of a [Problem] apart, such as services.web.expose[0].port. A path it does not understand
// gives the steps up to there.
func SplitPath(path string) []Step {
	var steps []Step
	for path != "" {
		switch path[0] {
		case '.':
			path = path[1:]
		case '[':
			end := strings.IndexByte(path, ']')
			index, err := strconv.Atoi(path[1:max(1, end)])
			if err != nil {
				return steps
			}
			steps, path = append(steps, Step{Index: index, IsIndex: true}), path[end+1:]
		case '"':
			text, err := strconv.QuotedPrefix(path)
			if err != nil {
				return steps
			}
			key, err := strconv.Unquote(text)
			if err != nil {
				return steps
			}
			steps, path = append(steps, Step{Key: key}), path[len(text):]
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			steps, path = append(steps, Step{Key: path[:end]}), path[end:]
		}
	}
	return steps
}
