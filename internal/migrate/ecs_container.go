// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// containerVerdicts are the keys of a container, in lower case, of which nothing comes over whatever they say.
var containerVerdicts = map[string]verdict{
	"dockerlabels":     labels,
	"healthcheck":      composeVerdicts["healthcheck"],
	"logconfiguration": {Dropped, composeVerdicts["logging"].Reason, composeVerdicts["logging"].Remedy},
	"starttimeout":     {Dropped, "nothing waits for a container to start", ""},
	"stoptimeout":      {Dropped, "containers have 30 seconds to end, or what the Akash provider decided", ""},
	"versionconsistency": {
		Dropped, "a tag is looked up again whenever a container starts somewhere else",
		"pin the image by its digest",
	},
	"user":                  composeVerdicts["user"],
	"workingdirectory":      composeVerdicts["working_dir"],
	"dnsservers":            composeVerdicts["dns"],
	"dnssearchdomains":      composeVerdicts["dns_search"],
	"extrahosts":            composeVerdicts["extra_hosts"],
	"dockersecurityoptions": harden,
	"ulimits":               composeVerdicts["ulimits"],
	"systemcontrols":        kernel,
	"credentialspecs":       composeVerdicts["credential_spec"],
	"volumesfrom":           composeVerdicts["volumes_from"],
}

// containerFlags are the keys that are on or off, where off needs nothing.
var containerFlags = map[string]verdict{
	"privileged": {
		Blocker, "no container is privileged on Akash",
		"use software that needs no more than its own files",
	},
	"disablenetworking":      {Blocker, "containers on Akash reach the internet", "accept it if that does no harm"},
	"readonlyrootfilesystem": {Dropped, "a container may write to its own disk on Akash", ""},
	"interactive":            composeVerdicts["stdin_open"],
	"pseudoterminal":         composeVerdicts["tty"],
}

// readContainer reads a container, key by key. What is not in the tables is a blocker, by [Report.complete].
func (t *tasker) readContainer(c *container) {
	if firelens, ok := c.object.object("firelensConfiguration"); ok && len(firelens.keys()) > 0 {
		c.left = true
		t.report.add(Dropped, c.path(), "it is the log router of the task, and is left out: no log of another container "+
			"comes to it on Akash", "data.akash_logs reads logs; have the software send those that have to stay")
		return
	}
	read := map[string]func(*container, string){
		"name": t.name, "image": t.image, "command": t.command, "entrypoint": t.entryPoint,
		"environment": t.environment, "environmentfiles": t.environmentFiles, "secrets": t.secretNames,
		"portmappings": t.portMappings, "mountpoints": t.mountPoints, "linuxparameters": t.linuxParameters,
		"resourcerequirements": t.resourceRequirements, "repositorycredentials": t.repositoryCredentials,
		"dependson": t.dependsOn, "essential": t.essential, "restartpolicy": t.restartPolicy,
		"links": t.linked, "hostname": t.hostname,
		"cpu": t.cpu, "memory": t.memory, "memoryreservation": t.memoryReservation,
	}
	t.environmentFiles(c, c.at("environmentFiles")) // what environment says comes before them
	for _, key := range c.keys() {
		path, name := at(c.path(), key), strings.ToLower(key)
		if v, ok := containerVerdicts[name]; ok {
			t.report.add(v.Severity, path, v.Reason, v.Remedy)
		} else if v, ok := containerFlags[name]; ok {
			t.flag(path, c.text(key), v)
		} else if use, ok := read[name]; ok && name != "environmentfiles" {
			use(c, path)
		}
	}
	t.doubled(c.object)
	if c.image = cmp.Or(c.image, t.options.Images[c.from]); c.image == "" {
		t.report.impossible(c.path(), "it has no image", "name one in the option images")
	}
}

// path is where the container stands in the input.
func (c *container) path() string { return c.service.path }

func (t *tasker) name(_ *container, path string) {
	t.report.add(Mapped, path, "the name of the service", "")
}

// ecr is the registry of an account; public.ecr.aws needs no login.
var ecr = regexp.MustCompile(`^[0-9]{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com|on\.aws)`)

func (t *tasker) image(c *container, path string) {
	from := c.text("image")
	if from == "" {
		t.badly(path, "a text")
		return
	}
	if given := t.options.Images[c.from]; given != "" {
		c.image = given
		t.report.add(Changed, path, given+" runs in its place", "")
		return
	}
	c.image = from
	switch {
	case ecr.MatchString(from):
		t.report.add(Blocker, path, "the image is in a private registry of AWS, whose logins last 12 hours: a container "+
			"that starts again later, anywhere, cannot pull it",
			fmt.Sprintf("copy it to a registry with a lasting login or with none, and name it in the option images: "+
				"images = { %q = \"ghcr.io/you/name:1.0\" }; accepted, give the login in registry_credentials_wo", c.from))
	case floating(from):
		t.report.add(Changed, path, "the image's tag moves, so a restart may run another version",
			"pin it by a version, or a digest")
	default:
		t.report.add(Mapped, path, "the image", "")
	}
}

func (t *tasker) repositoryCredentials(c *container, path string) {
	o, _ := c.object.object("repositoryCredentials")
	t.known(o, "credentialsParameter")
	t.report.add(Changed, path, "Akash providers read no secrets of AWS, and are given the login of the registry",
		fmt.Sprintf("give it as registry_credentials_wo = { %s = { host, username, password } } to akash_deployment and "+
			"akash_lease", c.name))
}

// list are the texts of a list of the container.
func (t *tasker) list(c *container, path, key string) []string {
	_, value := c.get(key)
	elements, ok := value.([]any)
	if !ok {
		t.badly(path, "a list of texts")
		return nil
	}
	out := make([]string, 0, len(elements))
	for i, element := range elements {
		if c.skip[item(path, i)] {
			continue
		}
		switch element.(type) {
		case map[string]any, []any, nil:
			t.badly(item(path, i), "a text")
		default:
			out = append(out, scalar(element))
		}
	}
	return out
}

func (t *tasker) command(c *container, path string) {
	c.args = t.list(c, path, "command")
	t.report.add(Mapped, path, "the args of the SDL, which go to the image's entry point", "")
}

func (t *tasker) entryPoint(c *container, path string) {
	c.command = t.list(c, path, "entryPoint")
	t.report.add(Mapped, path, "the command of the SDL", "")
}

func (t *tasker) essential(c *container, path string) {
	switch {
	case c.text("essential") == "false":
		t.report.add(Dropped, path, "a container that ends is started again, also where its task went on without it",
			"take it out if it is no service")
	case len(t.containers) == 1:
		t.report.add(Mapped, path, "the container is started again when it ends", "")
	default:
		t.report.add(Changed, path, "the container alone is started again when it ends, and not the whole task", "")
	}
}

func (t *tasker) restartPolicy(c *container, path string) {
	o, _ := c.object.object("restartPolicy")
	t.known(o, "enabled", "ignoredExitCodes", "restartAttemptPeriod")
	if o.has("ignoredExitCodes") || o.text("enabled") == "false" {
		t.report.add(Dropped, path, "a container is started again whatever its exit code is",
			"have it wait in its entry point if it is done")
		return
	}
	t.report.add(Mapped, path, "a container that ends is started again", "")
}

// dependsOn reports the order of starts. Containers that others wait for to end are found by initContainers.
func (t *tasker) dependsOn(c *container, path string) {
	for _, o := range c.objects("dependsOn") {
		t.known(o, "containerName", "condition")
		name, condition := o.text("containerName"), strings.ToUpper(o.text("condition"))
		switch {
		case t.named(name) == nil:
			t.report.add(Dropped, o.path, fmt.Sprintf("there is no container %q", name), "")
		case condition == "SUCCESS" || condition == "COMPLETE":
			t.report.add(Dropped, o.path, "no container waits until another one has ended, see "+name, "")
		default:
			t.report.add(Dropped, o.path, "all services start at once, in no order", "have "+c.from+" wait for "+name+
				" in its entry point; a service that ends is started again")
		}
	}
	if len(c.objects("dependsOn")) == 0 {
		t.badly(path, "a list of mappings")
	}
}

// initContainers refuses containers that do their work and end before others start.
func (t *tasker) initContainers() {
	for _, c := range t.containers {
		for _, o := range c.objects("dependsOn") {
			first, condition := t.named(o.text("containerName")), strings.ToUpper(o.text("condition"))
			if first == nil || first.left || (condition != "SUCCESS" && condition != "COMPLETE") {
				continue
			}
			first.left = true
			t.report.forget(first.path())
			t.report.add(Blocker, first.path(), fmt.Sprintf("%s waits until it has ended, and on Akash it would be started "+
				"again for ever", c.from), "do its work in the entry point of "+c.from+", or once with akash_exec; "+
				"accepted, it is left out")
		}
	}
}

// linked notes the names by which a container calls others in bridge mode.
func (t *tasker) linked(c *container, path string) {
	for i, link := range t.list(c, path, "links") {
		target, alias, renamed := strings.Cut(link, ":")
		other := t.named(target)
		if !renamed {
			alias = target
		}
		switch {
		case other == nil:
			t.report.add(Dropped, item(path, i), fmt.Sprintf("there is no container %q", target), "")
		case strings.EqualFold(alias, other.name):
			t.report.add(Mapped, item(path, i), "services reach each other by name", "")
		default:
			c.links[alias] = other.name
			t.report.add(Changed, item(path, i), fmt.Sprintf("it is reached as %s and not as %s, which its variables and "+
				"its command say now", other.name, alias), "")
		}
	}
}

func (t *tasker) hostname(c *container, path string) {
	if strings.EqualFold(c.text("hostname"), c.name) {
		t.report.add(Mapped, path, "the service has that name", "")
		return
	}
	t.report.add(Dropped, path, "the service is reached as "+c.name+" and by no other name", "")
}

// resourceRequirements reads how many GPUs there are to be.
func (t *tasker) resourceRequirements(c *container, path string) {
	for _, o := range c.objects("resourceRequirements") {
		t.known(o, "type", "value")
		switch strings.ToUpper(o.text("type")) {
		case "GPU":
			units, ok := wholeNumber(o.text("value"))
			if !ok || units == 0 || units > 64 {
				t.badly(o.at("value"), "a number of GPUs, from 1 to 64")
				continue
			}
			c.gpus += units
			t.report.add(Mapped, o.path, "GPUs", "")
		default:
			t.report.add(Blocker, o.path, "Akash rents out no accelerators but GPUs of NVIDIA", "ask for a GPU")
		}
	}
	if len(c.objects("resourceRequirements")) == 0 {
		t.badly(path, "a list of mappings")
	}
}
