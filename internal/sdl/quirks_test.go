// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// quirkBase is the document that each test of a quirk changes a little.
const quirkBase = `version: "2.0"
services:
  web:
    image: example/app:1.0
    expose:
      - port: 80
        to:
          - global: true
profiles:
  compute:
    web:
      resources:
        cpu:
          units: 500m
        memory:
          size: 256Mi
        storage:
          size: 1Gi
  placement:
    dc1:
      pricing:
        web:
          denom: uact
          amount: 10
deployment:
  web:
    dc1:
      profile: web
      count: 1
`

// change replaces pairs of texts in the base document; each must be there.
func change(t *testing.T, pairs ...string) []byte {
	t.Helper()
	src := quirkBase
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, src, pairs[i])
		src = strings.Replace(src, pairs[i], pairs[i+1], 1)
	}
	return []byte(src)
}

func accept(t *testing.T, src []byte) *sdl.Document {
	t.Helper()
	d, problems := sdl.Parse(src)
	require.NotNil(t, d, "%s\n%s", problems, src)
	return d
}

func refuse(t *testing.T, src []byte) sdl.Problem {
	t.Helper()
	d, problems := sdl.Parse(src)
	require.Nil(t, d, "%s", src)
	require.Len(t, problems.Errors(), 1, "%s", problems)
	return problems.Errors()[0]
}

// services decodes the services of the first group of the manifest.
func services(t *testing.T, d *sdl.Document) []map[string]any {
	t.Helper()
	var groups []struct {
		Services []map[string]any `json:"services"`
	}
	require.NoError(t, json.Unmarshal(d.ManifestJSON(), &groups))
	return groups[0].Services
}

func TestQuirk_versionIsTolerant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2.0": "2.0", "2": "2.0", "v2.0": "2.0", " 2.0.0 ": "2.0", "02.00": "2.0", "2.0.0+x": "2.0",
		"2.1": "2.1", "2.2.0-rc1": "2.1", "3": "2.1", "2.1.0-rc1": "", "2.0.1": "", "2.0.0-rc1": "",
		"1.9": "", "": "", "two": "", "2.0.0.0": "", "2.1-rc1": "", "2.0.0-01": "", "2.0.0-": "", "99999999999999999999": "",
	} {
		require.Equal(t, want, sdl.ParseVersion(text), text)
	}
}

func TestQuirk_unitsAreFloatsAndCut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint32{
		"0.57": 570, "1.001": 1000, "0.0015": 1, "1e2": 100_000, "2m": 2, "4294968": 704,
	} {
		got, wrapped, err := sdl.ParseMillicpu(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
		require.Equal(t, text == "4294968", wrapped)
	}
	for text, want := range map[string]uint64{
		"1E": 1e18, "0.5Gi": 1 << 29, "1.5G": 1_500_000_000, "1k": 1000, "1e3k": 1_000_000, "NaN": 1 << 63, "0.9": 0,
	} {
		got, err := sdl.ParseBytes(text, false)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"1K", "1gi", "4GB", "", "1 Gi", "-1"} {
		_, err := sdl.ParseBytes(text, false)
		require.Error(t, err, text)
	}
	_, err := sdl.ParseBytes("80G", true)
	require.Error(t, err, "GPU memory knows binary suffixes only")
}

func TestQuirk_sizeRemedyNamesTheFix(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"512mi": "write 512Mi", "1gi": "write 1Gi", "2K": "write 2Ki (powers of 1024) or 2k (powers of 1000)",
		"4Gb":  "write 4Gi (powers of 1024) or 4G (powers of 1000)",
		"512 ": "write a number and a suffix, such as 512Mi or 1Gi",
	} {
		require.Equal(t, want, sdl.RemedySize(text), text)
	}
}

func TestQuirk_v20UnitPerService_v21UnitPerProfile(t *testing.T) {
	t.Parallel()
	two := []string{
		"profiles:\n", "  api:\n    image: example/api:1\nprofiles:\n",
		"deployment:\n", "deployment:\n  api:\n    dc1:\n      profile: web\n      count: 2\n",
	}
	g := accept(t, change(t, two...)).Groups()[0]
	require.Len(t, g.Resources, 2)
	require.Equal(t, []uint32{1, 2}, []uint32{g.Resources[0].Resource.ID, g.Resources[1].Resource.ID})
	g = accept(t, change(t, append(two, `"2.0"`, `"2.1"`)...)).Groups()[0]
	require.Len(t, g.Resources, 1)
	require.Equal(t, uint32(3), g.Resources[0].Count)
}

func TestQuirk_v21CountWrapsAround(t *testing.T) {
	t.Parallel()
	src := change(t, `"2.0"`, `"2.1"`, "profiles:\n", "  api:\n    image: example/api:1\nprofiles:\n",
		"deployment:\n", "deployment:\n  api:\n    dc1:\n      profile: web\n      count: 4294967295\n", "count: 1\n",
		"count: 3\n")
	require.Equal(t, uint32(2), accept(t, src).Groups()[0].Resources[0].Count)
}

func TestQuirk_endpointNumbersCountInternalTargets(t *testing.T) {
	t.Parallel()
	src := change(t, "services:\n", "endpoints: {myip: {kind: ip}}\nservices:\n",
		"          - global: true\n",
		"          - global: true\n            ip: myip\n      - port: 81\n        to: [{service: web}]\n")
	endpoints := accept(t, src).Groups()[0].Resources[0].Resource.Endpoints
	require.Len(t, endpoints, 2)
	require.Equal(t, uint32(2), endpoints[1].SequenceNumber, "the internal target took 1")
}

func TestQuirk_leasedIPsCollideByRawText(t *testing.T) {
	t.Parallel()
	ports := func(first, second string) []byte {
		return change(t, "services:\n", "endpoints: {myip: {kind: ip}}\nservices:\n",
			"      - port: 80\n        to:\n          - global: true\n",
			"      - {port: 80, "+first+"to: [{global: true, ip: myip}]}\n"+
				"      - {port: 81, "+second+"to: [{global: true, ip: myip}]}\n")
	}
	require.Contains(t, refuse(t, ports("", "")).Message, "already in use")
	accept(t, ports("", "proto: tcp, "))
	accept(t, ports("as: 1, ", ""))
}

func TestQuirk_noStorageAttributesUnlessWritten(t *testing.T) {
	t.Parallel()
	storage := func(attributes string) string {
		src := change(t, "          size: 1Gi\n", "          size: 1Gi\n          attributes: "+attributes+"\n",
			"    expose:\n", "    params: {storage: {default: {mount: /data}}}\n    expose:\n")
		var out []string
		for _, a := range accept(t, src).Groups()[0].Resources[0].Resource.Storage[0].Attributes {
			out = append(out, a.Key+"="+a.Value)
		}
		return strings.Join(out, ",")
	}
	require.Empty(t, storage("null"))
	require.Equal(t, "persistent=false", storage("{}"))
	require.Equal(t, "class=default,persistent=true", storage("{persistent: true}"))
	require.Equal(t, "persistent=true", storage("{persistent: yes}"), "yes becomes true too late for a default class")
	require.Equal(t, "class=beta2,persistent=false", storage("{persistent: no, class: beta2}"), "no is not false in time")
}

func TestQuirk_ephemeralVolumesOfOneSizeTurnAround(t *testing.T) {
	t.Parallel()
	src := change(t, "          size: 1Gi\n",
		"          - {name: a, size: 1Gi}\n          - {name: b, size: 1Gi}\n          - {name: c, size: 1Gi}\n")
	var names []string
	for _, v := range accept(t, src).Groups()[0].Resources[0].Resource.Storage {
		names = append(names, v.Name)
	}
	require.Equal(t, []string{"c", "b", "a"}, names)
}

func TestQuirk_persistentVolumeMount(t *testing.T) {
	t.Parallel()
	persistent := []string{
		"          size: 1Gi\n",
		"          - {name: x, size: 1Gi}\n          - {name: d, size: 2Gi, attributes: {persistent: true}}\n",
	}
	require.Contains(t, refuse(t, change(t, persistent...)).Message, "not mounted")
	accept(t, change(t, append(persistent, `"2.0"`, `"2.1"`)...))
	accept(t, change(t, append(persistent, "    expose:\n", "    params: {storage: {x: {mount: /x}}}\n    expose:\n")...))
}

func TestQuirk_nullAndEmptyListsDiffer(t *testing.T) {
	t.Parallel()
	s := services(t, accept(t, change(t, "    expose:\n", "    args: []\n    env:\n    expose:\n")))[0]
	require.Equal(t, []any{}, s["args"])
	require.Nil(t, s["env"])
	require.Nil(t, s["command"])
	require.NotContains(t, s, "params")
	s = services(t, accept(t, change(t, "    expose:\n", "    params: {}\n    expose:\n")))[0]
	require.Equal(t, map[string]any{"storage": nil}, s["params"])
}

func TestQuirk_hashEscapesHTML(t *testing.T) {
	t.Parallel()
	d := accept(t, change(t, "    expose:\n", "    env: [\"A=<&>\u2028é\"]\n    expose:\n"))
	require.Contains(t, string(d.ManifestJSON()), `"A=\u003c\u0026\u003e\u2028é"`)
	d = accept(t, change(t, "    expose:\n", "    env: [!!binary QT3/]\n    expose:\n"))
	require.Contains(t, string(d.ManifestJSON()), "\"A=\ufffd\"", "invalid UTF-8 becomes the character, not its escape")
}

func TestQuirk_credentials(t *testing.T) {
	t.Parallel()
	with := []string{
		"    expose:\n",
		"    credentials: {host: \" h \", username: u, password: p, email: e@x}\n    expose:\n",
	}
	require.Equal(t, map[string]any{"host": " h ", "username": "u", "password": "p", "email": ""},
		services(t, accept(t, change(t, with...)))[0]["credentials"])
	require.Equal(t, map[string]any{"host": "h", "username": "u", "password": "p", "email": "e@x"},
		services(t, accept(t, change(t, append(with, `"2.0"`, `"2.1"`)...)))[0]["credentials"])
}

func TestQuirk_httpOptionsBelowToAreIgnored(t *testing.T) {
	t.Parallel()
	plain := accept(t, []byte(quirkBase))
	with := accept(t, change(t, "          - global: true\n",
		"          - global: true\n            http_options: {max_body_size: 999999999}\n"))
	require.Equal(t, plain.Hash(), with.Hash())
	refuse(t, change(t, "        to:\n", "        http_options: {max_body_size: 999999999}\n        to:\n"))
}

func TestQuirk_gpuKeys(t *testing.T) {
	t.Parallel()
	keys := func(vendor string) (out []string) {
		src := change(t, "        memory:\n", "        gpu: {units: 1, attributes: {vendor: "+vendor+"}}\n        memory:\n")
		for _, a := range accept(t, src).Groups()[0].Resources[0].Resource.GPU.Attributes {
			out = append(out, strings.TrimPrefix(a.Key, "vendor/nvidia/model/"))
		}
		return out
	}
	require.Equal(t, []string{"a100/ram/80Gi/interface/sxm", "h100"},
		keys("{nvidia: [{model: h100}, {model: a100, ram: 81920Mi, interface: sxm}]}"))
	require.Equal(t, []string{"t4/ram/0Gi"}, keys("{nvidia: [{model: t4, ram: 512Mi}]}"))
	require.Equal(t, []string{"*"}, keys("{nvidia: }"))
	require.Equal(t, []string{"*"}, keys("{amd: [{model: mi300}]}"), "another vendor silently becomes any nvidia")
	d := accept(t, change(t, "        memory:\n", "        gpu: 1\n        memory:\n"))
	require.True(t, d.Groups()[0].Resources[0].Resource.GPU.Units.Val.IsZero(), "a bare number asks for no GPU")
}

func TestQuirk_yaml(t *testing.T) {
	t.Parallel()
	base := accept(t, []byte(quirkBase)).Hash()
	for name, src := range map[string][]byte{
		"a list of keys and values": []byte("[version, \"2.0\", " + flow(t, quirkBase) + "]"),
		"a section written twice":   change(t, "deployment:\n", "services: {other: {image: x}}\ndeployment:\n"),
		"null items are dropped":    change(t, "          - global: true\n", "          - global: true\n          -\n"),
		"numbers as fractions":      change(t, "port: 80", "port: 80.9"),
		"merged mapping": change(t, "      - port: 80\n",
			"      - <<: {port: 81, proto: tcp}\n        port: 80\n"),
	} {
		require.Equal(t, base, accept(t, src).Hash(), name)
	}
	refuse(t, change(t, "deployment:\n", "<<: {}\ndeployment:\n"))
	refuse(t, change(t, "    image: example/app:1.0\n", "    image: example/app:1.0\n    image: example/app:1.0\n"))
}

// flow writes the sections of a document as items of a list, keys and values by turns.
func flow(t *testing.T, src string) string {
	t.Helper()
	var sections map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(src), &sections))
	var out []string
	for _, name := range []string{"services", "profiles", "deployment"} {
		text, err := json.Marshal(sections[name])
		require.NoError(t, err)
		out = append(out, name, string(text))
	}
	return strings.Join(out, ", ")
}
