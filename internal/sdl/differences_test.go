// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const compared = `version: "2.0"
services:
  web:
    image: nginx:1.29.3
    command: ["sh", "-c", "old-secret"]
    env: [GREETING=hello, TOKEN=old-secret]
    credentials: {host: ghcr.io, username: me, password: old-secret}
    expose: [{port: 80, as: 80, accept: [a.example.com], to: [{global: true}]}]
profiles:
  compute:
    web: {resources: {cpu: {units: 100m}, memory: {size: 64Mi}, storage: [{size: 128Mi}]}}
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: 1000}}}
deployment:
  web: {dcloud: {profile: web, count: 1}}
`

func TestDifferences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to         string
		manifest, groups []string
	}{
		"nothing": {from: "services:", to: "# a comment\nservices:"},
		"image": {
			from: "nginx:1.29.3", to: "nginx:1.29.4",
			manifest: []string{"dcloud.services.web.image: nginx:1.29.3 → nginx:1.29.4"},
		},
		"secrets": {
			from: "old-secret", to: "new-secret",
			manifest: []string{
				"dcloud.services.web.command.3 differs", "dcloud.services.web.credentials.password differs",
				"dcloud.services.web.env.TOKEN differs",
			},
		},
		"a variable more": {
			from: "GREETING=hello,", to: "GREETING=hello, MORE=new-secret,",
			manifest: []string{"dcloud.services.web.env.MORE is new"},
		},
		"a variable less": {
			from: "GREETING=hello, ", to: "", manifest: []string{"dcloud.services.web.env.GREETING is gone"},
		},
		"a host less": {
			from: "[a.example.com]", to: "[]",
			manifest: []string{"dcloud.services.web.expose.1.hosts.1: a.example.com is gone"},
		},
		"a price": {
			from: "amount: 1000", to: "amount: 2000", groups: []string{"resources.1.price.amount: 1000 → 2000"},
		},
		"cores": {
			from: "100m", to: "200m",
			manifest: []string{"dcloud.services.web.resources.cpu.units.val: 100 → 200"},
			groups:   []string{"resources.1.resource.cpu.units.val: 100 → 200"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := strings.ReplaceAll(compared, test.from, test.to)
			require.NotEqual(t, compared, changed)
			before, problems := sdl.Parse([]byte(compared))
			require.NotNil(t, before, problems.String())
			after, problems := sdl.Parse([]byte(changed))
			require.NotNil(t, after, problems.String())
			got := sdl.ManifestDifferences(before.ManifestJSON(), after.ManifestJSON())
			require.Equal(t, test.manifest, got)
			require.NotContains(t, strings.Join(got, "\n"), "-secret")
			require.Equal(t, test.groups, sdl.GroupDifferences(before.Groups()[0], after.Groups()[0]))
		})
	}
}
