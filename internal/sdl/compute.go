// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"gopkg.in/yaml.v3"
)

// compute is an entry of profiles.compute. Each part is nil when not written.
type compute struct {
	at      *site
	present bool // false when there is no resources section, which crashes the official parser
	cpu     *cpu
	memory  *memory
	gpu     *gpu
	storage []volume
	// storageBad means that the storage section could not be read, so that its absence is no news.
	storageBad bool
	storageAt  *site
}

// gpus is how many GPUs a replica gets.
func (c *compute) gpus() uint64 {
	if c == nil || c.gpu == nil {
		return 0
	}
	return c.gpu.units
}

// volume finds a volume by name.
func (c *compute) volume(name string) (volume, bool) {
	for _, v := range c.storage {
		if v.name == name {
			return v, true
		}
	}
	return volume{}, false
}

func (r *reader) compute(n *yaml.Node, at *site) (*compute, bool) {
	c := &compute{at: at, storageAt: at}
	if isNull(n) {
		return c, false
	}
	ok := r.fields(n, at, []string{"resources"}, func(key string, v *yaml.Node, at *site) bool {
		if key != "resources" {
			return false
		}
		if !isNull(v) {
			c.present = true
			r.resources(c, v, at)
		}
		return true
	})
	return c, ok
}

func (r *reader) resources(c *compute, n *yaml.Node, at *site) {
	c.at = at
	known := []string{"cpu", "memory", "gpu", "storage"}
	r.fields(n, at, known, func(key string, v *yaml.Node, at *site) bool {
		switch key {
		case "cpu":
			c.cpu = r.cpu(v, at)
		case "memory":
			c.memory = r.memory(v, at)
		case "gpu":
			c.gpu = r.gpu(v, at)
		case "storage":
			c.storageAt = at
			c.storage, c.storageBad = r.storage(v, at)
		default:
			return false
		}
		return true
	})
}
