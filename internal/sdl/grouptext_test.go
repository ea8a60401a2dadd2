// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// TestGroupText writes a line that reads back as the same spec, for every SDL there is.
func TestGroupText(t *testing.T) {
	t.Parallel()
	doc, problems := sdl.Parse([]byte(`version: "2.0"
services: {web: {image: "nginx:1.29", expose: [{port: 80, to: [{global: true}]}]}}
profiles:
  compute: {web: {resources: {cpu: {units: 500m}, memory: {size: 64Mi}, storage: [{size: 1Gi}]}}}
  placement: {dcloud: {attributes: {tier: "1"}, pricing: {web: {denom: uact, amount: 12.50}}}}
deployment: {web: {dcloud: {profile: web, count: 2}}}
`))
	require.Empty(t, problems)
	text, err := sdl.GroupText(doc.Groups()[0])
	require.NoError(t, err)
	require.Equal(t, `{name: dcloud, requirements: {attributes: [{key: tier, value: '1'}]}, resources: [{count: 2, `+
		`price: {amount: '12.5', denom: uact}, resource: {cpu: {units: {val: '500'}}, `+
		`endpoints: [{kind: SHARED_HTTP, sequence_number: 0}], gpu: {units: {val: '0'}}, id: 1, `+
		`memory: {quantity: {val: '67108864'}}, storage: [{name: default, quantity: {val: '1073741824'}}]}}]}`, text)

	files, err := filepath.Glob("testdata/*/*.y*ml")
	require.NoError(t, err)
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		doc, _ := sdl.Parse(source)
		if doc == nil {
			continue
		}
		for _, group := range doc.Groups() {
			text, err := sdl.GroupText(group)
			require.NoError(t, err, file)
			require.NotContains(t, strings.TrimSpace(text), "\n", file)
			back, err := sdl.ParseGroupText(text)
			require.NoError(t, err, file)
			want, err := sdl.GroupJSON(group)
			require.NoError(t, err)
			got, err := sdl.GroupJSON(back)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(got), file)
			seen++
		}
	}
	require.Positive(t, seen)
}
