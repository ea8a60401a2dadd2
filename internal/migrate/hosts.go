// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// hostPattern finds a name where a host may stand: alone, after "//" or "@" or "=", before a port, a path or the end.
func hostPattern(name string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[/@=,;\s"'\[(])` + regexp.QuoteMeta(name) + `($|[:/#?,;\s"'\])])`)
}

// namesHost tells whether a text has a name where a host may stand. A name alone counts only if "alone" says so, since
// "db" may as well be a database.
func namesHost(text, name string, alone bool) bool {
	if text == name {
		return alone
	}
	return strings.Contains(text, name) && hostPattern(name).MatchString(text)
}

// hostVariable is a variable whose whole value may be a host.
var hostVariable = regexp.MustCompile(`(?i)host|addr|server|url|uri|endpoint|broker|peer|upstream|backend`)

// renamed is a text with another host in it.
func renamed(text, from, to string, alone bool) string {
	if text == from {
		if alone {
			return to
		}
		return text
	}
	if !strings.Contains(text, from) {
		return text
	}
	return hostPattern(from).ReplaceAllString(text, "${1}"+to+"${2}")
}

// applyRenames changes what a service says of others.
func (s *service) applyRenames() {
	for _, pair := range s.rename {
		for _, list := range [][]string{s.command, s.args} {
			for i := range list {
				list[i] = renamed(list[i], pair[0], pair[1], false)
			}
		}
		for name, value := range s.env {
			s.env[name] = renamed(value, pair[0], pair[1], hostVariable.MatchString(name))
		}
	}
}

// portsSaid are the ports at which a service calls another one: "db:5432" in a variable or its command.
func portsSaid(user *service, name string) []uint32 {
	pattern := sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[/@=,;\s"'(])` + regexp.QuoteMeta(name) + `:([0-9]{1,5})\b`)
	})
	var ports []uint32
	say := func(text string) {
		if !strings.Contains(text, name+":") {
			return
		}
		for _, match := range pattern().FindAllStringSubmatch(text, -1) {
			if n, err := strconv.ParseUint(match[1], 10, 16); err == nil && n > 0 && !slices.Contains(ports, uint32(n)) {
				ports = append(ports, uint32(n))
			}
		}
	}
	say(strings.Join(append(slices.Clone(user.command), user.args...), " "))
	for _, variable := range slices.Sorted(maps.Keys(user.env)) {
		say(user.env[variable])
	}
	return ports
}
