// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"slices"
	"strings"
)

// noted is what AWS says about a definition when it is described.
var noted = verdict{Mapped, "it is what AWS notes about the definition", ""}

// taskVerdicts are the keys of a task, in lower case, of which nothing comes over whatever they say.
var taskVerdicts = map[string]verdict{
	"family": {Mapped, "it names the definition; the services have the names of the containers", ""},
	"taskrolearn": {
		Blocker, "a container on Akash has no role of AWS, so its calls to AWS are refused",
		"give it the keys of an IAM user that may do only what it needs, or a web identity, as variables in env_wo; " +
			"accept this if it calls nothing of AWS",
	},
	"executionrolearn": {
		Dropped, "no role of AWS pulls images, reads secrets and writes logs",
		"see the findings about the image, the secrets and the log",
	},
	"placementconstraints": {
		Dropped, "the machines are not yours",
		"choose Akash providers with bid_policy of akash_lease, or by attributes in the SDL",
	},
	"proxyconfiguration": {
		Blocker, "nothing stands between a container and the network, so there is no App Mesh",
		"take the proxy's container out, and have the others call each other by name",
	},
	"inferenceaccelerators": {Blocker, "Elastic Inference is Amazon's alone", "ask for a GPU with resourceRequirements"},
	"tags":                  labels,
	"taskdefinitionarn":     noted, "revision": noted, "status": noted, "requiresattributes": noted,
	"compatibilities": noted, "registeredat": noted, "registeredby": noted, "deregisteredat": noted,
	"deleterequestedat": noted,
	// The service may be given these beside the definition in a file of the CLI.
	"cliinputjson": noted, "generatecliskeleton": noted,
}

// readTask reads what stands beside the containers.
func (t *tasker) readTask() {
	for _, key := range t.task.keys() {
		path, name := at(t.task.path, key), strings.ToLower(key)
		if v, ok := taskVerdicts[name]; ok {
			t.report.add(v.Severity, path, v.Reason, v.Remedy)
			continue
		}
		switch name {
		case "networkmode":
			t.networkMode(path, t.task.text(key))
		case "pidmode", "ipcmode":
			t.namespace(path, t.task.text(key))
		case "requirescompatibilities":
			t.report.add(Mapped, path, "Akash providers run containers, whatever AWS ran them on", "")
		case "runtimeplatform":
			t.platform()
		case "enablefaultinjection":
			t.flag(path, t.task.text(key), verdict{Dropped, "nobody injects faults on Akash", ""})
		case "ephemeralstorage", "cpu", "memory", "containerdefinitions":
			// Read with the containers.
		case "volumes":
			t.readVolumes()
		}
	}
	t.doubled(t.task)
}

// doubled reports keys that differ in upper and lower case alone, of which one is read.
func (t *tasker) doubled(o object) {
	seen := map[string]string{}
	for _, key := range o.keys() {
		lower := strings.ToLower(key)
		if first, ok := seen[lower]; ok {
			t.report.add(Blocker, at(o.path, key), "it is "+first+" again, which is read", "write it once")
		}
		seen[lower] = key
	}
}

// flag reports something that is on or off; off needs nothing.
func (t *tasker) flag(path, value string, on verdict) {
	if strings.EqualFold(value, "false") {
		t.report.add(Mapped, path, "it is off, as on Akash", "")
		return
	}
	t.report.add(on.Severity, path, on.Reason, on.Remedy)
}

func (t *tasker) networkMode(path, mode string) {
	switch strings.ToLower(mode) {
	case "awsvpc", "bridge", "default":
		t.report.add(Changed, path, "services have networks of their own: no subnet, no security group, and only what is "+
			"published can be reached from outside", "what was in the same VPC is reached over the internet now; "+
			"let its firewall know, or use a VPN")
	case "none":
		t.report.add(Blocker, path, "containers on Akash reach the internet", "accept it if that does no harm")
	default:
		t.report.add(Blocker, path, "containers have no network of the machine",
			"accept it if the software needs no more than the ports that are mapped; publish one that is not mapped with "+
				"the option http_ports")
	}
}

func (t *tasker) namespace(path, mode string) {
	switch {
	case strings.EqualFold(mode, "none"):
		t.report.add(Mapped, path, "containers share nothing of that kind", "")
	case strings.EqualFold(mode, "task") && len(t.task.list("containerDefinitions")) == 1:
		t.report.add(Mapped, path, "there is one container", "")
	default:
		t.report.add(kernel.Severity, path, "containers on Akash share no processes and no memory with others or with "+
			"the machine", kernel.Remedy)
	}
}

// platform reads the processor and the operating system.
func (t *tasker) platform() {
	o, ok := t.task.object("runtimePlatform")
	if !ok {
		t.badly(o.path, "a mapping")
		return
	}
	for _, key := range t.known(o, "cpuArchitecture", "operatingSystemFamily") {
		path, value := at(o.path, key), strings.ToUpper(o.text(key))
		switch {
		case value == "X86_64", value == "LINUX":
			t.report.add(Mapped, path, "Akash providers run linux/amd64", "")
		case strings.EqualFold(key, "cpuArchitecture"):
			t.report.add(Blocker, path, "Akash providers run linux/amd64, and not "+value,
				"build the images for linux/amd64 too; accept this if they are")
		default:
			t.report.add(Blocker, path, "Akash providers run Linux", "use images for linux/amd64")
		}
	}
}

// known are the keys of a mapping that say something and that are known; each other one is reported. Names that are
// known in any mix of cases are given as the API has them.
func (t *tasker) known(o object, names ...string) []string {
	t.doubled(o)
	var known []string
	for _, key := range o.keys() {
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, key) }) {
			known = append(known, key)
			continue
		}
		t.unknown(at(o.path, key))
	}
	return known
}

// unknown reports a key that this version does not know.
func (t *tasker) unknown(path string) {
	t.report.add(Blocker, path, "this version does not know it", "take it out, or accept its loss")
}

// badly reports a value of the wrong kind.
func (t *tasker) badly(path, kind string) {
	t.report.Findings = append(t.report.Findings, Finding{
		Path: path, Severity: Blocker, Reason: "it has to be " + kind,
		Remedy: "write it as the API of ECS has it", final: true,
	})
}

// taskVolume is a volume of the task.
type taskVolume struct {
	object
	kind volumeKind
	// users are the containers that mount it.
	users []string
}

// volumeKind is where the data of a volume is on AWS.
type volumeKind int

const (
	scratch volumeKind = iota // of the task, gone with it
	lasting                   // of the machine or EBS, and stays
	machine                   // files of the machine
	network                   // EFS and other file systems of many
	windows
)

// kindWords say what each kind becomes, but for those with a size.
var kindWords = map[volumeKind]verdict{
	machine: {Blocker, "files of the machine are not on that of an Akash provider", "build them into the image, or name " +
		"the volume in the option volume_sizes to have an empty one"},
	network: {
		Blocker, "no network file system is mounted on Akash, and services share no volumes",
		"keep the files in S3, or name the volume in the option volume_sizes to have an empty one for each service, " +
			"which ends with the lease",
	},
	windows: {Blocker, "Akash providers run Linux, and mount no network file system", "keep the files in S3"},
}

// readVolumes decides what becomes of each volume; the containers that mount it say where.
func (t *tasker) readVolumes() {
	for i := range t.task.list("volumes") {
		if _, ok := t.task.list("volumes")[i].(map[string]any); !ok {
			t.badly(item(t.task.at("volumes"), i), "a mapping")
		}
	}
	for _, o := range t.task.objects("volumes") {
		v := &taskVolume{object: o}
		for _, key := range t.known(o, "name", "host", "dockerVolumeConfiguration", "efsVolumeConfiguration",
			"fsxWindowsFileServerVolumeConfiguration", "configuredAtLaunch", "s3filesVolumeConfiguration") {
			switch strings.ToLower(key) {
			case "host":
				if host, _ := o.object(key); host.has("sourcePath") {
					v.kind = machine
				}
			case "dockervolumeconfiguration":
				if c, _ := o.object(key); c.text("scope") == "shared" || !slices.Contains([]string{"", "local"}, c.text("driver")) {
					v.kind = lasting
				}
			case "configuredatlaunch":
				if o.text(key) == "true" {
					v.kind = lasting
				}
			case "efsvolumeconfiguration", "s3filesvolumeconfiguration":
				v.kind = network
			case "fsxwindowsfileservervolumeconfiguration":
				v.kind = windows
			}
		}
		t.volumes[o.text("name")] = v
		for _, c := range t.containers {
			for _, mount := range c.objects("mountPoints") {
				if mount.text("sourceVolume") == o.text("name") && !slices.Contains(v.users, c.from) {
					v.users = append(v.users, c.from)
				}
			}
		}
		t.volumeFinding(v)
	}
}

// volumeFinding reports a volume, apart from where it is mounted.
func (t *tasker) volumeFinding(v *taskVolume) {
	name := v.text("name")
	_, sized := t.options.VolumeSizes[name]
	switch words, refused := kindWords[v.kind]; {
	case len(v.users) == 0:
		t.report.add(Dropped, v.path, "no container mounts it", "")
	case refused && !sized:
		t.report.add(words.Severity, v.path, words.Reason, words.Remedy)
	case len(v.users) > 1 && !sized:
		t.report.add(Blocker, v.path, fmt.Sprintf("services share no volumes, and %s mount this one",
			strings.Join(v.users, " and ")), "have one hand its files to the other over the network, or keep them in S3; "+
			"accepted, each has its own, which begins empty")
	case v.kind == scratch && !sized:
		t.report.add(Changed, v.path, "it is part of the disk of its container, and as empty after a restart as that",
			"name it in the option volume_sizes if it has to last as long as the lease")
	default:
		t.report.add(Changed, v.path, fmt.Sprintf("it is persistent storage of %s for each service, begins empty, and is "+
			"gone when the lease ends", orDefault(t.options.VolumeSizes[name], DefaultVolumeSize)),
			fmt.Sprintf("set its size in the option volume_sizes, as %q; copy the data yourself, and back it up", name))
	}
}
