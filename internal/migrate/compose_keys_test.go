// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
)

// webWith is a file with one service, which has these lines besides an image and a port.
func webWith(lines string) string {
	text := "services:\n  web:\n    image: nginx:1.29.3\n    ports: [\"80:80\"]\n"
	for line := range strings.SplitSeq(strings.TrimRight(lines, "\n"), "\n") {
		text += "    " + line + "\n"
	}
	return text
}

// severities are those of the findings at a path.
func severities(c migrate.Conversion, path string) []migrate.Severity {
	var of []migrate.Severity
	for _, f := range c.Report.Findings {
		if f.Path == path {
			of = append(of, f.Severity)
		}
	}
	return of
}

// accepted converts with every blocker accepted.
func accepted(t *testing.T, text string, options migrate.ComposeOptions) migrate.Conversion {
	t.Helper()
	got, err := migrate.Compose(t.Context(), text, options)
	require.NoError(t, err)
	for _, f := range got.Report.Of(migrate.Blocker) {
		options.AcceptLosses = append(options.AcceptLosses, f.Path)
	}
	got, err = migrate.Compose(t.Context(), text, options)
	require.NoError(t, err)
	require.NotNil(t, got.SDL, describe(got))
	return got
}

// TestCompose_keys has one key of a service in each of its forms: what becomes of it, and what the SDL says then.
func TestCompose_keys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lines, path string
		want        migrate.Severity
		sdl         string
	}{
		"text as command": {`command: sh -c "echo hi"`, "command", migrate.Mapped, `- "echo hi"`},
		"list as command": {`command: [a, "b c"]`, "command", migrate.Mapped, `- "b c"`},
		"entry point":     {`entrypoint: /run.sh -x`, "entrypoint", migrate.Mapped, `- "/run.sh"`},
		"no entry point":  {`entrypoint: []`, "entrypoint", migrate.Blocker, ""},
		"dollar signs":    {`environment: ["A=$$x"]`, "environment[0]", migrate.Mapped, "A=$x"},
		"equal signs":     {`environment: ["A=b=c"]`, "environment[0]", migrate.Mapped, "- A=b=c"},
		"numbers":         {`environment: {A: 1.50}`, "environment.A", migrate.Mapped, "- A=1.5"},
		"truth":           {`environment: {A: true}`, "environment.A", migrate.Mapped, "- A=true"},
		"no value":        {`environment: [A]`, "environment[0]", migrate.Dropped, ""},
		"port for others": {`expose: ["9000"]`, "expose[0]", migrate.Mapped, ""},
		"limit": {
			`deploy: {resources: {limits: {cpus: "1.5"}}}`,
			"deploy.resources.limits.cpus", migrate.Mapped, "1500m",
		},
		"memory": {`mem_limit: 1.5g`, "mem_limit", migrate.Mapped, "size: 1536Mi"},
		"cpus":   {`cpus: 2`, "cpus", migrate.Mapped, `units: "2"`},
		"reservation": {
			`deploy: {resources: {reservations: {memory: 64M}}}`,
			"deploy.resources.reservations.memory", migrate.Mapped, "size: 64Mi",
		},
		"scale":    {`scale: 3`, "scale", migrate.Mapped, "count: 3"},
		"replicas": {`deploy: {replicas: 4}`, "deploy.replicas", migrate.Mapped, "count: 4"},
		"all GPUs": {`gpus: all`, "gpus[0]", migrate.Changed, "gpu:\n          units: 1"},
		"GPUs":     {"gpus: [{count: 2}]", "gpus[0]", migrate.Mapped, "gpu:\n          units: 2"},
		"GPUs by number": {
			`deploy: {resources: {reservations: {devices: [{device_ids: ["0", "3"], capabilities: [gpu]}]}}}`,
			"deploy.resources.reservations.devices[0]", migrate.Changed, "gpu:\n          units: 2",
		},
		"capabilities": {
			`deploy: {resources: {reservations: {devices: [{count: 1, capabilities: [gpu, utility]}]}}}`,
			"deploy.resources.reservations.devices[0]", migrate.Mapped, "vendor:",
		},
		"other devices": {
			`deploy: {resources: {reservations: {devices: [{capabilities: [tpu]}]}}}`,
			"deploy.resources.reservations.devices[0]", migrate.Blocker, "",
		},
		"AMD":                {"gpus: [{driver: amd, count: 1}]", "gpus[0]", migrate.Blocker, ""},
		"runtime":            {`runtime: nvidia`, "runtime", migrate.Changed, "vendor:"},
		"another runtime":    {`runtime: runsc`, "runtime", migrate.Blocker, ""},
		"tmpfs":              {`tmpfs: /run`, "tmpfs", migrate.Mapped, "size: 64Mi"},
		"tmpfs of a size":    {`tmpfs: ["/run:mode=755,size=128m"]`, "tmpfs[0]", migrate.Mapped, "size: 128Mi"},
		"shared memory":      {`shm_size: 256m`, "shm_size", migrate.Mapped, `mount: "/dev/shm"`},
		"no name":            {`volumes: [/data]`, "volumes[0]", migrate.Changed, ""},
		"bind mount":         {`volumes: ["./x:/x:ro"]`, "volumes[0]", migrate.Blocker, ""},
		"home":               {`volumes: ["~/x:/x"]`, "volumes[0]", migrate.Blocker, ""},
		"long bind mount":    {`volumes: [{type: bind, source: /x, target: /x}]`, "volumes[0]", migrate.Blocker, ""},
		"time zone":          {`volumes: ["/etc/localtime:/etc/localtime:ro"]`, "volumes[0]", migrate.Dropped, ""},
		"Docker":             {`volumes: ["/var/run/docker.sock:/var/run/docker.sock"]`, "volumes[0]", migrate.Blocker, ""},
		"volume in memory":   {`volumes: [{type: tmpfs, target: /x, tmpfs: {size: 1g}}]`, "volumes[0]", "mapped", "1Gi"},
		"restart":            {`restart: unless-stopped`, "restart", migrate.Mapped, ""},
		"no restart":         {`restart: "no"`, "restart", migrate.Dropped, ""},
		"restart on failure": {`restart: on-failure:3`, "restart", migrate.Dropped, ""},
		"ARM":                {`platform: linux/arm64`, "platform", migrate.Blocker, ""},
		"AMD64":              {`platform: linux/amd64`, "platform", migrate.Mapped, ""},
		"privileged":         {`privileged: true`, "privileged", migrate.Blocker, ""},
		"not privileged":     {`privileged: false`, "privileged", migrate.Mapped, ""},
		"host network":       {`network_mode: host`, "network_mode", migrate.Blocker, ""},
		"fixed address": {
			"networks: {default: {ipv4_address: 172.16.238.10}}",
			"networks.default.ipv4_address", migrate.Dropped, "",
		},
		"alias":         {"networks: {default: {aliases: [www]}}", "networks.default.aliases[0]", migrate.Dropped, ""},
		"extension":     {`x-more: {a: [1]}`, "x-more", migrate.Mapped, ""},
		"health check":  {`healthcheck: {test: [CMD, "true"]}`, "healthcheck", migrate.Dropped, ""},
		"user":          {`user: "1000:1000"`, "user", migrate.Blocker, ""},
		"capability":    {`cap_add: [NET_ADMIN]`, "cap_add", migrate.Blocker, ""},
		"labels":        {`labels: {traefik.enable: "true"}`, "labels", migrate.Dropped, ""},
		"missing file":  {`env_file: .env`, "env_file", migrate.Blocker, ""},
		"optional file": {`env_file: [{path: .env, required: false}]`, "env_file[0]", migrate.Dropped, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, path := webWith(test.lines), "services.web."+test.path
			got, err := migrate.Compose(t.Context(), text, migrate.ComposeOptions{})
			require.NoError(t, err)
			require.Equal(t, []migrate.Severity{test.want}, severities(got, path), describe(got))
			require.Equal(t, test.want == migrate.Blocker, got.SDL == nil, describe(got))
			require.Contains(t, string(accepted(t, text, migrate.ComposeOptions{}).SDL), test.sdl)
		})
	}
}

// TestCompose_names: who calls a service by another name says its own on Akash, whichever of them the file has first.
func TestCompose_names(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), `
services:
  app:
    image: x:1
    ports: ["80:80"]
    env_file: app.env
    environment: {CACHE_HOST: my_cache, QUEUE: "amqp://rabbit:5672", OTHER: "my_cache is fine", DB: my_cache}
    command: [serve, "--cache=my_cache:6380"]
  my_cache: {image: "redis:7"}
  q: {image: "rabbitmq:4", container_name: rabbit, hostname: never}
`, migrate.ComposeOptions{EnvFiles: map[string]string{"app.env": "AT=http://my_cache:7000/x\n"}})
	require.NoError(t, err)
	text := string(got.SDL)
	for _, want := range []string{
		"- CACHE_HOST=my-cache\n", "amqp://q:5672", "--cache=my-cache:6380", "AT=http://my-cache:7000/x",
		"- DB=my_cache\n", // a database may have that name
		"port: 6380", "port: 7000", "port: 6379",
	} {
		require.Contains(t, text, want)
	}
	require.Equal(t, []migrate.Severity{migrate.Changed}, severities(got, "services.q.container_name"))
	require.Equal(t, []migrate.Severity{migrate.Dropped}, severities(got, "services.q.hostname"))
}

// TestCompose_callsAddress blocks a call by an address that nothing has on Akash.
func TestCompose_callsAddress(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("networks: {default: {ipv4_address: 172.16.238.10}}\n")+`
  other: {image: "x:1", environment: {UP: "http://172.16.238.10/"}}
`, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Equal(t, []migrate.Severity{migrate.Blocker}, severities(got, "services.web.networks.default.ipv4_address"))
}

// TestCompose_callsMorePorts: in Compose a service reaches all ports of another one, published or not.
func TestCompose_callsMorePorts(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("restart: always")+`
  other: {image: "x:1", command: "curl http://web:9000/x web:80"}
`, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "port: 9000\n        as: 9000\n        to:\n          - service: other")
	require.NotContains(t, string(got.SDL), "curl http://web:9000/x web:80:")
}

// TestCompose_portRange names each port of a range, at the list: the file has no line for each.
func TestCompose_portRange(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), strings.Replace(webWith("restart: always"), `"80:80"`,
		`"80:80", "7000-7002:7000-7002/udp", "127.0.0.1:9229:9229"`, 1), migrate.ComposeOptions{})
	require.NoError(t, err)
	for _, port := range []int{7000, 7001, 7002} {
		require.Contains(t, describe(got), fmt.Sprintf("for port %d,", port))
		require.Contains(t, string(got.SDL), fmt.Sprintf("port: %d", port))
	}
	require.NotContains(t, string(got.SDL), "9229", "it was for the machine itself, and there is nobody else")
}

// TestCompose_inherited: anchors, merges and extends are worked out, and their lines accounted for.
func TestCompose_inherited(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), `
x-base: &base
  restart: always
  environment: &env {A: "1"}
services:
  parent: {<<: *base, image: "x:1", ports: ["80:80"]}
  child:
    extends: {service: parent}
    environment: {<<: *env, B: "2"}
  short: {extends: parent}
`, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.NotNil(t, got.SDL, describe(got))
	require.Equal(t, []migrate.Severity{migrate.Mapped}, severities(got, "services.child.extends"))
	require.Equal(t, []migrate.Severity{migrate.Mapped}, severities(got, "services.short.extends"))
	require.Contains(t, string(got.SDL), "- A=1\n      - B=2\n")
}
