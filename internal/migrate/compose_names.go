// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// otherName is a name that a service has besides its own, and where the input says so.
type otherName struct {
	service    *service
	name, path string
}

// alias notes another name of a service; rename says what becomes of it, when all services are read.
func (c *composer) alias(s *service, name, path string) {
	c.aliases = append(c.aliases, otherName{s, name, path})
}

// links are names of services too; depends_on says the same about order.
func (c *composer) links(_ *service, in types.ServiceConfig, path string) {
	for i, link := range in.Links {
		target, name, renamed := strings.Cut(link, ":")
		other := c.named(target)
		switch {
		case other == nil:
			c.report.add(Dropped, item(path, i), "there is no service of that name, or it is not enabled", "")
		case renamed:
			c.alias(other, name, item(path, i))
		default:
			c.report.add(Mapped, item(path, i), "services reach each other by name", "")
		}
	}
}

func (c *composer) named(name string) *service {
	for _, s := range c.services {
		if s.from == name {
			return s
		}
	}
	return nil
}

// rename has services say the names that others have on Akash. Names are left out of the report, since they may be
// values of variables.
func (c *composer) rename() {
	for _, s := range c.services {
		if s.name != s.from && len(c.callers(s, s.from)) > 0 {
			c.renameHost(s, s.from)
		}
	}
	for _, a := range c.aliases {
		users := c.callers(a.service, a.name)
		switch {
		case a.name == a.service.name || a.name == a.service.from || a.name == "":
			c.report.add(Mapped, a.path, "the service has that name", "")
		case len(users) > 0:
			c.report.add(Changed, a.path, fmt.Sprintf("services are reached by their own names alone; %s said this one, and "+
				"says %s now", strings.Join(users, ", "), a.service.name), "")
			c.renameHost(a.service, a.name)
		default:
			c.report.add(Dropped, a.path, "the service is reached as "+a.service.name+" and by no other name", "")
		}
	}
	for _, s := range c.services {
		s.applyRenames()
	}
}

// callers are the services that call another one by a name, as they are named in the input.
func (c *composer) callers(s *service, name string) []string {
	var users []string
	for _, user := range c.services {
		if user != s && user.calls(name) {
			users = append(users, user.from)
		}
	}
	return users
}

// calls tells whether a service says a name where a host may stand.
func (s *service) calls(name string) bool {
	if name == "" {
		return false
	}
	for _, text := range slices.Concat(s.command, s.args) {
		if namesHost(text, name, false) {
			return true
		}
	}
	for _, variable := range slices.Sorted(maps.Keys(s.env)) {
		if namesHost(s.env[variable], name, hostVariable.MatchString(variable)) {
			return true
		}
	}
	return false
}

// renameHost has the other services say a service's name in place of another name.
func (c *composer) renameHost(s *service, name string) {
	for _, user := range c.services {
		if user != s {
			user.rename = append(user.rename, [2]string{name, s.name})
		}
	}
}

// networks says what becomes of a service's place in networks. The long form has more than names.
func (c *composer) networks(s *service, in types.ServiceConfig, path string) {
	c.report.add(Mapped, path, "the services in them reach each other", "")
	for _, name := range slices.Sorted(maps.Keys(in.Networks)) {
		n, place := in.Networks[name], at(path, name)
		if n == nil {
			continue
		}
		c.addresses(s, n, place)
		for i, alias := range n.Aliases {
			c.alias(s, alias, item(at(place, "aliases"), i))
		}
		for key, said := range map[string]bool{
			"link_local_ips": len(n.LinkLocalIPs) > 0, "mac_address": n.MacAddress != "", "driver_opts": len(n.DriverOpts) > 0,
			"interface_name": n.InterfaceName != "",
		} {
			if said {
				c.report.add(Dropped, at(place, key), "Akash providers give addresses and interfaces", "")
			}
		}
	}
}

func (c *composer) addresses(s *service, n *types.ServiceNetworkConfig, place string) {
	for key, address := range map[string]string{"ipv4_address": n.Ipv4Address, "ipv6_address": n.Ipv6Address} {
		if address == "" {
			continue
		}
		if users := c.callersByAddress(s, address); len(users) > 0 {
			c.report.add(Blocker, at(place, key), fmt.Sprintf("no container has a fixed address, and %s calls this one by it",
				strings.Join(users, ", ")), "have it call "+s.name+" by name")
			continue
		}
		c.report.add(Dropped, at(place, key), "no container has a fixed address", "use the name "+s.name)
	}
}

// callersByAddress are the services whose configuration names an address in any place.
func (c *composer) callersByAddress(s *service, address string) []string {
	var users []string
	for _, name := range slices.Sorted(maps.Keys(c.project.Services)) {
		user := c.project.Services[name]
		if name == s.from {
			continue
		}
		said := slices.Concat([]string(user.Command), []string(user.Entrypoint), []string(user.DNS))
		said = append(said, user.ExtraHosts.AsList(":")...)
		for _, value := range user.Environment {
			if value != nil {
				said = append(said, *value)
			}
		}
		if slices.ContainsFunc(said, func(text string) bool { return namesHost(text, address, true) }) {
			users = append(users, name)
		}
	}
	return users
}
