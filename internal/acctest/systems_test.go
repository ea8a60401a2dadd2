// SPDX-License-Identifier: Apache-2.0

package acctest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const systemsDir = examplesDir + "/systems"

// TestAccSystems applies, changes and destroys every system, all at once as modules of one configuration: what each
// does alone costs a CI fifteen times as much and shows the same. As configurations of their own they are validated.
func TestAccSystems(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "GPUs, leased addresses and large volumes",
		devnet.Options{AkashProviders: largeSpecs()}, acctest.NoRefusal(), acctest.NoLoss())
	owner := net.Owner(t, acctest.Tenant)
	w := systemsWorkspace(t, net, acctest.Tenant)
	for _, folder := range systemFolders(t) {
		require.Contains(t, w.MustRun(t, "-chdir="+folder, "validate", "-no-color"), "is valid", folder)
	}

	texts := w.MustRun(t, "apply", "-no-color", "-input=false", "-auto-approve")
	first := moduleOutputs(t, w)
	requireRunning(t, net, first, func(c call) string { return c.before }, "")
	require.Contains(t, w.MustRun(t, "plan", "-no-color", "-input=false", "-detailed-exitcode"), "No changes")
	w.Write(t, "systems.tf", strings.Replace(systemsConfiguration(false, ""), "accept_eula = true",
		"accept_eula = true\n  world_size = \"30Gi\"", 1))
	refused, err := w.Run(t, "plan", "-no-color", "-input=false", "-refresh=false", "-target=module.minecraft")
	require.Error(t, err, refused)
	require.Contains(t, refused, "Replacement of a protected deployment", "a larger world is another one, and empty")
	active := len(net.Deployments(t, owner, "active"))
	require.Equal(t, len(calls)+2, active, "one each, and two that hold an address")
	require.Equal(t, false, first["radicle-seed"]["announced"], "its port was known too late for this apply")
	require.Equal(t, true, first["radicle-address"]["announced"], "its address was known in time")
	require.Equal(t, "a100/80Gi", chosenGPU(first["vllm"]), "nobody has the H100 that is first in the list")
	require.Equal(t, "rtx3090", chosenGPU(first["ollama"]), "nobody has the RTX 4090 that is first in the list")
	address, _ := first["minecraft"]["address"].(string)
	require.Equal(t, []string{address}, net.LeasedIPs(t, leaseOf(first["minecraft"])), "where players come in")
	told := forecasts(t, systemsWorkspace(t, net, devnet.Tenant2).MustRun(t, "plan", "-json", "-input=false"))
	requireCosts(t, told, first)

	external, _ := first["radicle-seed"]["external_address"].(string)
	w.Write(t, "systems.tf", systemsConfiguration(true, external))
	texts += w.MustRun(t, "apply", "-no-color", "-input=false", "-auto-approve")
	second := moduleOutputs(t, w)
	requireRunning(t, net, second, func(c call) string { return c.after }, external)
	for name, outputs := range first {
		require.Equal(t, outputs["lease_id"], second[name]["lease_id"], "%s was changed in place", name)
	}
	require.Equal(t, true, second["radicle-seed"]["announced"], "the second apply told it")
	require.Len(t, net.Deployments(t, owner, "active"), active+1, "and one miner more")

	state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	require.NoError(t, err)
	require.NotContains(t, string(state), secret, "what is ephemeral is in no state")
	ended := 0
	for _, outputs := range second {
		if lease := leaseOf(outputs); lease != "" {
			net.KillLease(t, lease)
			ended++
		}
	}
	texts += w.MustRun(t, "apply", "-refresh-only", "-no-color", "-input=false", "-auto-approve")
	repair := w.MustRun(t, "plan", "-no-color", "-input=false")
	require.Regexp(t, fmt.Sprintf(`Plan: 0 to add, %d to change, 0 to destroy`, ended), repair)
	texts += repair
	texts += w.MustRun(t, "destroy", "-no-color", "-input=false", "-auto-approve")
	require.Empty(t, net.Deployments(t, owner, "active"))
	generated, _ := first["nextcloud"]["admin_password"].(string)
	require.NotEmpty(t, generated)
	for _, hidden := range []string{secret, generated} {
		require.NotContains(t, texts, hidden, "no plan shows it, not even the one that destroys")
	}
}

// largeSpecs are the devnet's Akash providers with room for blockchains and addresses for two tenants, and with a GPU
// for small models.
func largeSpecs() []akashprovider.Spec {
	specs := akashprovider.DefaultSpecs()
	for i := range specs {
		for j := range specs[i].PersistentStorage {
			specs[i].PersistentStorage[j].Bytes *= 100
		}
	}
	specs[1].LeasedIPs = 16
	cedar := &specs[2]
	small := akashprovider.GPU{Vendor: "nvidia", Model: "rtx3090", RAM: "24Gi", Interface: "PCIe", Units: 2}
	cedar.Inventory[0].GPUs = append(cedar.Inventory[0].GPUs, small)
	for _, key := range small.Keys() {
		cedar.Attributes[key] = "true"
	}
	cedar.Pricing.GPUUSDPerHour["rtx3090"] = math.LegacyMustNewDecFromStr("0.22")
	return specs
}

// systemsWorkspace has a configuration that uses all systems as they are first.
func systemsWorkspace(t *testing.T, net *acctest.Devnet, account string) *acctest.Workspace {
	t.Helper()
	w := net.NewWorkspace(t, account, "")
	require.NoError(t, os.CopyFS(w.Dir, os.DirFS(systemsDir)))
	w.Setenv("TF_VAR_secret", secret)
	w.Write(t, "systems.tf", systemsConfiguration(false, ""))
	w.MustRun(t, "get", "-no-color")
	return w
}

// systemFolders are all systems; [calls] uses each.
func systemFolders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(systemsDir)
	require.NoError(t, err)
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() {
			folders = append(folders, entry.Name())
			require.True(t, slices.ContainsFunc(calls, func(c call) bool { return c.folder == entry.Name() }),
				"%s/%s is not tried out: add it to calls", systemsDir, entry.Name())
		}
	}
	return folders
}

// module is the call's name in the configuration.
func (c call) module() string {
	if c.name != "" {
		return c.name
	}
	return c.folder
}

// systemsConfiguration is a root module that uses all systems, with what is said later on laid over what was first.
func systemsConfiguration(updated bool, external string) string {
	var text strings.Builder
	text.WriteString("variable \"secret\" {\n  type      = string\n  ephemeral = true\n}\n")
	for _, c := range calls {
		arguments := c.arguments
		if updated {
			for line := range strings.Lines(strings.ReplaceAll(c.updated, "{external}", external)) {
				name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
				arguments = withoutArgument(arguments, name) + line
			}
		}
		fmt.Fprintf(&text, "module %[1]q {\n  source = \"./%[2]s\"\n%[3]s}\n"+
			"output %[1]q {\n  value     = module.%[1]s\n  sensitive = true\n}\n", c.module(), c.folder, arguments)
	}
	return text.String()
}

func withoutArgument(lines, name string) string {
	var kept strings.Builder
	for line := range strings.Lines(lines) {
		if !strings.HasPrefix(strings.TrimSpace(line), name+" ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// moduleOutputs are the outputs of each module.
func moduleOutputs(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	var raw map[string]struct{ Value map[string]any }
	require.NoError(t, json.Unmarshal([]byte(w.MustRun(t, "output", "-json")), &raw))
	all := map[string]map[string]any{}
	for name, o := range raw {
		all[name] = o.Value
	}
	require.Len(t, all, len(calls))
	return all
}

// leaseOf is the lease of a module, "" if it has none or several.
func leaseOf(outputs map[string]any) string {
	lease, _ := outputs["lease_id"].(string)
	return lease
}

// chosenGPU is the variant that a module's GPU profile chose.
func chosenGPU(outputs map[string]any) string {
	gpu, _ := outputs["gpu"].(map[string]any)
	chosen, _ := gpu["chosen"].(string)
	return chosen
}

// requireRunning asks the Akash providers what they run.
func requireRunning(
	t *testing.T, net *acctest.Devnet, outputs map[string]map[string]any, variable func(call) string, external string,
) {
	t.Helper()
	for _, c := range calls {
		lease := leaseOf(outputs[c.module()])
		if c.service == "" {
			require.Empty(t, lease, c.module())
			continue
		}
		want := strings.NewReplacer("{secret}", secret, "{external}", external).Replace(variable(c))
		require.Contains(t, net.Running(t, lease)[c.service], want, c.module())
	}
}

// headline is how a plan tells who would run something, and for how much.
var headline = regexp.MustCompile(`^(.+): (?:nobody|too dear|[0-9]+ .*can run this)`)

// forecasts reads the forecast of each lease and address from a plan, by module and resource.
func forecasts(t *testing.T, plan string) map[string]string {
	t.Helper()
	told := map[string]string{}
	for line := range strings.Lines(plan) {
		var message struct {
			Diagnostic struct{ Summary, Address string }
		}
		require.NoError(t, json.Unmarshal([]byte(line), &message), line)
		summary := message.Diagnostic.Summary
		require.NotContains(t, summary, "SDL: ", "%s: an example gives no cause for a warning", message.Diagnostic.Address)
		if strings.Contains(summary, "can run this") {
			require.Regexp(t, headline, summary,
				"of %s: a group that is not known yet has no forecast", message.Diagnostic.Address)
			told[strings.TrimPrefix(message.Diagnostic.Address, "module.")] = summary
		}
	}
	return told
}
