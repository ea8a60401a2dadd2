// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestECSGolden reads each definition of testdata/ecs, and compares all that is said about it, and the SDL.
func TestECSGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/ecs/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			c, err := migrate.ECS(string(text), migrate.ECSOptions{})
			require.NoError(t, err)
			requireWhole(t, c)
			golden(t, filepath.Join("testdata", "ecs", filepath.Base(file)+".golden"), describe(c))
			accepted := acceptAll(t, string(text), migrate.ECSOptions{}, c)
			if accepted.SDL != nil {
				golden(t, filepath.Join("testdata", "ecs", filepath.Base(file)+".accepted.golden"), string(accepted.SDL))
			}
		})
	}
}

// requireWhole checks what holds for every conversion.
func requireWhole(t *testing.T, c migrate.Conversion) {
	t.Helper()
	for _, f := range c.Report.Findings {
		require.NotEmpty(t, f.Reason, f.Path)
		require.NotEmpty(t, f.Path)
		require.False(t, strings.HasSuffix(f.Reason, "."), f.Reason)
		if f.Severity == migrate.Blocker {
			require.NotEmpty(t, f.Remedy, f.Path)
		}
	}
	require.Equal(t, len(c.Report.Of(migrate.Blocker)) > 0, c.SDL == nil, "an SDL is there if and only if nothing blocks")
	if c.SDL != nil {
		parsed, problems := sdl.Parse(c.SDL)
		require.NotNil(t, parsed, problems.String())
	}
}

// acceptAll converts again, doing without whatever can be done without.
func acceptAll(t *testing.T, text string, options migrate.ECSOptions, c migrate.Conversion) migrate.Conversion {
	t.Helper()
	if len(c.Report.Of(migrate.Blocker)) == 0 {
		return migrate.Conversion{}
	}
	seen := map[string]bool{}
	for _, f := range c.Report.Of(migrate.Blocker) {
		if !seen[f.Path] {
			options.AcceptLosses = append(options.AcceptLosses, f.Path)
		}
		seen[f.Path] = true
	}
	again, err := migrate.ECS(text, options)
	if err != nil {
		require.ErrorIs(t, err, migrate.ErrNotAccepted)
		return migrate.Conversion{}
	}
	requireWhole(t, again)
	return again
}

// task is a definition with one container that has what has to be there, and more keys.
func task(more string) string {
	return `{"containerDefinitions": [{"name": "web", "image": "nginx:1.27.3", "portMappings": [{"containerPort": 80}]` +
		more + `}]}`
}

// find is the finding at a path, of which there has to be one.
func find(t *testing.T, c migrate.Conversion, path string) migrate.Finding {
	t.Helper()
	for _, f := range c.Report.Findings {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("no finding at %s:\n%s", path, describe(c))
	return migrate.Finding{}
}

func TestECSUnreadable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"nothing":      {"", "unexpected EOF"},
		"YAML":         {"family: web\n", "line 1"},
		"a number":     {"1", "neither a mapping nor a list"},
		"two values":   {"{} {}", "after the first value"},
		"half":         {`{"containerDefinitions": [`, "unexpected EOF"},
		"a key twice":  {"{\n\"family\": \"a\",\n\"family\": \"b\"}", "line 3: the key family stands there twice"},
		"no task":      {`{"services": {}}`, "has no containerDefinitions"},
		"an ARN":       {`{"taskDefinition": "arn:aws:ecs:x"}`, "taskDefinition is no mapping"},
		"text":         {`{"containerDefinitions": "[]"}`, "no list of containers"},
		"no container": {`{"containerDefinitions": [1]}`, "containerDefinitions[0] is no mapping"},
		"names":        {`[{"name": "a"}, {"name": "a"}]`, `another container is named "a"`},
		"a service": {
			`{"Type": "AWS::ECS::Service", "Properties": {"ContainerDefinitions": [{}]}}`, `is of the type "AWS::ECS::Service"`,
		},
		"two tasks": {
			`{"Resources": {"A": {"Type": "AWS::ECS::TaskDefinition"}, "B": {"Type": "AWS::ECS::TaskDefinition"}}}`,
			"2 resources of the type AWS::ECS::TaskDefinition (A, B)",
		},
		"deep": {strings.Repeat("[", 100), "nested deeper than 40"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := migrate.ECS(c.text, migrate.ECSOptions{})
			require.ErrorIs(t, err, migrate.ErrUnreadable)
			require.ErrorContains(t, err, c.says)
		})
	}
}

// TestECSOptions shows that an option that names nothing is an error, and not a wish that nobody hears.
func TestECSOptions(t *testing.T) {
	t.Parallel()
	for says, options := range map[string]migrate.ECSOptions{
		`internal_containers: there is no container "db"; there are: web`: {InternalContainers: []string{"db"}},
		`images: there is no container "db"; there are: web`: {
			Options: migrate.Options{Images: map[string]string{"db": "x"}},
		},
		`volume_sizes: there is no volume "db"; there are: none`: {
			Options: migrate.Options{VolumeSizes: map[string]string{"db": "1Gi"}},
		},
		`memory: `: {Options: migrate.Options{Memory: "much"}},
		`instance_type: instance type "g4ad.xlarge" has no counterpart`: {InstanceType: "g4ad.xlarge"},
		`tags: not a loss that can be accepted`: {
			Options: migrate.Options{AcceptLosses: []string{"tags"}},
		},
	} {
		_, err := migrate.ECS(task(`}], "tags": [{"key": "a", "value": "b"`), options)
		require.ErrorContains(t, err, says)
	}
}

// TestECSOptionsApply shows what each option does.
func TestECSOptionsApply(t *testing.T) {
	t.Parallel()
	text := `[{"name": "web", "image": "1.dkr/x", "resourceRequirements": [{"type": "GPU", "value": 2}],
		"environmentFiles": [{"value": "arn:a", "type": "s3"}], "environment": [{"name": "A", "value": "own"}],
		"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]},
		{"name": "db", "image": "postgres:17.2", "portMappings": [{"containerPort": 5432}]}]`
	c, err := migrate.ECS(text, migrate.ECSOptions{
		Options: migrate.Options{
			Images: map[string]string{"web": "ghcr.io/you/web:1"}, HTTPPorts: map[string]uint32{"web": 7000},
			Hosts: map[string][]string{"web": {"www.example.com"}}, VolumeSizes: map[string]string{"data": "5Gi"},
			StorageClass: "beta3", EphemeralStorage: "2Gi", MaxPriceUactPerBlock: "77",
		},
		TaskCPU: "2 vCPU", TaskMemory: "8 GB", DesiredCount: 3, InstanceType: "p4d.24xlarge",
		EnvironmentFiles:   map[string]string{"arn:a": "# comment\r\n\r\nA=file\nB=x=\"y\"\r\n"},
		InternalContainers: []string{"db"},
	})
	require.NoError(t, err)
	require.NotNil(t, c.SDL, describe(c))
	text = string(c.SDL)
	for _, says := range []string{
		"image: ghcr.io/you/web:1", "- port: 7000\n        as: 80", "- www.example.com", "size: 5Gi", "class: beta3",
		"size: 2Gi", `amount: "77"`, "count: 3", "units: 2", "model: a100", "ram: 40Gi", "interface: sxm", "- A=own",
		"B=x=", "size: 4Gi", "units: \"1\"",
	} {
		require.Contains(t, text, says)
	}
	require.Equal(t, 1, strings.Count(text, "global: true"), "the database is closed")
	require.NotContains(t, text, "A=file", "environment comes first")
}

func TestECSNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cpu, memory, wantCPU, wantMemory string }{
		{`"256"`, `"512"`, "250m", "512Mi"},
		{`256`, `512`, "250m", "512Mi"},
		{`".25 vCPU"`, `"0.5GB"`, "250m", "512Mi"},
		{`"1vcpu"`, `"30 GB"`, `"1"`, "30Gi"},
		{`"16384"`, `"120GB"`, `"16"`, "120Gi"},
	} {
		conversion, err := migrate.ECS(task(`}], "cpu": `+c.cpu+`, "memory": `+c.memory+`, "tags": [{`), migrate.ECSOptions{})
		require.NoError(t, err)
		require.Contains(t, string(conversion.SDL), "units: "+c.wantCPU+"\n", c.cpu)
		require.Contains(t, string(conversion.SDL), "size: "+c.wantMemory+"\n", c.memory)
	}
	for _, bad := range []string{
		`"much"`, `"1 core"`, `-1`, `0.5`, `0`, `1e3`, `["256"]`, `"99999999999999999999"`, `true`,
	} {
		conversion, err := migrate.ECS(task(`}], "cpu": `+bad+`, "tags": [{`), migrate.ECSOptions{})
		require.NoError(t, err)
		require.Nil(t, conversion.SDL, bad)
		require.Equal(t, migrate.Blocker, find(t, conversion, "cpu").Severity, bad)
	}
}

// TestECSLocalhost shows whom a container means by localhost.
func TestECSLocalhost(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"localhost:6379":                                 "cache:6379",
		"redis://:secret@127.0.0.1:6379/0":               "redis://:secret@cache:6379/0",
		"a=localhost:6379,localhost:9000,localhost:6379": "a=cache:6379,api:9000,cache:6379",
		"http://[::1]:9000/":                             "http://api:9000/",
		"localhost:8080":                                 "localhost:8080", // its own
		"localhost:1":                                    "localhost:1",
		"mylocalhost:6379":                               "mylocalhost:6379",
		"localhost.example.com:6379":                     "localhost.example.com:6379",
		"127.0.0.10:6379":                                "127.0.0.10:6379",
		"localhost:99999":                                "localhost:99999",
	} {
		text := `[{"name": "web", "image": "a:1", "portMappings": [{"containerPort": 8080}],
			"environment": [{"name": "X", "value": "` + value + `"}]}, {"name": "cache", "image": "redis:7"},
			{"name": "api", "image": "b:1", "portMappings": [{"containerPort": 9000}]}]`
		c, err := migrate.ECS(text, migrate.ECSOptions{})
		require.NoError(t, err)
		require.Regexp(t, `- "?X=`+regexp.QuoteMeta(want)+`"?\n`, string(c.SDL), value)
	}
}

// TestECSKnowsEveryKey takes the definition that has every key of the API, and shows that none is unknown and that one
// TestECSLongerNamesThanLocalhost: what only begins with localhost is somebody else.
func TestECSLongerNamesThanLocalhost(t *testing.T) {
	t.Parallel()
	got, err := migrate.ECS(`[{"name": "web", "image": "x:1", "portMappings": [{"containerPort": 80}], "environment": [
		{"name": "A_URL", "value": "redis://localhost:6379"}, {"name": "B_URL", "value": "redis://localhost.example:6379"}]},
		{"name": "cache", "image": "redis:7.4.1"}]`, migrate.ECSOptions{})
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "A_URL=redis://cache:6379", describe(got))
	require.Contains(t, string(got.SDL), "B_URL=redis://localhost.example:6379")
	require.Equal(t, migrate.Mapped, find(t, got, "containerDefinitions[0].environment[1]").Severity, describe(got))
}

// TestECSEnvironmentFilesInOrder: the first file that has a variable counts, and environment before all.
func TestECSEnvironmentFilesInOrder(t *testing.T) {
	t.Parallel()
	got, err := migrate.ECS(`[{"name": "web", "image": "x:1", "portMappings": [{"containerPort": 80}],
		"environment": [{"name": "C", "value": "mine"}],
		"environmentFiles": [{"type": "s3", "value": "arn:1"}, {"type": "s3", "value": "arn:2"}]}]`,
		migrate.ECSOptions{EnvironmentFiles: map[string]string{"arn:1": "A=1\nC=1\n", "arn:2": "A=2\nB=2\n"}})
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "- A=1\n      - B=2\n      - C=mine\n", describe(got))
}

// more is, wherever it stands.
func TestECSKnowsEveryKey(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/ecs/every_key.json")
	require.NoError(t, err)
	c, err := migrate.ECS(string(text), migrate.ECSOptions{})
	require.NoError(t, err)
	for _, f := range c.Report.Findings {
		require.NotContains(t, f.Reason, "does not know", f.Path)
	}
	// Free mappings, where any key may stand, are reported as a whole.
	for _, place := range []string{
		`"family":`, `"name": "Web_App"`, `"containerPort":`, `"sourceVolume": "uploads"`, `"name": "scratch"`,
		`"credentialsParameter": "arn:aws`, `"enabled": true`, `"value": "arn:aws:s3`, `"initProcessEnabled"`, `"size": 64`,
		`"add":`, `"name": "API_KEY"`, `"containerName": "db"`, `"type": "GPU"`, `"sizeInGiB"`, `"cpuArchitecture"`,
	} {
		require.Contains(t, string(text), place)
		changed := strings.Replace(string(text), place, `"fresh": 1, `+place, 1)
		c, err := migrate.ECS(changed, migrate.ECSOptions{})
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(c.Report.Of(migrate.Blocker), func(f migrate.Finding) bool {
			return strings.HasSuffix(f.Path, "fresh")
		}), place)
	}
}

// TestECSSecretsStayOut shows that no finding has the value of a variable.
func TestECSSecretsStayOut(t *testing.T) {
	t.Parallel()
	c, err := migrate.ECS(task(`, "environment": [{"name": "PASSWORD", "value": "hunter2 localhost:1"}], "command": ["-p",
		"hunter2"]}, {"name": "b", "image": "hunter2:1"`), migrate.ECSOptions{
		EnvironmentFiles: map[string]string{"x": "hunter2"},
	})
	require.NoError(t, err)
	for _, f := range c.Report.Findings {
		require.NotContains(t, f.Reason+f.Remedy, "hunter2")
	}
}

// FuzzECS shows that any text is either refused or wholly reported.
func FuzzECS(f *testing.F) {
	files, err := filepath.Glob("testdata/ecs/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text))
	}
	f.Add(task(""))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := migrate.ECS(text, migrate.ECSOptions{})
		if err != nil {
			require.ErrorIs(t, err, migrate.ErrUnreadable)
			return
		}
		requireWhole(t, c)
		require.NotEmpty(t, c.Report.Findings)
	})
}
