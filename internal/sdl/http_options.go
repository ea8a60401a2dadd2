// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"gopkg.in/yaml.v3"
)

// httpOptions are what the ingress of an Akash provider is told. 0 means the default.
type httpOptions struct {
	at                           *site
	maxBodySize, proxyBufferSize number // bytes
	readTimeout, sendTimeout     number // milliseconds
	nextTries, nextTimeout       number
	nextCases                    list
}

// Defaults and bounds of the options. The proxy buffer has no default here: one
// would enter the hash, and Akash providers that do not know the option would compute another.
const (
	defaultMaxBodySize   = 1_048_576
	maxMaxBodySize       = 104_857_600
	maxProxyBufferSize   = 1_048_576
	defaultTimeout       = 60_000
	defaultNextTries     = 3
	nextCaseOff          = "off"
	remedyNextCases      = "write any of error, timeout, 500, 502, 503, 504, 403, 404, 429, or off alone"
	remedyNextCasesAlone = "write next_cases: [\"off\"], or leave off out"
)

var (
	defaultNextCases = []string{"error", "timeout"}
	nextCases        = map[string]bool{
		"error": true, "timeout": true, "500": true, "502": true, "503": true, "504": true,
		"403": true, "404": true, "429": true, nextCaseOff: true,
	}
)

func (r *reader) httpOptions(n *yaml.Node, at *site) httpOptions {
	o := httpOptions{at: at}
	if isNull(n) {
		return o
	}
	numbers := map[string]*number{
		"max_body_size": &o.maxBodySize, "proxy_buffer_size": &o.proxyBufferSize,
		"read_timeout": &o.readTimeout, "send_timeout": &o.sendTimeout,
		"next_tries": &o.nextTries, "next_timeout": &o.nextTimeout,
	}
	known := []string{
		"max_body_size", "read_timeout", "send_timeout", "next_tries", "next_timeout", "next_cases", "proxy_buffer_size",
	}
	r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		if into := numbers[key]; into != nil {
			*into = r.number(v, at)
			return true
		}
		if key == "next_cases" {
			o.nextCases = r.list(v, at)
		}
		return key == "next_cases"
	})
	return o
}

func (r *reader) checkHTTPOptions(o httpOptions) {
	for _, bound := range []struct {
		value number
		most  uint32
		unit  string
	}{
		{o.maxBodySize, maxMaxBodySize, "bytes"},
		{o.proxyBufferSize, maxProxyBufferSize, "bytes"},
		{o.readTimeout, defaultTimeout, "milliseconds"},
		{o.sendTimeout, defaultTimeout, "milliseconds"},
	} {
		if bound.value.value > bound.most {
			r.fail(bound.value.at, "write less, or leave it out", "%d is more than the %d %s an Akash provider allows",
				bound.value.value, bound.most, bound.unit)
		}
	}
	for _, c := range o.nextCases.items {
		switch {
		case !nextCases[c.value]:
			r.fail(c.at, remedyNextCases, "%q is not a case to try the next replica", clip(c.value))
		case c.value == nextCaseOff && len(o.nextCases.items) > 1:
			r.fail(c.at, remedyNextCasesAlone, "off cannot stand beside other cases")
		}
	}
	if o.proxyBufferSize.value > 0 {
		r.warn(o.proxyBufferSize.at, "leave it out unless your Akash provider knows it",
			"an Akash provider that does not know proxy_buffer_size refuses the manifest")
	}
}

// manifest fills in the defaults.
func (o httpOptions) manifest() manifestHTTPOptions {
	or := func(n number, fallback uint32) uint32 {
		if n.value == 0 {
			return fallback
		}
		return n.value
	}
	cases := o.nextCases.values()
	if len(cases) == 0 {
		cases = defaultNextCases
	}
	return manifestHTTPOptions{
		MaxBodySize: or(o.maxBodySize, defaultMaxBodySize), ProxyBufferSize: o.proxyBufferSize.value,
		ReadTimeout: or(o.readTimeout, defaultTimeout), SendTimeout: or(o.sendTimeout, defaultTimeout),
		NextTries: or(o.nextTries, defaultNextTries), NextTimeout: o.nextTimeout.value, NextCases: cases,
	}
}
