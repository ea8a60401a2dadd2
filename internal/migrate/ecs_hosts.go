// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// loopback finds what a container calls itself, and in a task the others too, with the port if one follows.
var loopback = regexp.MustCompile(`(localhost|127\.0\.0\.1|\[::1\]|::1)(:([0-9]{1,5})\b)?`)

// inName are the characters that make a name go on.
const inName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

// localhost has containers call each other by name. Within a task all of them are localhost, and on Akash each one is
// alone there.
func (t *tasker) localhost() {
	for _, c := range t.containers {
		if c.left {
			continue
		}
		// Two lists: the words of a command stand at a place of their own.
		for _, list := range []struct {
			key   string
			words []string
		}{{"entryPoint", c.command}, {"command", c.args}} {
			for i := range list.words {
				list.words[i] = t.calls(c, list.words[i], item(c.at(list.key), i), false, 0)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(c.service.env)) {
			port := uint32(0)
			stem, isHost := hostStem(name)
			if isHost {
				port, _ = portNumber(cmp.Or(c.service.env[stem+"PORT"], c.service.env[stem+"port"]))
			}
			c.service.env[name] = t.calls(c, c.service.env[name], c.env[name], isHost, port)
		}
	}
}

// hostStem is what stands before HOST in the name of a variable: DB_ of DB_HOST.
func hostStem(name string) (string, bool) {
	for _, end := range []string{"HOSTNAME", "HOST", "ADDRESS", "ADDR", "SERVER"} {
		if strings.HasSuffix(strings.ToUpper(name), end) && len(name) == len(strings.ToUpper(name)) {
			return name[:len(name)-len(end)], true
		}
	}
	return "", false
}

// calls is a text with the names of services in place of localhost and of links. alone tells that a name which is all
// of the text is a host, and port the one that another variable says; 0 for none.
func (t *tasker) calls(c *container, text, place string, alone bool, port uint32) string {
	for _, alias := range slices.Sorted(maps.Keys(c.links)) {
		text = renamed(text, alias, c.links[alias], alone)
	}
	if len(t.running()) < 2 {
		return text
	}
	var out strings.Builder
	end := 0
	for _, found := range loopback.FindAllStringSubmatchIndex(text, -1) {
		before, after := text[:found[0]], text[found[1]:]
		if before != "" && strings.ContainsRune(inName+":", rune(before[len(before)-1])) && !strings.HasSuffix(before, "=") {
			continue
		}
		if after != "" && strings.ContainsRune(inName, rune(after[0])) {
			continue
		}
		number := port
		if found[6] >= 0 {
			number, _ = portNumber(text[found[6]:found[7]])
		}
		if other := t.called(c, number, place); other != nil {
			out.WriteString(text[end:found[0]])
			out.WriteString(other.name)
			end = found[3]
		}
	}
	out.WriteString(text[end:])
	return out.String()
}

// called is the container that another one means by localhost and a port, 0 for none said; nil for itself. It reports
// what that means on Akash, once for each place and port.
func (t *tasker) called(c *container, number uint32, place string) *container {
	other, own := t.listener(c, number)
	remedy := "if another container is meant, add the port to its portMappings, or say its name here: " +
		strings.Join(t.others(c), ", ")
	switch {
	case own && number != 0:
	case other != nil:
		t.open(other, number)
		t.report.once(Changed, place, fmt.Sprintf("port %d of localhost is that of the container %s, which is reached as %s "+
			"now", number, other.from, other.name),
			"have "+other.from+" listen at all addresses, not at 127.0.0.1 alone")
	case number != 0:
		t.report.once(Dropped, place, fmt.Sprintf("port %d of localhost is the container's own on Akash, and no other one "+
			"is known to listen there", number), remedy)
	default:
		t.report.once(Dropped, place, "localhost is the container itself on Akash, and no other one", remedy)
	}
	return other
}

// others are the names of the other services.
func (t *tasker) others(c *container) []string {
	var names []string
	for _, s := range t.running() {
		if s != c.service {
			names = append(names, s.name)
		}
	}
	return names
}

// listener is the only other container that listens at a port, by its mappings or else by its image. own is true if the
// container itself maps it.
func (t *tasker) listener(c *container, port uint32) (other *container, own bool) {
	if slices.Contains(c.declared, port) {
		return nil, true
	}
	for _, ports := range []func(*container) []uint32{
		func(c *container) []uint32 { return c.declared },
		func(c *container) []uint32 { return knownPorts(c.image) },
	} {
		var found []*container
		for _, o := range t.containers {
			if o != c && !o.left && slices.Contains(ports(o), port) {
				found = append(found, o)
			}
		}
		if len(found) == 1 && port != 0 {
			return found[0], false
		}
	}
	return nil, false
}

// open makes sure that others can reach a port.
func (t *tasker) open(c *container, number uint32) {
	if !slices.ContainsFunc(c.ports, func(p port) bool { return p.number == number }) {
		c.ports = append(c.ports, port{number: number, path: c.at("portMappings")})
		t.report.missing(Changed, c.path(), fmt.Sprintf("port %d, which the image listens at, is open to the other services",
			number), "")
	}
}

// portNumber is a port that a text says.
func portNumber(text string) (uint32, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint32(n), err == nil && n > 0
}
