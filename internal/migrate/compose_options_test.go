// SPDX-License-Identifier: Apache-2.0

package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/migrate"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

func with(o migrate.Options) migrate.ComposeOptions { return migrate.ComposeOptions{Options: o} }

// TestCompose_options has each option say something that the SDL or the report has then.
func TestCompose_options(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lines   string
		options migrate.ComposeOptions
		sdl     []string
	}{
		"images": {"", with(migrate.Options{Images: map[string]string{"web": "mine:2"}}), []string{"image: mine:2"}},
		"no web page": {
			"", with(migrate.Options{HTTPPorts: map[string]uint32{"web": 0}}),
			[]string{"port: 80\n        as: 8080\n        to:\n          - global: true\n"},
		},
		"hosts":       {"", with(migrate.Options{Hosts: map[string][]string{"web": {"a.example"}}}), []string{"- a.example"}},
		"disk":        {`volumes: ["/a"]`, with(migrate.Options{EphemeralStorage: "7Gi"}), []string{"size: 7Gi"}},
		"CPU and RAM": {"", with(migrate.Options{CPU: "3", Memory: "5Gi"}), []string{`units: "3"`, "size: 5Gi"}},
		"input is first": {
			"cpus: 2", with(migrate.Options{CPU: "3"}), []string{`units: "2"`},
		},
		"price": {"", with(migrate.Options{MaxPriceUactPerBlock: "77"}), []string{`amount: "77"`}},
		"GPU models": {
			"gpus: all", with(migrate.Options{GPUs: []sdl.ModelGPUModel{{Model: "a100", RAM: "80Gi"}}}),
			[]string{"model: a100", "ram: 80Gi"},
		},
		"variables": {
			`environment: {A: "${B}", C: "${D:-e}", F: "${G-h}", I: "${J:+k}"}`,
			migrate.ComposeOptions{Variables: map[string]string{"B": "b", "G": "", "J": "j"}},
			[]string{"- A=b\n", "- C=e\n", "- F=\n", "- I=k\n"},
		},
		"env_file": {
			"env_file: [a.env, b.env]\nenvironment: {X: mine}",
			migrate.ComposeOptions{EnvFiles: map[string]string{"a.env": "X=a\nY=1\nexport Z='q r'\n", "b.env": "# c\nY=2\n"}},
			[]string{"- X=mine\n", "- Y=2\n", "Z=q r"},
		},
		"profiles": {`profiles: [p]`, migrate.ComposeOptions{Profiles: []string{"p"}}, []string{"nginx"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := migrate.Compose(t.Context(), webWith(test.lines), test.options)
			require.NoError(t, err)
			for _, want := range test.sdl {
				require.Contains(t, string(got.SDL), want, describe(got))
			}
		})
	}
}

// TestCompose_volumeSizes: each volume is as large as is said, and of the class that is said.
func TestCompose_volumeSizes(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("volumes: ['data:/x', 'more:/y:ro']")+"volumes: {data: , more: }\n",
		with(migrate.Options{VolumeSizes: map[string]string{"data": "33Gi"}, StorageClass: "beta3"}))
	require.NoError(t, err)
	for _, want := range []string{
		"name: data\n            size: 33Gi", "name: more\n            size: 10Gi", "class: beta3",
	} {
		require.Contains(t, string(got.SDL), want)
	}
	require.Contains(t, string(got.SDL), "readOnly: true")
}

// TestCompose_twoWebPages: a service has one page at port 80, and what other services find there is that page.
func TestCompose_twoWebPages(t *testing.T) {
	t.Parallel()
	text := strings.Replace(webWith("restart: always"), `"80:80"`, `"80:80", "8080:8080"`, 1)
	choose := migrate.ComposeOptions{Options: migrate.Options{HTTPPorts: map[string]uint32{"web": 8080}}}
	got, err := migrate.Compose(t.Context(), text, choose)
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "port: 8080\n        as: 80\n")
	require.Contains(t, string(got.SDL), "port: 80\n        as: 8081\n")

	got, err = migrate.Compose(t.Context(), text+"  two: {image: 'x:1'}\n", choose)
	require.NoError(t, err)
	require.Contains(t, severities(got, "services.web"), migrate.Blocker)
	choose.HTTPPorts["web"] = 0
	got, err = migrate.Compose(t.Context(), text+"  two: {image: 'x:1'}\n", choose)
	require.NoError(t, err)
	require.Contains(t, string(got.SDL), "port: 80\n        as: 80\n        to:\n          - service: two\n")
}

// TestCompose_refused are inputs and options that are no Compose file or no option: an error, never a panic or an SDL.
func TestCompose_refused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "a list": "- a", "no services": "version: '2'\nweb: {image: x}\n",
		"two documents": "a: 1\n---\nb: 2\n",
		"no YAML":       "services:\n\t- x", "unknown key": webWith("imagee: x"),
		"bad dollar":       webWith(`environment: {A: "${x"}`),
		"undefined volume": webWith(`volumes: ["data:/x"]`), "twice": webWith("image: y"), "itself": webWith("extends: web"),
		"dependence on nobody": webWith("depends_on: [nobody]"), "services of a list": "services: [a]",
		"many of many": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" +
			"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n" +
			"e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n" +
			"g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
	} {
		got, err := migrate.Compose(t.Context(), text, migrate.ComposeOptions{})
		require.ErrorIs(t, err, migrate.ErrUnreadable, name)
		require.Nil(t, got.SDL, name)
	}
	for _, losses := range []string{"services.web.build", "services.web.image", "services"} {
		options := migrate.ComposeOptions{Options: migrate.Options{AcceptLosses: []string{losses}}}
		_, err := migrate.Compose(t.Context(), strings.Replace(webWith("attach: true"), "ports", "expose", 1), options)
		require.ErrorIs(t, err, migrate.ErrNotAccepted, losses)
	}
	_, err := migrate.Compose(t.Context(), webWith(""), migrate.ComposeOptions{Options: migrate.Options{Memory: "4GB"}})
	require.ErrorContains(t, err, "memory: ")
}

// TestCompose_foreignText reads what editors make of a file: a byte order mark, lines that end as on Windows.
func TestCompose_foreignText(t *testing.T) {
	t.Parallel()
	plain, err := migrate.Compose(t.Context(), webWith("restart: always"), migrate.ComposeOptions{})
	require.NoError(t, err)
	foreign := "\ufeff" + strings.ReplaceAll(webWith("restart: always"), "\n", "\r\n")
	got, err := migrate.Compose(t.Context(), foreign, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Equal(t, plain, got)
}

// TestCompose_withoutValues: a file that is none without a value is reported on all the same, and cannot be accepted.
func TestCompose_withoutValues(t *testing.T) {
	t.Parallel()
	text := webWith(`volumes: ["${MEDIA}:/media"]`) + "  two: {image: 'x:1', ports: ['${PORT:?which}:81']}\n"
	got, err := migrate.Compose(t.Context(), text, migrate.ComposeOptions{})
	require.NoError(t, err)
	require.Nil(t, got.SDL)
	said := describe(got)
	for _, want := range []string{"MEDIA has no value", "PORT is required", "valid only with values", "for port 81,"} {
		require.Contains(t, said, want)
	}
	_, err = migrate.Compose(t.Context(), text, migrate.ComposeOptions{Options: migrate.Options{AcceptLosses: []string{
		"services",
	}}})
	require.ErrorIs(t, err, migrate.ErrNotAccepted)
}

// TestCompose_leftOut: what has no replicas is left out with all it says, and blocks nothing.
func TestCompose_leftOut(t *testing.T) {
	t.Parallel()
	got, err := migrate.Compose(t.Context(), webWith("restart: always")+
		"  two: {image: 'x:1', ports: ['81:81'], deploy: {replicas: 0}}\n", migrate.ComposeOptions{})
	require.NoError(t, err)
	require.NotContains(t, string(got.SDL), "two")
	require.Contains(t, string(got.SDL), "web")
}

// TestCompose_keepsSecrets puts a value into every place that variables and env_file reach. No finding and no error
// has it.
func TestCompose_keepsSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2secret"
	options := migrate.ComposeOptions{
		Variables: map[string]string{"S": secret, "NAME": secret},
		EnvFiles:  map[string]string{"a.env": "P=" + secret + "\n", "bad.env": "P " + secret + " Q\n"},
	}
	files, err := filepath.Glob("testdata/compose/*.y*ml")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[file] = string(text)
	}
	for _, line := range []string{
		"environment: [\"A=${S}\", \"${S}=x\", \"${S}\"]", "environment: {A: '${S}'}", "command: run --key=${S}",
		"entrypoint: [run, '${S}']", "container_name: ${S}", "hostname: ${S}", "build: {context: '${S}'}",
		"links: ['nobody:${S}']", "volumes: ['/x/${S}:/x']", "volumes: ['${S}:/x']", "tmpfs: '/${S}'", "env_file: a.env",
		"env_file: bad.env", "env_file: ${S}", "network_mode: ${S}", "restart: ${S}", "platform: ${S}", "runtime: ${S}",
		"ports: ['${S}:80']", "expose: ['${S}']", "mem_limit: ${S}", "cpus: ${S}", "deploy: {mode: '${S}'}",
		"networks: {default: {aliases: ['${S}'], ipv4_address: '${S}'}}", "healthcheck: {test: '${S}'}", "user: ${S}",
		"labels: {a: '${S}'}", "logging: {driver: '${S}'}", "extra_hosts: ['a:${S}']", "shm_size: ${S}", "x-a: ${S}",
		"environment: {A: '${UNSET?${S}}'}", "environment: {A: '${UNSET:-${S}}'}", "environment: {A: '${S'}",
	} {
		texts[line] = strings.Replace(webWith(line), "nginx:1.29.3", "nginx:${S}", 1)
	}
	for name, text := range texts {
		got, err := migrate.Compose(t.Context(), text, options)
		if err != nil {
			require.NotContains(t, err.Error(), secret, name)
		}
		got.SDL = nil
		require.NotContains(t, describe(got), secret, name)
	}
}

// FuzzCompose holds for any text: no panic; an SDL or a blocker or an error; an SDL that parses; the same twice; and
// after accepting every loss, no more blockers than those that cannot be accepted.
func FuzzCompose(f *testing.F) {
	files, err := filepath.Glob("testdata/compose/*.y*ml")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text), "A=1")
	}
	f.Add(webWith("env_file: .env\nports: ['${P:-1}-2:1-2/udp']\nextends: {service: web, file: x}"), "P=3\n#x")
	f.Fuzz(func(t *testing.T, text, env string) {
		options := migrate.ComposeOptions{EnvFiles: map[string]string{".env": env}, Variables: map[string]string{"P": "7"}}
		got, err := migrate.Compose(t.Context(), text, options)
		if err != nil {
			require.Nil(t, got.SDL)
			return
		}
		require.Equal(t, len(got.Report.Of(migrate.Blocker)) == 0, got.SDL != nil)
		again, err := migrate.Compose(t.Context(), text, options)
		require.NoError(t, err)
		require.Equal(t, got, again)
		if got.SDL != nil {
			doc, problems := sdl.Parse(got.SDL)
			require.NotNil(t, doc, problems)
		}
	})
}
