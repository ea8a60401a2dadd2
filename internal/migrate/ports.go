// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// ingressPort is the outside number that makes a port a web page behind the ingress of an Akash provider. Any other one
// is forwarded from a number that the Akash provider picks.
const ingressPort = 80

// webPorts decides for each service which port is a web page, and reports what becomes of the published ones.
func (d *draft) webPorts() {
	for _, s := range d.services {
		for _, p := range s.ports {
			if s.left && p.path != "" {
				d.report.add(Dropped, p.path, "the service is left out", "")
			}
		}
	}
	anybody := false
	for _, s := range d.running() {
		s.ports = merged(s.ports)
		web := d.webPort(s)
		for i, p := range s.ports {
			switch {
			case !p.public:
			case i == web:
				s.ports[i].outside = ingressPort
				d.report.add(webSeverity(p), p.path, webReason(p), "")
			default:
				s.ports[i].outside = 0
				d.report.add(Changed, p.path, fmt.Sprintf("the Akash provider picks the number outside for port %d, which "+
					"is not known before the lease", p.number),
					"read it from forwarded_ports of akash_lease, or hold an address with akash_ip_endpoint, "+
						"where the number is yours")
			}
			anybody = anybody || p.public
		}
		if web >= 0 && s.ports[web].number != ingressPort && slices.ContainsFunc(s.ports, func(p port) bool {
			return p.number == ingressPort && !p.udp
		}) && len(d.running()) > 1 {
			d.report.missing(Blocker, s.path, fmt.Sprintf("other services do not reach its port 80, since that number is the "+
				"web page of port %d", s.ports[web].number), "make port 80 the web page, or none, with http_ports")
		}
	}
	if !anybody && len(d.running()) > 0 {
		d.report.impossible("services", "nothing is published, and a deployment has to have a port that is",
			"publish a port of one service")
	}
}

// webPort is the index of the port that the ingress serves; -1 for none.
func (d *draft) webPort(s *service) int {
	wanted, decided := d.options.HTTPPorts[s.from]
	if decided {
		for i, p := range s.ports {
			if p.number == wanted && !p.udp && p.public {
				return i
			}
		}
		if wanted != 0 {
			d.report.impossible(s.path, fmt.Sprintf("the option http_ports names port %d, which the service does not "+
				"publish", wanted),
				"name a published TCP port of the container, or 0 for no web page")
		}
		return -1
	}
	best, rank := -1, len(webNumbers)
	for i, p := range s.ports {
		if p.udp || !p.public {
			continue
		}
		if p.outside == ingressPort {
			return i
		}
		if r := slices.Index(webNumbers, p.number); r >= 0 && r < rank {
			best, rank = i, r
		}
	}
	return best
}

// webNumbers are ports that are nearly always web pages, the surest first.
var webNumbers = []uint32{
	80, 8080, 8000, 3000, 5000, 8888, 4200, 5173, 9090, 9000, 5601, 8081, 8001, 8008, 3001, 4000, 5050, 7860, 8069, 8096,
	8123, 8161, 8200, 8443, 8500, 8501, 8983, 9001, 9200, 9990, 11434, 15672, 32400,
}

func webSeverity(p port) Severity {
	if p.outside == ingressPort {
		return Mapped
	}
	return Changed
}

func webReason(p port) string {
	if p.outside == ingressPort {
		return fmt.Sprintf("port %d is the web page of the service, over HTTP and HTTPS", p.number)
	}
	return fmt.Sprintf("port %d becomes the web page of the service, over HTTP and HTTPS on the usual ports; "+
		"the option http_ports decides otherwise", p.number)
}

// merged has each port once: one that is public somewhere is public.
func merged(ports []port) []port {
	var out []port
	for _, p := range ports {
		i := slices.IndexFunc(out, func(q port) bool { return q.number == p.number && q.udp == p.udp })
		switch {
		case i < 0:
			out = append(out, p)
		case p.public && !out[i].public:
			out[i] = p
		}
	}
	slices.SortStableFunc(out, func(a, b port) int { return cmp.Compare(a.number, b.number) })
	return out
}

// expose writes the ports: each is open to the other services under its own number, and to everybody where it is
// public. A public port that has another number outside stands there twice, since a number belongs to an entry.
func (d *draft) expose(s *service) []sdl.ModelExpose {
	var out []sdl.ModelExpose
	web := hasWebPage(s.ports)
	for _, p := range s.ports {
		inside := sdl.ModelExpose{Port: p.number, As: p.number}
		if p.udp {
			inside.Proto = "udp"
		}
		for _, other := range d.running() {
			if p.number == ingressPort && !p.udp && p.outside != ingressPort && web {
				break // the number is that of the web page; webPorts has said so
			}
			if other != s {
				inside.To = append(inside.To, sdl.ModelExposeTo{Service: other.name})
			}
		}
		if p.public {
			open := inside
			open.As, open.To = outsideOf(p, s.ports), []sdl.ModelExposeTo{{Global: true}}
			if p.outside == ingressPort {
				open.Accept = d.options.Hosts[s.from]
			}
			if open.As == inside.As {
				open.To, inside.To = append(open.To, inside.To...), nil
			}
			out = append(out, open)
		}
		if len(inside.To) > 0 {
			out = append(out, inside)
		}
	}
	return out
}

// hasWebPage tells whether one of the ports is served by the ingress.
func hasWebPage(ports []port) bool {
	return slices.ContainsFunc(ports, func(p port) bool { return p.public && !p.udp && p.outside == ingressPort })
}

// outsideOf is the number of a public port in the SDL. Any but that of the ingress makes the Akash provider pick one.
func outsideOf(p port, all []port) uint32 {
	number := cmp.Or(p.outside, p.number)
	if p.udp || p.outside == ingressPort || number != ingressPort {
		return number
	}
	number = 8080
	for slices.ContainsFunc(all, func(q port) bool { return q.number == number }) {
		number++
	}
	return number
}
