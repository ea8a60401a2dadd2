// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"strings"
)

// mountPoints makes the volumes that last storage of the container; readVolumes has told what becomes of each.
func (t *tasker) mountPoints(c *container, path string) {
	for _, o := range c.objects("mountPoints") {
		t.known(o, "sourceVolume", "containerPath", "readOnly")
		name, mount := o.text("sourceVolume"), o.text("containerPath")
		v := t.volumes[name]
		_, sized := t.options.VolumeSizes[name]
		switch {
		case !strings.HasPrefix(mount, "/"):
			t.badly(o.at("containerPath"), "an absolute path")
		case v == nil && !sized:
			t.report.add(Blocker, o.path, fmt.Sprintf("the task has no volume %q", name),
				"add it to volumes, or name it in the option volume_sizes")
		case v != nil && !sized && v.kind != lasting && (v.kind != network || !t.options.accepts(v.path)):
			t.report.add(Changed, o.path, "nothing is mounted there: see the volume "+name, "")
		default:
			c.volumes = append(c.volumes, volume{
				name: volumeName(c.service, name), mount: mount, size: orDefault(t.options.VolumeSizes[name], DefaultVolumeSize),
				class: orDefault(t.options.StorageClass, DefaultStorageClass), persistent: true,
				readOnly: o.text("readOnly") == "true",
			})
			t.report.add(Mapped, o.path, "where it is mounted", "")
		}
	}
	if len(c.objects("mountPoints")) == 0 {
		t.badly(path, "a list of mappings")
	}
}

// linuxParameters reads what the kernel is told about a container.
func (t *tasker) linuxParameters(c *container, _ string) {
	o, _ := c.object.object("linuxParameters")
	for _, key := range t.known(o, "capabilities", "devices", "initProcessEnabled", "maxSwap", "swappiness",
		"sharedMemorySize", "tmpfs") {
		path := at(o.path, key)
		switch strings.ToLower(key) {
		case "capabilities":
			capabilities, _ := o.object(key)
			for _, word := range t.known(capabilities, "add", "drop") {
				v := kernel
				if strings.EqualFold(word, "drop") {
					v = harden
				}
				t.report.add(v.Severity, at(path, word), v.Reason, v.Remedy)
			}
		case "devices":
			t.report.add(Blocker, path, "Akash providers give no devices of their machines but GPUs",
				"ask for GPUs with resourceRequirements")
		case "initprocessenabled":
			t.flag(path, o.text(key), composeVerdicts["init"])
		case "sharedmemorysize":
			t.inMemory(c, path, "/dev/shm", o.text(key))
		case "tmpfs":
			for _, mount := range o.objects(key) {
				t.known(mount, "containerPath", "size", "mountOptions")
				t.inMemory(c, mount.path, mount.text("containerPath"), mount.text("size"))
			}
		default:
			t.report.add(tuned.Severity, path, tuned.Reason, tuned.Remedy)
		}
	}
}

// inMemory mounts storage in memory; its size is in MiB.
func (t *tasker) inMemory(c *container, path, mount, text string) {
	size, ok := wholeNumber(text)
	if !ok || size == 0 || !strings.HasPrefix(mount, "/") {
		t.badly(path, "a size in MiB, and an absolute path where one is asked for")
		return
	}
	c.volumes = append(c.volumes,
		volume{name: volumeName(c.service, "ram"), mount: mount, size: sizeText(size * mib), class: "ram"})
	t.report.add(Mapped, path, "storage in memory, of "+sizeText(size*mib), "")
}
