// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

// recordings has a file for each version whose states users may have. Files of released versions are never written
// again; -update-states writes the newest.
const (
	recordings = "testdata/states"
	newest     = "v1.json"
)

var updateStates = flag.Bool("update-states", false, "record the states that an apply leaves, in "+newest)

// live stands in a recording for what is different each time, such as ids and keys.
const live = "(live)"

// recorded is a resource in a state.
type recorded struct {
	Version    float64        `json:"schema_version"`
	Attributes map[string]any `json:"attributes"`
}

// TestAccRecordedStates gives states that an older build wrote to this one, on a network where they are true. It must
// read them and plan nothing, with and without a refresh, and send nothing.
func TestAccRecordedStates(t *testing.T) {
	t.Parallel()
	if *updateStates {
		record(t)
	}
	net, w := applied(t)
	owner := net.Owner(t, acctest.Tenant)
	fees, deployments := net.Balance(t, owner, coin.UAKT), len(net.Deployments(t, owner, ""))
	before := readFile(t, filepath.Join(w.Dir, "terraform.tfstate"))
	files, err := os.ReadDir(recordings)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		var recording map[string]recorded
		require.NoError(t, json.Unmarshal(readFile(t, filepath.Join(recordings, file.Name())), &recording))
		w.Write(t, "terraform.tfstate", string(withRecording(t, before, recording)))
		for _, args := range [][]string{
			{"plan", "-refresh=false", "-detailed-exitcode", "-no-color"}, // 2 would be a change
			{"plan", "-detailed-exitcode", "-no-color"},
			{"apply", "-auto-approve", "-no-color"},
			{"plan", "-refresh=false", "-detailed-exitcode", "-no-color"},
		} {
			out, err := w.Run(t, args...)
			require.NoError(t, err, "%s: %s\n%s", file.Name(), strings.Join(args, " "), out)
		}
	}
	require.Equal(t, fees.String(), net.Balance(t, owner, coin.UAKT).String(), "no transaction was sent")
	require.Len(t, net.Deployments(t, owner, ""), deployments)
}

// applied applies one of each resource.
func applied(t *testing.T) (*acctest.Devnet, *acctest.Workspace) {
	t.Helper()
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		specs[i].LeasedIPs = 4
	}
	net := acctest.StartDevnet(t, "addresses to lease", devnet.Options{AkashProviders: specs}, acctest.NoRefusal())
	w := net.NewWorkspace(t, acctest.Tenant, acctest.Deployment("web", acctest.Web{}.SDL())+acctest.Lease("web")+`
resource "akash_ip_endpoint" "shop" {
  name       = "shop"
  depends_on = [akash_lease.web]
}
resource "akash_gpu_profile" "ml" {
  variants   = [{ model = "a100", ceiling_usd_per_hour = "1.50" }]
  depends_on = [akash_ip_endpoint.shop]
}
resource "akash_certificate" "own" {}
resource "akash_exec" "once" {
  lease_id = akash_lease.web.lease_id
  service  = "web"
  command  = ["true"]
}
resource "akash_fee_grant" "fees" {
  grantee = "`+net.Owner(t, acctest.Empty)+`"
}
resource "akash_authz_grant" "ci" {
  grantee      = "`+net.Owner(t, acctest.Empty)+`"
  message_type = "/akash.market.v1beta5.MsgCreateLease"
}
`)
	w.MustRun(t, "apply", "-auto-approve", "-no-color")
	w.MustRun(t, "apply", "-auto-approve", "-refresh-only", "-no-color")
	return net, w
}

// record writes what two applies have in common; what they do not is live.
func record(t *testing.T) {
	t.Helper()
	_, one := applied(t)
	_, other := applied(t)
	states := []map[string]recorded{}
	for _, w := range []*acctest.Workspace{one, other} {
		found := map[string]recorded{}
		eachResource(t, readFile(t, filepath.Join(w.Dir, "terraform.tfstate")), func(noun string, instance map[string]any) {
			found[noun] = recorded{
				Version: instance["schema_version"].(float64), Attributes: instance["attributes"].(map[string]any),
			}
		})
		states = append(states, found)
	}
	for noun, r := range states[0] {
		r.Attributes = common(r.Attributes, states[1][noun].Attributes).(map[string]any)
		states[0][noun] = r
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(states[0]))
	require.NoError(t, os.MkdirAll(recordings, 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(recordings, newest), text.Bytes(), 0o600))
}

func common(a, b any) any {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok && sameKeys(a, b) {
			all := map[string]any{}
			for key := range a {
				all[key] = common(a[key], b[key])
			}
			return all
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			all := []any{}
			for i := range a {
				all = append(all, common(a[i], b[i]))
			}
			return all
		}
	case string:
		if a == b && !strings.Contains(a, "akash1") && !strings.Contains(a, "PRIVATE KEY") {
			return a
		}
	default:
		if reflect.DeepEqual(a, b) {
			return a
		}
	}
	return live
}

func sameKeys(a, b map[string]any) bool {
	for key := range a {
		if _, ok := b[key]; !ok {
			return false
		}
	}
	return len(a) == len(b)
}

// withRecording gives each resource of a state what is recorded of it, and nothing that is not recorded.
func withRecording(t *testing.T, state []byte, recording map[string]recorded) []byte {
	t.Helper()
	seen := 0
	text := eachResource(t, state, func(noun string, instance map[string]any) {
		of, ok := recording[noun]
		if !ok {
			return // a noun of later
		}
		seen++
		instance["schema_version"] = of.Version
		instance["attributes"] = filled(of.Attributes, instance["attributes"])
	})
	require.Len(t, recording, seen, "the configuration has every resource that is recorded")
	return text
}

// filled puts what is true now in the place of what is live.
func filled(recorded, now any) any {
	switch r := recorded.(type) {
	case string:
		if r == live {
			return now
		}
	case map[string]any:
		at, _ := now.(map[string]any)
		all := map[string]any{}
		for key, value := range r {
			all[key] = filled(value, at[key])
		}
		return all
	case []any:
		at, _ := now.([]any)
		all := []any{}
		for i, value := range r {
			var here any
			if i < len(at) {
				here = at[i]
			}
			all = append(all, filled(value, here))
		}
		return all
	}
	return recorded
}

// eachResource hands over the only instance of each managed resource, and returns the state as it is then.
func eachResource(t *testing.T, text []byte, take func(noun string, instance map[string]any)) []byte {
	t.Helper()
	var state map[string]any
	require.NoError(t, json.Unmarshal(text, &state))
	var nouns []string
	for _, r := range state["resources"].([]any) {
		resource := r.(map[string]any)
		nouns = append(nouns, resource["type"].(string))
		take(resource["type"].(string), resource["instances"].([]any)[0].(map[string]any))
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(nouns))), len(nouns), "one of each")
	text, err := json.MarshalIndent(state, "", "  ")
	require.NoError(t, err)
	return text
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}
