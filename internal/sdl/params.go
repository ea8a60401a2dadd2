// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"path"

	"gopkg.in/yaml.v3"
)

// params are settings of a service that are not resources.
type params struct {
	at      *site
	storage map[string]*mount
	// permissions is nil when not written; the manifest tells that from an empty section.
	permissions *permissions
	tee         text
}

// mount says where a volume appears in the container.
type mount struct {
	at       *site
	path     text
	readOnly bool
}

type permissions struct {
	read list
}

func (r *reader) params(n *yaml.Node, at *site) *params {
	if isNull(n) {
		return nil
	}
	p := &params{at: at}
	known := []string{"storage", "permissions", "tee"}
	r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "storage":
			readMap(r, v, at, &p.storage, r.mount)
		case "permissions":
			p.permissions = r.permissions(v, at)
		case "tee":
			p.tee, _ = r.text(v, at)
		default:
			return false
		}
		return true
	})
	return p
}

func (r *reader) mount(n *yaml.Node, at *site) (*mount, bool) {
	m := &mount{at: at}
	if isNull(n) {
		return m, false
	}
	ok := r.fields(n, at, []string{"mount", "readOnly"}, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "mount":
			m.path, _ = r.text(v, at)
		case "readOnly":
			m.readOnly = r.flag(v, at)
		default:
			return false
		}
		return true
	})
	return m, ok
}

func (r *reader) permissions(n *yaml.Node, at *site) *permissions {
	if isNull(n) {
		return nil
	}
	p := &permissions{}
	r.fields(n, at, []string{"read"}, func(key string, v *yaml.Node, at *site) bool {
		if key != "read" {
			return false
		}
		p.read = r.list(v, at)
		for _, what := range p.read.items {
			switch what.value {
			case "deployment", "logs", "events":
			default:
				r.warn(what.at, "write deployment, logs or events", "%q is no known permission", clip(what.value))
			}
		}
		return true
	})
	return p
}

// checkMounts checks the volumes a service mounts against those of its compute profile.
func (r *reader) checkMounts(s *service, c *compute, v version) {
	mounts := map[string]*mount{}
	if s.params != nil {
		mounts = s.params.storage
	}
	taken := make(map[string]string, len(mounts))
	for _, name := range sortedKeys(mounts) {
		m := mounts[name]
		vol, exists := c.volume(name)
		if !exists && !c.storageBad {
			r.fail(m.at, "name a volume of the compute profile, or add one there", "no volume is named %q", clip(name))
		}
		where := m.path.or(m.at, "mount")
		if !path.IsAbs(m.path.value) {
			r.fail(where, "write a path that begins with /, such as /data", "the mount of volume %q must be an absolute path",
				clip(name))
			continue
		}
		if other, ok := taken[m.path.value]; ok {
			r.fail(where, "mount each volume at a path of its own", "%s is already the mount of volume %q", clip(m.path.value),
				clip(other))
		}
		taken[m.path.value] = name
		if v.merges && m.readOnly && vol.attribute(keyClass) == classRAM {
			r.fail(m.at, "remove readOnly", "a volume of class ram cannot be read-only")
		}
	}
	r.checkPersistent(s, c, v, mounts)
}

// checkPersistent wants a mount for every persistent volume. Quirk: 2.0 is
// content with a mount of any volume, 2.1 looks only at mounted volumes and
// so never complains. What the network lets pass is a warning.
func (r *reader) checkPersistent(s *service, c *compute, v version, mounts map[string]*mount) {
	for _, vol := range c.storage {
		if !vol.persistent() || mounts[vol.name] != nil {
			continue
		}
		remedy := "write params: {storage: {" + clip(vol.name) + ": {mount: /data}}} in service " + s.name
		if !v.merges && len(mounts) == 0 {
			r.fail(vol.at, remedy, "persistent volume %q is not mounted by service %q", clip(vol.name), s.name)
			continue
		}
		r.warn(vol.at, remedy, "persistent volume %q is not mounted by service %q, so nothing is kept there",
			clip(vol.name), s.name)
	}
}
