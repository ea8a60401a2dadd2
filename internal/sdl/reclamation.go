// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"time"

	"gopkg.in/yaml.v3"
)

// reclamation is the notice an Akash provider must give before it takes a lease back.
type reclamation struct {
	at        *site
	minWindow text
	bad       bool
}

const remedyWindow = "write a duration of hours, minutes and seconds, such as 24h or 1h30m"

func (r *reader) reclamation(n *yaml.Node, at *site) *reclamation {
	c := &reclamation{at: at}
	if isNull(n) {
		return c
	}
	c.bad = !r.fields(n, at, []string{"min_window"}, func(key string, v *yaml.Node, at *site) bool {
		if key == "min_window" {
			var ok bool
			c.minWindow, ok = r.text(v, at)
			c.bad = !ok && !isNull(v)
		}
		return key == "min_window"
	}) || c.bad
	return c
}

// window is the shortest notice; 0 when the document asks for none.
func (r *reader) window(c *reclamation) time.Duration {
	if c == nil || c.bad {
		return 0
	}
	d, err := time.ParseDuration(c.minWindow.value)
	where := c.minWindow.or(c.at, "min_window")
	switch {
	case err != nil:
		r.fail(where, remedyWindow, "%q is not a duration", clip(c.minWindow.value))
	case d <= 0:
		r.fail(where, remedyWindow, "the window must be longer than zero")
	}
	return d
}
