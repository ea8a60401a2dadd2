// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// ECSOptions are what a task definition does not say and Akash has to know, and [Options]. Services are named as the
// containers are.
type ECSOptions struct {
	Options
	// TaskCPU and TaskMemory are those of the task, as the API takes them ("256", "1 vCPU"; "512", "2GB"), for a list of
	// containers that stands alone. They come before those of the input.
	TaskCPU, TaskMemory string
	// DesiredCount is how many tasks the ECS service runs: each becomes a replica of every service. 0 for 1.
	DesiredCount uint32
	// InstanceType is the type of EC2 that the tasks run on. It decides which GPU is asked for, unless GPUs says so.
	InstanceType string
	// EnvironmentFiles are the texts of environment files, by the ARN in the input.
	EnvironmentFiles map[string]string
	// InternalContainers are containers whose ports stay closed to everybody but the other containers.
	InternalContainers []string
}

// tasker reads one task definition.
type tasker struct {
	draft
	given ECSOptions
	// task is the definition and path where the input has it.
	task object
	// containers are those of the definition, in its order; nil for one that is no mapping.
	containers []*container
	volumes    map[string]*taskVolume
}

// container is a container of a task, with the service that it becomes.
type container struct {
	object
	*service
	// cpuUnits are 1024ths of a core, hardMiB and softMiB the limit and the reservation of memory; 0 for none said.
	cpuUnits, hardMiB, softMiB uint64
	// declared are the ports of its mappings.
	declared []uint32
	links    map[string]string
	// env says where each variable stands, for what is said of its value.
	env map[string]string
}

// ECS puts a task definition of Amazon ECS into the words of Akash. The text is JSON: the input of
// register-task-definition, what describe-task-definition prints, a list of container definitions (as Terraform's
// container_definitions is), or a CloudFormation template, resource or properties of AWS::ECS::TaskDefinition. What it
// cannot translate is in the report; an error is [ErrUnreadable] for a text that is none of these, [ErrNotAccepted], or
// an option that is wrong. It reads the text and nothing else. Safe for use by several goroutines.
//
// The keys are those of RegisterTaskDefinition, API version 2014-11-13:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
func ECS(text string, options ECSOptions) (Conversion, error) {
	if err := options.check(); err != nil {
		return Conversion{}, err
	}
	root, err := decodeJSON(text)
	if err != nil {
		return Conversion{}, err
	}
	t := &tasker{
		draft: draft{options: options.Options, secrets: map[string][]string{}},
		given: options, volumes: map[string]*taskVolume{},
	}
	if list, ok := root.([]any); ok {
		root = map[string]any{"containerDefinitions": list}
	}
	if err := t.find(root); err != nil {
		return Conversion{}, err
	}
	t.intrinsics(t.task.path, t.task.values)
	if err := t.begin(); err != nil {
		return Conversion{}, err
	}
	if err := t.gpuModels(); err != nil {
		return Conversion{}, err
	}
	t.readTask()
	for _, c := range t.containers {
		t.readContainer(c)
	}
	t.initContainers()
	t.shareCPU()
	t.shareMemory()
	t.shareDisk()
	t.wantedPorts()
	t.localhost()
	return t.finish(root)
}

// find locates the task definition within what was given.
func (t *tasker) find(root any) error {
	top, ok := newObject("", root)
	if !ok {
		return fmt.Errorf("%w as a task definition: its top level is neither a mapping nor a list", ErrUnreadable)
	}
	switch {
	case top.has("containerDefinitions"):
		t.task = top
	case top.has("taskDefinition"):
		inner, ok := top.object("taskDefinition")
		if !ok {
			return fmt.Errorf("%w as a task definition: taskDefinition is no mapping; a name or an ARN has no containers, "+
				"give what \"aws ecs describe-task-definition\" prints", ErrUnreadable)
		}
		t.task = inner
		if path, value := top.get("tags"); value != nil {
			t.report.add(labels.Severity, path, labels.Reason, labels.Remedy)
		}
	case top.has("Resources"):
		return t.findInTemplate(top)
	case top.has("Properties"):
		return t.findInResource(top)
	default:
		return fmt.Errorf("%w as a task definition: it has no containerDefinitions; give the input of "+
			"\"aws ecs register-task-definition\", what \"aws ecs describe-task-definition\" prints, a list of container "+
			"definitions, or a CloudFormation template with an AWS::ECS::TaskDefinition", ErrUnreadable)
	}
	return nil
}

const taskType = "AWS::ECS::TaskDefinition"

// findInTemplate takes the only task definition of a CloudFormation template.
func (t *tasker) findInTemplate(top object) error {
	resources, _ := top.object("Resources")
	var found []string
	for _, name := range resources.keys() {
		resource, _ := resources.object(name)
		if resource.text("Type") == taskType {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%w as a task definition: the template has %d resources of the type %s (%s), and one is read; "+
			"give the Properties of one", ErrUnreadable, len(found), taskType, orNone(found))
	}
	for _, name := range resources.keys() {
		resource, _ := resources.object(name)
		path := at(resources.path, name)
		switch kind := resource.text("Type"); {
		case name == found[0]:
		case kind == "AWS::ECS::Service":
			t.report.add(Dropped, path, "Akash has services of its own: no rolling deployment, circuit breaker, load "+
				"balancer or Service Connect", "say how many tasks it ran with the option desired_count")
		default:
			t.report.add(Dropped, path, "it is no task definition", "what the task needs of it stays on AWS, or is "+
				"written by hand")
		}
	}
	for _, key := range top.keys() {
		if key != resources.key {
			t.report.add(Dropped, key, "of a template only the task definition is read", "")
		}
	}
	resource, _ := resources.object(found[0])
	return t.findInResource(resource)
}

// findInResource takes the properties of a resource of CloudFormation.
func (t *tasker) findInResource(resource object) error {
	if kind := resource.text("Type"); kind != "" && kind != taskType {
		return fmt.Errorf("%w as a task definition: the resource is of the type %q, not %s", ErrUnreadable, kind, taskType)
	}
	properties, ok := resource.object("Properties")
	if !ok || !properties.has("containerDefinitions") {
		return fmt.Errorf("%w as a task definition: %s has no ContainerDefinitions", ErrUnreadable,
			at(resource.path, "Properties"))
	}
	t.task = properties
	for _, key := range resource.keys() {
		if key != properties.key {
			t.report.add(Mapped, at(resource.path, key), "it is about the template", "")
		}
	}
	return nil
}

// whatever are the keys, in lower case, whose values decide nothing; CloudFormation may work those out.
func whatever(key string) bool {
	key = strings.ToLower(key)
	_, ofTask := taskVerdicts[key]
	_, ofContainer := containerVerdicts[key]
	return ofTask || ofContainer || slices.Contains([]string{
		"valuefrom", "credentialsparameter", "efsvolumeconfiguration", "fsxwindowsfileservervolumeconfiguration",
		"s3filesvolumeconfiguration", "driveropts", "firelensconfiguration",
	}, key)
}

// intrinsics reports what only CloudFormation can work out, and takes it for not said.
func (t *tasker) intrinsics(path string, value any) {
	check := func(path string, value any) {
		if name := intrinsic(value); name != "" {
			t.report.add(Blocker, path, name+" is worked out by CloudFormation alone", "write the value, or give what "+
				"\"aws ecs describe-task-definition\" prints for the task definition")
			t.task.unreadable(path)
			return
		}
		t.intrinsics(path, value)
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !whatever(key) {
				check(at(path, key), v[key])
			}
		}
	case []any:
		for i, element := range v {
			check(item(path, i), element)
		}
	}
}

// intrinsic is the function of CloudFormation that a value is, such as "Ref" or "Fn::Sub"; "" for none.
func intrinsic(value any) string {
	mapping, ok := value.(map[string]any)
	if !ok || len(mapping) != 1 {
		return ""
	}
	for key := range mapping {
		if key == "Ref" || strings.HasPrefix(key, "Fn::") {
			return key
		}
	}
	return ""
}

// begin makes a service of each container, so that all names are known when one is read.
func (t *tasker) begin() error {
	list := t.task.list("containerDefinitions")
	if len(list) == 0 {
		return fmt.Errorf("%w as a task definition: %s is no list of containers; a text of JSON has to be decoded first",
			ErrUnreadable, t.task.at("containerDefinitions"))
	}
	for i, element := range list {
		path := item(t.task.at("containerDefinitions"), i)
		values, ok := newObject(path, element)
		if !ok {
			return fmt.Errorf("%w as a task definition: %s is no mapping", ErrUnreadable, path)
		}
		values.skip = t.task.skip
		name := values.text("name")
		if name == "" {
			t.report.missing(Changed, path, "the container has no name", "give it one")
			name = fmt.Sprintf("container-%d", i+1)
		}
		if slices.ContainsFunc(t.services, func(s *service) bool { return s.from == name }) {
			return fmt.Errorf("%w as a task definition: %s: another container is named %q", ErrUnreadable, path, name)
		}
		c := &container{
			object: values, service: t.newService(name, path), links: map[string]string{}, env: map[string]string{},
		}
		c.count = max(1, t.given.DesiredCount)
		t.containers = append(t.containers, c)
	}
	return t.checkNames()
}

// checkNames refuses options for containers and volumes that are not there: a typing mistake would do nothing.
func (t *tasker) checkNames() error {
	var volumes []string
	for _, o := range t.task.objects("volumes") {
		volumes = append(volumes, o.text("name"))
	}
	for _, c := range t.containers {
		for _, o := range c.objects("mountPoints") {
			volumes = append(volumes, o.text("sourceVolume"))
		}
	}
	return checkNames(append(t.options.namings("container", t.names(), slices.Compact(slices.Sorted(
		slices.Values(volumes)))), naming{"internal_containers", "container", t.given.InternalContainers, t.names()}))
}

// named is a container by its name; nil for none.
func (t *tasker) named(name string) *container {
	for _, c := range t.containers {
		if c.from == name {
			return c
		}
	}
	return nil
}

func (t *tasker) names() []string {
	var names []string
	for _, c := range t.containers {
		names = append(names, c.from)
	}
	return names
}

// gpuModels takes the GPU of the instance type that is given.
func (t *tasker) gpuModels() error {
	if t.given.InstanceType == "" || len(t.options.GPUs) > 0 {
		return nil
	}
	found, err := FindEC2GPU(t.given.InstanceType)
	if err != nil {
		return fmt.Errorf("instance_type: %w", err)
	}
	devices := []EC2Device{found.GPU}
	if found.Match != Exact {
		devices = append(devices, found.Alternatives...)
	}
	for _, d := range devices {
		model := sdl.ModelGPUModel{Model: d.Model, Interface: d.Interface}
		if d.GiB > 0 {
			model.RAM = fmt.Sprintf("%dGi", d.GiB)
		}
		t.options.GPUs = append(t.options.GPUs, model)
	}
	return nil
}
