// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

type sdlService struct {
	Image       quoted          `yaml:"image"`
	Command     *[]quoted       `yaml:"command,omitempty"`
	Args        *[]quoted       `yaml:"args,omitempty"`
	Env         *[]quoted       `yaml:"env,omitempty"`
	Expose      []sdlExpose     `yaml:"expose,omitempty"`
	Params      *sdlParams      `yaml:"params,omitempty"`
	Credentials *sdlCredentials `yaml:"credentials,omitempty"`
}

type sdlExpose struct {
	Port        uint32          `yaml:"port"`
	As          uint32          `yaml:"as,omitempty"`
	Proto       string          `yaml:"proto,omitempty"`
	Accept      *[]quoted       `yaml:"accept,omitempty"`
	To          []sdlExposeTo   `yaml:"to,omitempty"`
	HTTPOptions *sdlHTTPOptions `yaml:"http_options,omitempty"`
}

type sdlExposeTo struct {
	Service quoted `yaml:"service,omitempty"`
	Global  bool   `yaml:"global"`
	IP      quoted `yaml:"ip,omitempty"`
}

type sdlHTTPOptions struct {
	MaxBodySize     uint32   `yaml:"max_body_size,omitempty"`
	ProxyBufferSize uint32   `yaml:"proxy_buffer_size,omitempty"`
	ReadTimeout     uint32   `yaml:"read_timeout,omitempty"`
	SendTimeout     uint32   `yaml:"send_timeout,omitempty"`
	NextTries       uint32   `yaml:"next_tries,omitempty"`
	NextTimeout     uint32   `yaml:"next_timeout,omitempty"`
	NextCases       []quoted `yaml:"next_cases,omitempty"`
}

type sdlParams struct {
	Storage     map[string]sdlMount `yaml:"storage,omitempty"`
	Permissions *sdlPermissions     `yaml:"permissions,omitempty"`
	TEE         quoted              `yaml:"tee,omitempty"`
}

type sdlPermissions struct {
	Read []quoted `yaml:"read,omitempty"`
}

type sdlMount struct {
	Mount    quoted `yaml:"mount"`
	ReadOnly bool   `yaml:"readOnly,omitempty"`
}

type sdlCredentials struct {
	Host     quoted `yaml:"host"`
	Email    quoted `yaml:"email,omitempty"`
	Username quoted `yaml:"username"`
	Password quoted `yaml:"password"`
}

func renderService(s manifestService, counted bool, taken bindings) sdlService {
	out := sdlService{
		Image: quoted(s.Image), Command: optionalList(s.Command), Args: optionalList(s.Args), Env: optionalList(s.Env),
	}
	for _, e := range s.Expose {
		out.Expose = append(out.Expose, renderExpose(e, counted, taken))
	}
	if p := s.Params; p != nil {
		out.Params = &sdlParams{Storage: make(map[string]sdlMount)}
		for _, m := range p.Storage {
			out.Params.Storage[m.Name] = sdlMount{Mount: quoted(m.Mount), ReadOnly: m.ReadOnly}
		}
		if p.Permissions != nil {
			out.Params.Permissions = &sdlPermissions{Read: quotedList(p.Permissions.Read)}
		}
		if p.TEE != nil {
			out.Params.TEE = quoted(p.TEE.Type)
		}
	}
	if c := s.Credentials; c != nil {
		out.Credentials = &sdlCredentials{
			Host: quoted(c.Host), Email: quoted(c.Email), Username: quoted(c.Username), Password: quoted(c.Password),
		}
	}
	return out
}

// renderExpose writes one port for each item of the manifest; reading keeps their order, since it is the sorted one.
func renderExpose(e manifestExpose, counted bool, taken bindings) sdlExpose {
	out := sdlExpose{
		Port: e.Port, As: e.ExternalPort, Accept: optionalList(e.Hosts), HTTPOptions: renderHTTPOptions(e.HTTPOptions),
	}
	if e.Proto != protoTCP {
		out.Proto = strings.ToLower(e.Proto)
	}
	if e.IP != "" {
		out.Proto = taken.spell(e)
	}
	if e.Global || e.Service != "" || counted {
		out.To = []sdlExposeTo{{Service: quoted(e.Service), Global: e.Global, IP: quoted(e.IP)}}
	}
	return out
}

// bindings are the ports of leased IPs written so far.
type bindings map[binding]bool

// spell writes the protocol of a port so that it does not collide with another
// one of its leased IP: they do by the text of the protocol (see [reader.checkIPs]).
func (taken bindings) spell(e manifestExpose) string {
	spellings := []string{strings.ToLower(e.Proto), e.Proto}
	if e.Proto == protoTCP {
		spellings = append(spellings, "")
	}
	for i := range e.Proto {
		spellings = append(spellings, e.Proto[:i]+strings.ToLower(e.Proto[i:]), strings.ToLower(e.Proto[:i])+e.Proto[i:])
	}
	for _, spelling := range spellings {
		if b := (binding{e.IP, e.ExternalPort, spelling}); !taken[b] {
			taken[b] = true
			return spelling
		}
	}
	return e.Proto
}

// renderHTTPOptions writes what differs from the defaults, nil if nothing does.
func renderHTTPOptions(o manifestHTTPOptions) *sdlHTTPOptions {
	out := sdlHTTPOptions{ProxyBufferSize: o.ProxyBufferSize, NextTimeout: o.NextTimeout}
	same := o.ProxyBufferSize == 0 && o.NextTimeout == 0
	for _, f := range []struct {
		into            *uint32
		value, fallback uint32
	}{
		{&out.MaxBodySize, o.MaxBodySize, defaultMaxBodySize},
		{&out.ReadTimeout, o.ReadTimeout, defaultTimeout},
		{&out.SendTimeout, o.SendTimeout, defaultTimeout},
		{&out.NextTries, o.NextTries, defaultNextTries},
	} {
		if f.value != f.fallback {
			*f.into, same = f.value, false
		}
	}
	if !slices.Equal(o.NextCases, defaultNextCases) {
		out.NextCases, same = quotedList(o.NextCases), false
	}
	if same {
		return nil
	}
	return &out
}

// quoted is a string that YAML is sure to read back as it is: plain only when
// it could be nothing else, in double quotes otherwise.
type quoted string

// MarshalYAML implements [yaml.Marshaler].
func (q quoted) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: tagString, Value: string(q)}
	if !utf8.ValidString(n.Value) || !plain(n.Value) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n, nil
}

// plain reports whether a text needs no quotes: it begins with a letter and
// holds nothing that means something to YAML. The encoder itself quotes words such as true and null.
func plain(s string) bool {
	for i, c := range s {
		switch {
		case c > unicode.MaxASCII:
			return false
		case unicode.IsLetter(c):
		case i > 0 && (unicode.IsDigit(c) || strings.ContainsRune("_-./=@:+", c)):
		default:
			return false
		}
	}
	return s != "" && !strings.HasSuffix(s, ":")
}

func quotedList(in []string) []quoted {
	out := make([]quoted, len(in))
	for i, s := range in {
		out[i] = quoted(s)
	}
	return out
}

// optionalList keeps null and the empty list apart.
func optionalList(in []string) *[]quoted {
	if in == nil {
		return nil
	}
	out := quotedList(in)
	return &out
}
