// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

// Unknown stands for a value that only apply knows.
type Unknown struct{}

// Offline plans over Terraform's protocol without a CLI and without a chain: its provider block leaves the chain
// unknown. It shows what a CLI only prints: warnings, and paths that ask for a replacement.
type Offline struct {
	server  tfprotov6.ProviderServer
	schemas map[string]tftypes.Object
}

// Planned is the answer to a plan.
type Planned struct {
	// Values are the planned attributes; unknown ones are [Unknown].
	Values map[string]any
	// Errors and Warnings are "summary: detail".
	Errors, Warnings []string
	// Replaces tells whether the plan asks for a replacement.
	Replaces bool
}

// NewOffline configures a Terraform provider for an owner; block is laid over the provider block.
func NewOffline(t *testing.T, owner string, block map[string]any) *Offline {
	t.Helper()
	server, err := Factories()["akash"]()
	require.NoError(t, err)
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	o := &Offline{server: server, schemas: map[string]tftypes.Object{}}
	for name, schema := range answer.ResourceSchemas {
		typ, ok := schema.ValueType().(tftypes.Object)
		require.True(t, ok, name)
		o.schemas[name] = typ
	}
	given := map[string]any{
		"network": "custom", "chain_id": Unknown{}, "grpc": []any{"http://127.0.0.1:1"}, "owner": owner,
	}
	for name, value := range block {
		given[name] = value
	}
	typ := answer.Provider.ValueType()
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, typ, ValueOf(typ, given)),
	})
	require.NoError(t, err)
	require.Empty(t, configured.Diagnostics)
	return o
}

// Plan plans a resource; prior is nil for one that does not exist.
func (o *Offline) Plan(t *testing.T, resource string, prior, config map[string]any) Planned {
	t.Helper()
	return o.PlanFrom(t, resource, prior, nil, config)
}

// PlanFrom is [Offline.Plan] with private state, whose values are JSON.
func (o *Offline) PlanFrom(
	t *testing.T, resource string, prior map[string]any, private map[string]string, config map[string]any,
) Planned {
	t.Helper()
	kept := map[string][]byte{}
	for key, value := range private {
		kept[key] = []byte(value)
	}
	secret, err := json.Marshal(kept)
	require.NoError(t, err)
	typ := o.schemas[resource]
	proposed := map[string]any{}
	for name := range typ.AttributeTypes {
		var configured bool // with nil it is null, as an optional attribute that was taken away
		if proposed[name], configured = config[name]; !configured && prior != nil {
			proposed[name] = prior[name]
		}
	}
	var before any
	if prior != nil {
		before = prior
	}
	answer, err := o.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: encode(t, typ, ValueOf(typ, before)),
		Config: encode(t, typ, ValueOf(typ, config)), ProposedNewState: encode(t, typ, ValueOf(typ, proposed)),
		PriorPrivate: secret,
	})
	require.NoError(t, err)
	planned := Planned{Replaces: len(answer.RequiresReplace) > 0}
	for _, d := range answer.Diagnostics {
		text := d.Summary + ": " + d.Detail
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			planned.Errors = append(planned.Errors, text)
		} else {
			planned.Warnings = append(planned.Warnings, text)
		}
	}
	if answer.PlannedState != nil {
		value, err := answer.PlannedState.Unmarshal(typ)
		require.NoError(t, err)
		planned.Values, _ = anyOf(t, value).(map[string]any)
	}
	return planned
}

func encode(t *testing.T, typ tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, value)
	require.NoError(t, err)
	return &encoded
}
