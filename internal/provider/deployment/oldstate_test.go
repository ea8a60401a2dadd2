// SPDX-License-Identifier: Apache-2.0

package deployment_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
)

// oldState reads a fixture, with attributes replaced; nil takes one away.
func oldState(t *testing.T, change map[string]any) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "oldstate", "2023.json"))
	require.NoError(t, err)
	var state map[string]any
	require.NoError(t, json.Unmarshal(text, &state))
	maps.Copy(state, change)
	for name, value := range state {
		if value == nil {
			delete(state, name)
		}
	}
	text, err = json.Marshal(state)
	require.NoError(t, err)
	return text
}

// converted is the answer to a move or an upgrade, which have no type in common.
type converted struct {
	state    map[string]tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	problems []*tfprotov6.Diagnostic
}

// errors are the texts of the errors, notes those of the warnings.
func (c converted) texts() (errs, notes string) {
	for _, d := range c.problems {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs += d.Summary + ": " + d.Detail + "\n"
		} else {
			notes += d.Summary + ": " + d.Detail + "\n"
		}
	}
	return errs, notes
}

// serve is the Terraform provider over its protocol, with the type of akash_deployment.
func serve(t *testing.T) (tfprotov6.ProviderServer, tftypes.Type) {
	t.Helper()
	server, err := acctest.Factories()["akash"]()
	require.NoError(t, err)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	return server, schemas.ResourceSchemas["akash_deployment"].ValueType()
}

func read(t *testing.T, typ tftypes.Type, value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	t.Helper()
	if value == nil {
		return nil
	}
	whole, err := value.Unmarshal(typ)
	require.NoError(t, err)
	var attributes map[string]tftypes.Value
	require.NoError(t, whole.As(&attributes))
	return attributes
}

func upgrade(t *testing.T, state []byte, version int64) converted {
	t.Helper()
	server, typ := serve(t)
	answer, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: "akash_deployment", Version: version, RawState: &tfprotov6.RawState{JSON: state},
	})
	require.NoError(t, err)
	return converted{state: read(t, typ, answer.UpgradedState), problems: answer.Diagnostics}
}

func move(t *testing.T, state []byte, publisher, resource string, version int64) converted {
	t.Helper()
	server, typ := serve(t)
	answer, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		TargetTypeName: "akash_deployment", SourceTypeName: resource, SourceProviderAddress: publisher,
		SourceSchemaVersion: version, SourceState: &tfprotov6.RawState{JSON: state},
	})
	require.NoError(t, err)
	return converted{
		state: read(t, typ, answer.TargetState), identity: answer.TargetIdentity, problems: answer.Diagnostics,
	}
}

// TestOldState converts the state of the old Terraform provider on both ways that it can come: the deployment is the
// same, what the chain knows is left to the refresh, and the lease is named.
func TestOldState(t *testing.T) {
	t.Parallel()
	const seller = "akash1htamarexaxhgdsp0xu6sppeyx7avtvqrqjhvdj"
	for name, change := range map[string]map[string]any{
		"of the last release":   nil,
		"of the first releases": {"services": []any{map[string]any{"service_name": "web"}}, "provider_filters": nil},
		"imported":              {"deployment_dseq": nil, "deployment_owner": nil},
		"with strange services": {"services": "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := oldState(t, change)
			for _, c := range []converted{
				upgrade(t, state, 0),
				move(t, state, "registry.terraform.io/cloud-j-luna/akash", "akash_deployment", 0),
				move(t, state, "registry.opentofu.org/a-fork/akash", "akash_deployment", 0),
			} {
				errs, notes := c.texts()
				require.Empty(t, errs)
				for attribute, want := range map[string]string{
					"id": someOwner + "/1763800000000123", "owner": someOwner, "dseq": "1763800000000123",
				} {
					var got string
					require.NoError(t, c.state[attribute].As(&got))
					require.Equal(t, want, got)
				}
				var text string
				require.NoError(t, c.state["sdl"].As(&text))
				require.Contains(t, text, "image: nginx:1.29.3")
				for attribute, value := range c.state {
					if !strings.Contains("id owner dseq sdl", attribute) {
						require.True(t, value.IsNull(), "%s is for the refresh", attribute)
					}
				}
				for _, part := range []string{
					"comes from the old Terraform provider", "nothing is sent", seller,
					`id = "` + someOwner + `/1763800000000123/1"`, `groups["westcoast"]`,
				} {
					require.Contains(t, notes, part)
				}
			}
		})
	}
	moved := move(t, oldState(t, nil), "registry.terraform.io/cloud-j-luna/akash", "akash_deployment", 0)
	require.NotNil(t, moved.identity)
}

// TestOldStateRefused wants what is not the old state to be left alone, with the way out.
func TestOldStateRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change map[string]any
		says   string
	}{
		"an id of another kind": {map[string]any{"id": "1763800000000123"}, "is not dseq:gseq:oseq:owner:provider"},
		"a number that is none": {map[string]any{
			"id": "x:1:1:" + someOwner + ":" + otherOne, "deployment_dseq": "x",
		}, `its id "x:1:1:`},
		"two deployments": {map[string]any{"deployment_dseq": "5"}, "name different deployments"},
		"two owners":      {map[string]any{"deployment_owner": otherOne}, "name different deployments"},
		"no SDL":          {map[string]any{"sdl": nil}, "it has no sdl"},
		"a list for a text": {
			map[string]any{"sdl": []any{"secret"}}, "sdl is a array",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := oldState(t, test.change)
			for _, c := range []converted{
				upgrade(t, state, 0),
				move(t, state, "registry.terraform.io/cloud-j-luna/akash", "akash_deployment", 0),
			} {
				errs, _ := c.texts()
				require.Contains(t, errs, "Old state cannot be read")
				require.Contains(t, errs, test.says)
				require.Contains(t, errs, "terraform state rm ADDRESS")
				require.NotContains(t, errs, "secret")
			}
		})
	}
	for name, c := range map[string]converted{
		"another type":    move(t, oldState(t, nil), "registry.terraform.io/cloud-j-luna/akash", "akash_lease", 0),
		"another version": move(t, oldState(t, nil), "registry.terraform.io/cloud-j-luna/akash", "akash_deployment", 1),
		"another plugin":  move(t, oldState(t, nil), "registry.terraform.io/hashicorp/aws", "akash_deployment", 0),
	} {
		errs, _ := c.texts()
		require.Contains(t, errs, "Unable to Move Resource State", name)
	}
}

// TestPlanOldStateUnread refuses to plan from a state that was converted and never refreshed: it could only guess.
func TestPlanOldStateUnread(t *testing.T) {
	t.Parallel()
	o := acctest.NewOffline(t, someOwner, nil)
	web := acctest.Web{}.SDL()
	prior := values{"id": someOwner + "/7", "owner": someOwner, "dseq": "7", "sdl": web}
	planned := o.Plan(t, "akash_deployment", prior, values{"sdl": web})
	require.Len(t, planned.Errors, 1)
	require.Contains(t, planned.Errors[0], "Plan once without -refresh=false")
	require.False(t, planned.Replaces)
}
