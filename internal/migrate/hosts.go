// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	return hostPattern(name).MatchString(text)
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
	return hostPattern(from).ReplaceAllString(text, "${1}"+to+"${2}")
}

// mentions is the name of a service that calls another one by a name; "" for none. Services are as in the input.
func (c *composer) mentions(s *service, name string) string {
	for _, user := range c.services {
		if user == s {
			continue
		}
		in := c.project.Services[user.from]
		for _, text := range slices.Concat(in.Entrypoint, in.Command) {
			if namesHost(text, name, false) {
				return user.from
			}
		}
		for _, variable := range slices.Sorted(maps.Keys(in.Environment)) {
			value := in.Environment[variable]
			if value != nil && namesHost(*value, name, hostVariable.MatchString(variable)) {
				return user.from
			}
		}
	}
	return ""
}

// renameHost has the other services say a service's name in place of another name.
func (c *composer) renameHost(s *service, name string) {
	for _, user := range c.services {
		if user == s {
			continue
		}
		user.rename = append(user.rename, [2]string{name, s.name})
	}
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
	pattern := regexp.MustCompile(`(?:^|[/@=,;\s"'(])` + regexp.QuoteMeta(name) + `:([0-9]{1,5})\b`)
	var ports []uint32
	say := func(text string) {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
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
