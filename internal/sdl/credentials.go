// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// credentials log in to the registry of a private image. They are secrets: no message holds their values.
type credentials struct {
	at                              *site
	host, email, username, password text
}

func (r *reader) credentials(n *yaml.Node, at *site) *credentials {
	if isNull(n) {
		return nil
	}
	c := &credentials{at: at}
	known := []string{"host", "email", "username", "password"}
	into := map[string]*text{"host": &c.host, "email": &c.email, "username": &c.username, "password": &c.password}
	r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		if into[key] == nil {
			return false
		}
		*into[key], _ = r.text(v, at)
		return true
	})
	return c
}

func (r *reader) checkCredentials(c *credentials) {
	if c == nil {
		return
	}
	for _, f := range []struct {
		name  string
		value text
	}{{"host", c.host}, {"username", c.username}, {"password", c.password}} {
		if strings.TrimSpace(f.value.value) == "" {
			r.fail(f.value.or(c.at, f.name), "write it, or remove credentials if the image is public",
				"credentials need a %s", f.name)
		}
	}
}

// manifest is what the gateway is told. Quirk: 2.0 drops the e-mail and keeps blanks, 2.1 does neither.
func (c *credentials) manifest(v version) *manifestCredentials {
	if c == nil {
		return nil
	}
	if !v.merges {
		return &manifestCredentials{Host: c.host.value, Username: c.username.value, Password: c.password.value}
	}
	return &manifestCredentials{
		Host: strings.TrimSpace(c.host.value), Email: strings.TrimSpace(c.email.value),
		Username: strings.TrimSpace(c.username.value), Password: strings.TrimSpace(c.password.value),
	}
}
