// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"
)

// expose is one port of a service.
type expose struct {
	at     *site
	port   number
	as     number
	proto  text
	to     []exposeTo
	accept list
	http   httpOptions
}

// exposeTo is one party that may reach the port.
type exposeTo struct {
	at      *site
	service text
	global  bool
	ip      text
}

const (
	protoTCP = "TCP"
	protoUDP = "UDP"
)

// protocol is TCP, also when none is written, or UDP.
func (e expose) protocol() (string, bool) {
	switch proto := strings.ToUpper(e.proto.value); proto {
	case "", protoTCP:
		return protoTCP, true
	case protoUDP:
		return protoUDP, true
	default:
		return proto, false
	}
}

func (r *reader) exposes(n *yaml.Node, at *site) []expose {
	items, _ := r.sequence(n, at)
	out := make([]expose, 0, len(items))
	for i, item := range items {
		here := at.item(i, item)
		if isNull(item) {
			r.warn(here, "remove the dash, or write port below it", "an empty item is left out of the list")
			continue
		}
		out = append(out, r.expose(item, here))
	}
	return out
}

func (r *reader) expose(n *yaml.Node, at *site) expose {
	e := expose{at: at, http: httpOptions{at: at}}
	known := []string{"port", "as", "proto", "to", "accept", "http_options"}
	if !r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "port":
			e.port = r.number(v, at)
		case "as":
			e.as = r.number(v, at)
		case "proto":
			e.proto, _ = r.text(v, at)
		case "to":
			e.to = r.exposeTo(v, at)
		case "accept":
			e.accept = r.accept(v, at)
		case "http_options":
			e.http = r.httpOptions(v, at)
		default:
			return false
		}
		return true
	}) {
		e.port.bad = true
	}
	return e
}

func (r *reader) exposeTo(n *yaml.Node, at *site) []exposeTo {
	items, _ := r.sequence(n, at)
	var out []exposeTo
	known := []string{"service", "global", "ip", "http_options"}
	for i, item := range items {
		t := exposeTo{at: at.item(i, item)}
		if isNull(item) {
			r.warn(t.at, "remove the dash, or write global: true below it", "an empty item is left out of the list")
			continue
		}
		if r.fields(item, t.at, known, func(key string, v *yaml.Node, at *site) bool {
			switch key {
			case "service":
				t.service, _ = r.text(v, at)
			case "global":
				t.global = r.flag(v, at)
			case "ip":
				t.ip, _ = r.text(v, at)
			case "http_options":
				// Quirk: read, type errors included, and then forgotten.
				r.httpOptions(v, at)
				if !isNull(v) {
					r.warn(at, "move http_options up beside port", "http_options below to has no effect")
				}
			default:
				return false
			}
			return true
		}) {
			out = append(out, t)
		}
	}
	return out
}

// accept reads the host names of a port. Each must do as the host of a URL.
func (r *reader) accept(n *yaml.Node, at *site) list {
	l := r.list(n, at)
	for _, host := range l.items {
		if _, err := url.ParseRequestURI("http://" + host.value); err != nil {
			r.fail(host.at, "write a host name such as www.example.com", "%q is not a host name", clip(host.value))
		}
	}
	return l
}

// checkExpose finds what only matters once the service is deployed.
func (r *reader) checkExpose(e expose) {
	if _, ok := e.protocol(); !ok {
		r.fail(e.proto.at, "write tcp or udp; HTTP is tcp", "%q is not a protocol", clip(e.proto.value))
	}
	r.checkHTTPOptions(e.http)
	if port := e.port.value; !e.port.bad && (port == 0 || port > 65535) {
		r.fail(e.port.or(e.at, "port"), "write the port the container listens on, from 1 to 65535",
			"port %d does not exist", port)
	}
	if e.as.value > 65535 {
		r.warn(e.as.at, "write a port from 1 to 65535", "no Akash provider can open port %d", e.as.value)
	}
}
