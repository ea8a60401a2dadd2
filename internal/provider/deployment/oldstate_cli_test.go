// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// oldPublisher is who the old Terraform provider is from.
const oldPublisher = "cloud-j-luna/akash"

// TestAccDeployment_fromTheOldProvider runs a deployment and a lease, writes the state as the old Terraform provider
// would have left it, and takes both over in each way a CLI offers. The workload stays and no transaction is sent.
func TestAccDeployment_fromTheOldProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		address  string // of the resource in the old state
		extra    string // configuration besides that of the resources
		commands [][]string
	}{
		"replace-provider": {
			address: "web", commands: [][]string{{
				"state", "replace-provider", "-auto-approve", oldPublisher, "akash-iac/akash",
			}},
		},
		"another source": {address: "web"},
		"moved": {
			address: "old", extra: "moved {\n  from = akash_deployment.old\n  to   = akash_deployment.web\n}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			net := acctest.Start(t)
			w := net.NewWorkspace(t, acctest.Tenant,
				acctest.Deployment("web", acctest.Web{}.SDL())+acctest.Lease("web"))
			w.MustRun(t, "apply", "-auto-approve", "-no-color")
			owner := net.Owner(t, acctest.Tenant)
			found := net.Deployments(t, owner, "active")
			require.Len(t, found, 1)
			id := ids.DeploymentID{Owner: owner, DSeq: found[0].Deployment.ID.DSeq}
			leases := net.Leases(t, id.String())
			lease := activeLease(t, leases)
			spent := net.Balance(t, owner, coin.UAKT)

			writeOldState(t, w, test.address, lease)
			w.Replace(t, "resource \"akash_lease\"", test.extra+"import {\n  to = akash_lease.web\n  id = \""+
				id.String()+"/1\"\n}\nresource \"akash_lease\"")
			for _, command := range test.commands {
				w.MustRun(t, command...)
			}
			said := w.MustRun(t, "plan", "-no-color")
			flat := acctest.Unwrapped(said)
			require.Contains(t, flat, "comes from the old Terraform provider")
			require.Contains(t, flat, "1 to import, 0 to add, 0 to change, 0 to destroy", said)
			w.MustRun(t, "apply", "-auto-approve", "-no-color")
			w.MustRun(t, "plan", "-detailed-exitcode", "-no-color") // 2 would be a change

			require.Equal(t, spent.String(), net.Balance(t, owner, coin.UAKT).String(), "no transaction was sent")
			require.Len(t, net.Deployments(t, owner, ""), 1)
			require.Equal(t, leases, net.Leases(t, id.String()), "the lease is the same")
			require.Equal(t, []string{"GREETING=hello"}, net.Running(t, lease)["web"])
			require.NotContains(t, w.MustRun(t, "show", "-json"), oldPublisher)
			w.MustRun(t, "destroy", "-auto-approve", "-no-color")
			require.Empty(t, net.Deployments(t, owner, "active"), "it is ours to close")
		})
	}
}

// activeLease is the one that runs; mild faults may have ended others.
func activeLease(t *testing.T, leases []marketv1.Lease) string {
	t.Helper()
	for _, l := range leases {
		if l.State == marketv1.Lease_active {
			return ids.LeaseID{
				Owner: l.ID.Owner, DSeq: l.ID.DSeq, GSeq: l.ID.GSeq, OSeq: l.ID.OSeq, ProviderAddr: l.ID.Provider,
			}.String()
		}
	}
	require.Fail(t, "no active lease")
	return ""
}

// writeOldState puts a state with nothing but an akash_deployment of the old Terraform provider in place of the
// workspace's, and gives the CLI a plugin for it, which it asks for and does not run.
func writeOldState(t *testing.T, w *acctest.Workspace, address, lease string) {
	t.Helper()
	path := filepath.Join(w.Dir, "terraform.tfstate")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var state map[string]any
	require.NoError(t, json.Unmarshal(text, &state))
	for _, r := range state["resources"].([]any) {
		resource := r.(map[string]any)
		if resource["type"] != "akash_deployment" {
			continue
		}
		resource["name"] = address
		resource["provider"] = strings.Replace(resource["provider"].(string), "akash-iac/akash", oldPublisher, 1)
		id, err := ids.ParseLeaseID(lease)
		require.NoError(t, err)
		parts := strings.Split(lease, "/") // owner, dseq, gseq, oseq, Akash provider
		attributes := oldState(t, map[string]any{
			"id":  strings.Join([]string{parts[1], parts[2], parts[3], parts[0], parts[4]}, ":"),
			"sdl": acctest.Web{}.SDL(), "deployment_dseq": parts[1], "deployment_owner": id.Owner,
			"escrow_account_owner": id.Owner, "provider_address": id.ProviderAddr,
		})
		resource["instances"] = []any{map[string]any{
			"schema_version": 0, "attributes": json.RawMessage(attributes), "sensitive_attributes": []any{},
			"private": "bnVsbA==",
		}}
		state["resources"] = []any{resource}
		break
	}
	text, err = json.MarshalIndent(state, "", "  ")
	require.NoError(t, err)
	w.Write(t, "terraform.tfstate", string(text))
	rc, err := os.ReadFile(filepath.Join(w.Dir, "cli.rc"))
	require.NoError(t, err)
	var more []string
	for _, line := range strings.Split(string(rc), "\n") {
		more = append(more, line)
		if strings.Contains(line, "akash-iac/akash") {
			more = append(more, strings.Replace(line, "akash-iac/akash", oldPublisher, 1))
		}
	}
	w.Write(t, "cli.rc", strings.Join(more, "\n"))
}
