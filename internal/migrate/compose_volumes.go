// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

const (
	remedyBind = "build the files into the image, give texts with files of data.akash_sdl, or use a named volume for " +
		"what the service itself writes"
	tmpfsSize = 64 << 20
)

func (c *composer) volumes(s *service, in types.ServiceConfig, path string) {
	for i, v := range in.Volumes {
		place := item(path, i)
		switch v.Type {
		case types.VolumeTypeVolume:
			c.volume(s, v, place)
		case types.VolumeTypeBind:
			c.bind(v, place)
		case types.VolumeTypeTmpfs:
			size := uint64(tmpfsSize)
			if v.Tmpfs != nil && v.Tmpfs.Size > 0 {
				size = uint64(v.Tmpfs.Size)
			}
			c.memoryVolume(s, v.Target, size, place)
		default:
			c.report.add(Blocker, place, "Akash has no volumes of that type", "use a named volume")
		}
	}
}

// volume makes a named volume storage that lasts as long as the lease.
func (c *composer) volume(s *service, v types.ServiceVolumeConfig, place string) {
	if v.Source == "" {
		c.report.add(Changed, place, "a volume without a name becomes part of the container's own disk, and is as empty "+
			"after a restart as that", "name it if it has to last")
		return
	}
	if other := c.sharer(s, v.Source); other != "" {
		c.report.add(Blocker, place, fmt.Sprintf("services share no volumes, and %s has this one, too", other),
			"keep what they share in a database or in S3; accepted, each has a volume of its own")
	}
	if v.Volume != nil && v.Volume.Subpath != "" {
		c.report.add(Changed, at(at(place, "volume"), "subpath"),
			"the whole volume is mounted, which is the service's own", "")
	}
	size := orDefault(c.options.VolumeSizes[v.Source], DefaultVolumeSize)
	s.volumes = append(s.volumes, volume{
		name: volumeName(s, v.Source), mount: v.Target, size: size, class: orDefault(c.options.StorageClass,
			DefaultStorageClass), persistent: true, readOnly: v.ReadOnly,
	})
	c.report.add(Changed, place, fmt.Sprintf("persistent storage of %s, which begins empty, cannot grow, and is gone "+
		"when the lease ends", size),
		fmt.Sprintf("set its size in the option volume_sizes, as %q; copy the data yourself, and back it up", v.Source))
	if s.count > 1 {
		c.report.missing(Changed, place, "each replica has a volume of its own", "")
	}
}

// volumeName is the name of a volume that a compute profile takes; each service has one of its own.
func volumeName(s *service, source string) string {
	taken := func(name string) bool {
		return name == ownDisk || slices.ContainsFunc(s.volumes, func(v volume) bool { return v.name == name })
	}
	name := validName(source)
	for n := 2; taken(name); n++ {
		name = fmt.Sprintf("%s-%d", validName(source), n)
	}
	return name
}

// sharer is a service before this one that has a volume; "" for none.
func (c *composer) sharer(s *service, source string) string {
	for _, other := range c.services {
		if other == s {
			return ""
		}
		for _, v := range c.project.Services[other.from].Volumes {
			if v.Type == types.VolumeTypeVolume && v.Source == source {
				return other.from
			}
		}
	}
	return ""
}

// bind reports files of a machine that is not there.
func (c *composer) bind(v types.ServiceVolumeConfig, place string) {
	switch {
	case strings.HasSuffix(v.Source, "docker.sock"):
		c.report.add(Blocker, place, "there is no Docker on Akash", "use software that needs none")
	case v.Source == "/etc/localtime" || v.Source == "/etc/timezone":
		c.report.add(Dropped, place, "a container has the time zone of its image", "set the variable TZ")
	case slices.ContainsFunc([]string{"/lib/modules", "/usr/src", "/dev", "/sys", "/proc", "/var/run", "/run"},
		func(root string) bool { return v.Source == root || strings.HasPrefix(v.Source, root+"/") }):
		c.report.add(Blocker, place, "files of the machine are the Akash provider's", kernelRemedy)
	default:
		c.report.add(Blocker, place, "files of your machine are not on that of the Akash provider", remedyBind)
	}
}

func (c *composer) memoryVolume(s *service, mount string, size uint64, place string) {
	s.volumes = append(s.volumes,
		volume{name: volumeName(s, "ram"), mount: mount, size: sizeText(size), class: "ram"})
	c.report.add(Mapped, place, "storage in memory, of "+sizeText(size), "")
}

func (c *composer) tmpfs(s *service, in types.ServiceConfig, path string) {
	for i, entry := range in.Tmpfs {
		place := path
		if _, list := under(c.root, path).([]any); list {
			place = item(path, i)
		}
		mount, options, _ := strings.Cut(entry, ":")
		c.memoryVolume(s, mount, tmpfsBytes(options), place)
	}
}

// tmpfsBytes is the size among the options of a tmpfs, "size=64m,mode=1777".
func tmpfsBytes(options string) uint64 {
	for option := range strings.SplitSeq(options, ",") {
		if text, ok := strings.CutPrefix(option, "size="); ok {
			var bytes types.UnitBytes
			if err := bytes.DecodeMapstructure(text); err == nil && bytes > 0 {
				return uint64(bytes)
			}
		}
	}
	return tmpfsSize
}

func (c *composer) shm(s *service, in types.ServiceConfig, path string) {
	c.memoryVolume(s, "/dev/shm", uint64(max(0, in.ShmSize)), path)
}

// namedVolumes reports the volumes of the top level.
func (c *composer) namedVolumes() {
	volumes, _ := c.root["volumes"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(volumes)) {
		path, v := at("volumes", name), c.project.Volumes[name]
		switch {
		case bool(v.External):
			c.report.add(Blocker, path, "a volume of before is not there", "copy the data yourself into the new one")
		case len(v.DriverOpts) > 0 || (v.Driver != "" && v.Driver != "local"):
			c.report.add(Blocker, path, "storage is what Akash providers have, by class; no other driver and no network "+
				"file system is mounted", "use S3, or have the container mount nothing")
		default:
			c.report.add(Mapped, path, "storage of the service that mounts it", "")
		}
	}
}
