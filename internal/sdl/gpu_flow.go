// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"fmt"
	"strconv"
	"strings"
)

// Flow is the value of "gpu:" in a compute profile, in one line of YAML, so that it can be put anywhere in an SDL
// without a thought for indentation.
func (g ModelGPU) Flow() string {
	var models []string
	for _, m := range g.Models {
		words := []string{"model: " + strconv.Quote(m.Model)}
		if m.RAM != "" {
			words = append(words, "ram: "+strconv.Quote(m.RAM))
		}
		if m.Interface != "" {
			words = append(words, "interface: "+strconv.Quote(m.Interface))
		}
		models = append(models, "{"+strings.Join(words, ", ")+"}")
	}
	list := ""
	if len(models) > 0 {
		list = "[" + strings.Join(models, ", ") + "]"
	}
	return fmt.Sprintf("{units: %d, attributes: {vendor: {nvidia: %s}}}", g.Units, list)
}
