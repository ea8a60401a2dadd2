// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"
)

// Actions plans and invokes actions over Terraform's protocol, as a CLI that knows them would: the pinned one does not.
type Actions struct {
	server  tfprotov6.ActionServer
	schemas map[string]tftypes.Type
}

// Done is what came of an action.
type Done struct {
	// Progress is what it told, Errors and Warnings are "summary: detail".
	Progress, Errors, Warnings []string
}

// NewActions configures a Terraform provider for an account.
func (n *Network) NewActions(t *testing.T, account string) *Actions {
	t.Helper()
	server, answer := n.serve(t, account)
	actions, ok := server.(tfprotov6.ActionServer)
	require.True(t, ok, "the server serves actions")
	a := &Actions{server: actions, schemas: map[string]tftypes.Type{}}
	for name, schema := range answer.ActionSchemas {
		a.schemas[name] = schema.Schema.ValueType()
	}
	return a
}

// serve configures a Terraform provider for an account, as a CLI would.
func (n *Network) serve(t *testing.T, account string) (tfprotov6.ProviderServer, *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	server, err := Factories()["akash"]()
	require.NoError(t, err)
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	who := n.Account(t, account)
	typ := answer.Provider.ValueType()
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, typ, ValueOf(typ, map[string]any{
			"network": "custom", "chain_id": n.chainID, "grpc": []any{n.endpoint},
			"key": map[string]any{"mnemonic": who.Mnemonic, "hd_path": who.HDPath},
		})),
	})
	require.NoError(t, err)
	require.Empty(t, configured.Diagnostics)
	return server, answer
}

// Plan plans an action.
func (a *Actions) Plan(t *testing.T, name string, config map[string]any) Done {
	t.Helper()
	typ := a.schemas[name]
	require.NotNil(t, typ, name)
	answer, err := a.server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: name, Config: encode(t, typ, ValueOf(typ, config)),
	})
	require.NoError(t, err)
	var done Done
	done.add(answer.Diagnostics)
	return done
}

// Invoke does what an action does, whatever a plan would say.
func (a *Actions) Invoke(t *testing.T, name string, config map[string]any) Done {
	t.Helper()
	typ := a.schemas[name]
	require.NotNil(t, typ, name)
	stream, err := a.server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{
		ActionType: name, Config: encode(t, typ, ValueOf(typ, config)),
	})
	require.NoError(t, err)
	var done Done
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			done.Progress = append(done.Progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			done.add(e.Diagnostics)
		}
	}
	return done
}

func (d *Done) add(diagnostics []*tfprotov6.Diagnostic) {
	for _, one := range diagnostics {
		text := one.Summary + ": " + one.Detail
		if one.Severity == tfprotov6.DiagnosticSeverityError {
			d.Errors = append(d.Errors, text)
		} else {
			d.Warnings = append(d.Warnings, text)
		}
	}
}
