// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// blank is a value that somebody has to fill in first.
var blank = regexp.MustCompile(`^<[^<>]+>$`)

// environment reads the variables. A list of one name twice keeps the last, as ECS does.
func (t *tasker) environment(c *container, path string) {
	list, ok := c.values[c.find("environment")].([]any)
	if !ok {
		t.badly(path, "a list of mappings with name and value")
		return
	}
	for i, element := range list {
		place := item(path, i)
		values, ok := element.(map[string]any)
		o := object{path: place, values: values, skip: c.skip}
		if !ok || o.text("name") == "" {
			if !c.skip[place] {
				t.badly(place, "a mapping with name and value")
			}
			continue
		}
		t.known(o, "name", "value")
		if c.skip[at(place, "value")] || c.skip[at(place, "Value")] {
			t.report.add(Mapped, o.at("name"), "a variable, without its value", "")
			continue // only CloudFormation knows it, and the report says so
		}
		name, value := o.text("name"), o.text("value")
		if earlier, twice := c.env[name]; twice && strings.HasPrefix(earlier, path) {
			t.report.add(Dropped, earlier, "the variable stands there again", "")
		}
		c.service.env[name], c.env[name] = value, place
		if blank.MatchString(value) {
			t.report.add(Changed, place, "its value looks like a blank that is to be filled in",
				"give the value in env of akash_deployment and akash_lease")
			continue
		}
		t.report.add(Mapped, place, "a variable", "")
	}
}

// environmentFiles reads the files that are given.
func (t *tasker) environmentFiles(c *container, _ string) {
	for _, o := range c.objects("environmentFiles") {
		t.known(o, "value", "type")
		name := o.text("value")
		text, given := t.given.EnvironmentFiles[name]
		if !given {
			t.report.add(Blocker, o.path, "files in S3 are not read", fmt.Sprintf(
				"give its text in the option environment_files: environment_files = { %q = file(\"...\") }", name))
			continue
		}
		variables, bad := environmentFile(text)
		if bad > 0 {
			t.report.add(Blocker, o.path, fmt.Sprintf("line %d of the text that is given for it is not of the form "+
				"NAME=value", bad), "correct it, or give the variables in env_wo")
			continue
		}
		for name, value := range variables {
			if _, earlier := c.env[name]; !earlier { // the first file that has it counts
				c.service.env[name], c.env[name] = value, o.path
			}
		}
		t.report.add(Mapped, o.path, fmt.Sprintf("%d variables", len(variables)), "")
	}
}

// environmentFile reads lines of NAME=value; a line that begins with # is a comment. Quotes and spaces are part of a
// value, as they are for ECS. bad is the number of a line that is neither; 0 for none.
func environmentFile(text string) (variables map[string]string, bad int) {
	variables = map[string]string{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok || name == "" {
			return nil, i + 1
		}
		variables[name] = value
	}
	return variables, 0
}

// secretNames notes the variables whose values are in Secrets Manager or the Parameter Store.
func (t *tasker) secretNames(c *container, path string) {
	for _, o := range c.objects("secrets") {
		t.known(o, "name", "valueFrom")
		name := o.text("name")
		if name == "" {
			t.badly(o.path, "a mapping with name and valueFrom")
			continue
		}
		if !slices.Contains(t.secrets[c.name], name) {
			t.secrets[c.name] = append(t.secrets[c.name], name)
		}
		source := "aws_secretsmanager_secret_version"
		if from := o.text("valueFrom"); !strings.Contains(from, ":secretsmanager:") {
			source = "aws_ssm_parameter"
		}
		t.report.add(Changed, o.path, "Akash providers read no secrets of AWS: the value is given with the deployment, and "+
			"the Akash provider can see it", fmt.Sprintf("read it with an ephemeral %s and give it in env_wo = { %s = { %s = "+
			"... } } of akash_deployment and akash_lease", source, c.name, name))
	}
	if len(c.objects("secrets")) == 0 {
		t.badly(path, "a list of mappings with name and valueFrom")
	}
	slices.Sort(t.secrets[c.name])
}
