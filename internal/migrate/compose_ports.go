// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// ports reads what is published. compose-go has made an entry of each port of a range by now, so an entry of the file
// is found again by its number only where there is no range; otherwise the report names the list.
func (c *composer) ports(s *service, in types.ServiceConfig, path string) {
	list, _ := under(c.root, path).([]any)
	for i, p := range in.Ports {
		place := path
		if len(list) == len(in.Ports) {
			place = item(path, i)
		}
		if p.Protocol != "tcp" && p.Protocol != "udp" && p.Protocol != "" {
			c.report.add(Blocker, place, "ports are TCP or UDP", "")
			continue
		}
		published, _ := strconv.ParseUint(p.Published, 10, 16)
		port := port{
			number: p.Target, udp: p.Protocol == "udp", public: true, outside: uint32(published), path: place,
		}
		if address, err := netip.ParseAddr(p.HostIP); err == nil && address.IsLoopback() {
			port.public = false
			c.report.add(Changed, place, "it was published on the machine itself alone, and now other services alone reach it",
				"")
		}
		s.ports = append(s.ports, port)
	}
}

// exposed reads ports for other services, which need no mention in Compose and do on Akash.
func (c *composer) exposed(s *service, in types.ServiceConfig, path string) {
	for i, text := range in.Expose {
		number, protocol, _ := strings.Cut(text, "/")
		first, last, ranged := strings.Cut(number, "-")
		from, err := strconv.ParseUint(first, 10, 16)
		to := from
		if ranged && err == nil {
			to, err = strconv.ParseUint(last, 10, 16)
		}
		if err != nil || from == 0 || to < from || to-from > 100 {
			c.report.add(Blocker, item(path, i), "it is no port, and no range of up to 100", "")
			continue
		}
		for n := from; n <= to; n++ {
			s.ports = append(s.ports, port{number: uint32(n), udp: protocol == "udp"})
		}
		c.report.add(Mapped, item(path, i), "open to the other services", "")
	}
}

// unreachable gives services that name no port the one their software listens on, as far as that is known: in Compose
// every port of a service can be reached by the others, on Akash those of the SDL.
func (c *composer) unreachable() {
	for _, s := range c.running() {
		var numbers []uint32
		if len(s.ports) == 0 {
			numbers = knownPorts(s.image)
		}
		for _, user := range c.running() {
			if user != s {
				numbers = append(numbers, portsSaid(user, s.name)...)
			}
		}
		slices.Sort(numbers)
		for _, n := range slices.Compact(numbers) {
			if slices.ContainsFunc(s.ports, func(p port) bool { return p.number == n && !p.udp }) {
				continue
			}
			s.ports = append(s.ports, port{number: n})
			c.report.missing(Changed, s.path, fmt.Sprintf("other services reach its port %d, which the file does not name", n),
				"name all its ports with expose")
		}
		if len(s.ports) == 0 && len(c.running()) > 1 {
			c.report.missing(Dropped, s.path, "the file names no port of it, so no other service reaches it",
				"name its ports with expose, if others call it")
		}
	}
}

func (c *composer) networkMode(_ *service, in types.ServiceConfig, path string) {
	switch {
	case in.NetworkMode == "bridge" || in.NetworkMode == "default":
		c.report.add(Mapped, path, "a network of the services", "")
	case strings.HasPrefix(in.NetworkMode, "service:"), strings.HasPrefix(in.NetworkMode, "container:"):
		c.report.add(Blocker, path, "services do not share a network stack: localhost is each one's own",
			"have them reach each other by name, and publish ports where they are")
	case in.NetworkMode == "none":
		c.report.add(Dropped, path, "every container has a network", "")
	default:
		c.report.add(Blocker, path, "the network of the machine is not given to containers", "publish the ports it needs")
	}
}
