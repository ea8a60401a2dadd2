// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"slices"
	"strings"
)

// maxRange is how many ports of a range are published one by one.
const maxRange = 20

// portMappings publishes the ports of a container. Which of them is a web page is decided with all others.
func (t *tasker) portMappings(c *container, path string) {
	internal := slices.Contains(t.given.InternalContainers, c.from)
	before := len(c.ports)
	for _, o := range c.objects("portMappings") {
		t.known(o, "containerPort", "hostPort", "protocol", "name", "appProtocol", "containerPortRange")
		first, last, ok := mappedPorts(o)
		switch protocol := strings.ToLower(o.text("protocol")); {
		case !ok:
			t.badly(o.path, "a containerPort from 1 to 65535, or a containerPortRange such as 8000-8010")
			continue
		case protocol != "" && protocol != "tcp" && protocol != "udp":
			t.badly(o.at("protocol"), "tcp or udp")
			continue
		case last-first >= maxRange:
			t.report.add(Blocker, o.path, fmt.Sprintf("each port is published by itself, and %d are too many", last-first+1),
				fmt.Sprintf("map at most %d of them, or accept the loss of all", maxRange))
			continue
		}
		for n := first; n <= last; n++ {
			p := port{number: n, udp: strings.EqualFold(o.text("protocol"), "udp"), public: !internal, path: o.path}
			if host := o.text("hostPort"); host == "80" && !p.udp {
				p.outside = ingressPort
			}
			c.ports = append(c.ports, p)
			c.declared = append(c.declared, n)
		}
		if internal {
			t.report.add(Mapped, o.path, "the other containers reach it, and nobody else", "")
		}
	}
	if !internal && len(c.ports) > before {
		// What is lost is a wall, so the plan has to warn of it.
		t.report.missing(Dropped, path, "everybody reaches what is mapped: there is no security group in front of it",
			fmt.Sprintf("name the container in the option internal_containers (%q) to leave its ports to the others", c.from))
	}
	if len(c.objects("portMappings")) == 0 {
		t.badly(path, "a list of mappings")
	}
}

// mappedPorts are the ports of a mapping.
func mappedPorts(o object) (first, last uint32, ok bool) {
	if low, high, ranged := strings.Cut(o.text("containerPortRange"), "-"); ranged {
		first, ok = portNumber(strings.TrimSpace(low))
		last, highOK := portNumber(strings.TrimSpace(high))
		return first, last, ok && highOK && first <= last
	}
	first, ok = portNumber(o.text("containerPort"))
	return first, first, ok
}

// wantedPorts publishes ports that http_ports names and nobody maps, as is usual with the network of the machine.
func (t *tasker) wantedPorts() {
	for _, c := range t.kept() {
		wanted := t.options.HTTPPorts[c.from]
		if wanted == 0 || slices.ContainsFunc(c.ports, func(p port) bool { return p.number == wanted }) {
			continue
		}
		c.ports = append(c.ports, port{number: wanted, public: true, path: c.at("portMappings")})
	}
}
