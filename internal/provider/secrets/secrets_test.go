// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/secrets"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var (
	variables = tftypes.Map{ElementType: tftypes.String}
	login     = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"host": tftypes.String, "username": tftypes.String, "password": tftypes.String, "email": tftypes.String,
	}}
)

// config is a configuration with both attributes; a nil value is null.
func config(env, registry any) tfsdk.Config {
	attributes := map[string]schema.Attribute{}
	secrets.ForLease(attributes)
	s := schema.Schema{Attributes: attributes}
	envType, registryType := tftypes.Map{ElementType: variables}, tftypes.Map{ElementType: login}
	return tfsdk.Config{Schema: s, Raw: tftypes.NewValue(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"env_wo": envType, "registry_credentials_wo": registryType,
		}},
		map[string]tftypes.Value{
			"env_wo": tftypes.NewValue(envType, env), "registry_credentials_wo": tftypes.NewValue(registryType, registry),
		},
	)}
}

func of(values map[string]any) tftypes.Value {
	all := map[string]tftypes.Value{}
	for name, value := range values {
		all[name] = tftypes.NewValue(tftypes.String, value)
	}
	return tftypes.NewValue(variables, all)
}

func loginOf(host, username, password, email any) tftypes.Value {
	return tftypes.NewValue(login, map[string]tftypes.Value{
		"host": tftypes.NewValue(tftypes.String, host), "username": tftypes.NewValue(tftypes.String, username),
		"password": tftypes.NewValue(tftypes.String, password), "email": tftypes.NewValue(tftypes.String, email),
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	read, problems := secrets.Read(t.Context(), config(
		map[string]tftypes.Value{"web": of(map[string]any{"A": "hunter2", "LATER": tftypes.UnknownValue, "EMPTY": ""})},
		map[string]tftypes.Value{"web": loginOf("ghcr.io", "robot", tftypes.UnknownValue, nil)},
	))
	require.Empty(t, problems)
	require.True(t, read.NamesKnown, "what a value is does not matter")
	require.Equal(t, sdl.Secrets{
		Env:      map[string]map[string]string{"web": {"A": "hunter2", "LATER": "", "EMPTY": ""}},
		Registry: map[string]sdl.RegistryLogin{"web": {Host: "ghcr.io", Username: "robot"}},
	}, read.Values)
	require.Equal(t, list("env_wo.web.A", "env_wo.web.EMPTY", "env_wo.web.LATER", "registry_credentials_wo.web"),
		read.NamesValue())

	for name, unknown := range map[string]tfsdk.Config{
		"env":       config(tftypes.UnknownValue, nil),
		"variables": config(map[string]tftypes.Value{"web": tftypes.NewValue(variables, tftypes.UnknownValue)}, nil),
		"registry":  config(nil, tftypes.UnknownValue),
	} {
		read, problems := secrets.Read(t.Context(), unknown)
		require.Empty(t, problems, name)
		require.False(t, read.NamesKnown, name)
		require.True(t, read.NamesValue().IsUnknown(), name)
		require.Empty(t, read.Check(list("env_wo.web.A"), "g"), "open is not missing: %s", name)
	}
	for name, none := range map[string]tfsdk.Config{
		"null": config(nil, nil), "empty": config(map[string]tftypes.Value{}, map[string]tftypes.Value{}),
		"nothing of a service": config(map[string]tftypes.Value{"web": of(nil)}, nil),
	} {
		read, problems := secrets.Read(t.Context(), none)
		require.Empty(t, problems, name)
		require.True(t, read.NamesValue().IsNull(), name)
	}
}

func TestRead_noValue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]tfsdk.Config{
		"env_wo.web.A": config(map[string]tftypes.Value{"web": of(map[string]any{"A": nil, "B": "hunter2"})}, nil),
		"registry_credentials_wo.web.host": config(nil,
			map[string]tftypes.Value{"web": loginOf("", "hunter2", "hunter2", nil)}),
		"registry_credentials_wo.web.password": config(nil,
			map[string]tftypes.Value{"web": loginOf("hunter2", "hunter2", " \n", nil)}),
		"registry_credentials_wo.web": config(nil,
			map[string]tftypes.Value{"web": tftypes.NewValue(login, nil)}),
	} {
		_, problems := secrets.Read(t.Context(), c)
		require.Len(t, problems, 1, name)
		require.Contains(t, problems[0].Detail(), name+" is null or empty")
		require.NotContains(t, fmt.Sprint(problems), "hunter2")
	}
}

func TestConfig_Check(t *testing.T) {
	t.Parallel()
	read, problems := secrets.Read(t.Context(), config(
		map[string]tftypes.Value{"web": of(map[string]any{"A": "hunter2"})}, nil))
	require.Empty(t, problems)
	require.Empty(t, read.Check(list("env_wo.web.A"), "g"))
	require.Empty(t, read.Check(types.ListUnknown(types.StringType), "g"))

	missing := read.Check(list("env_wo.web.A", "env_wo.web.B", "registry_credentials_wo.web"), "owner/1/1")
	require.Len(t, missing, 1)
	require.Equal(t, "Secrets missing: owner/1/1", missing[0].Summary())
	require.Contains(t, missing[0].Detail(), "   env_wo.web.B\n   registry_credentials_wo.web\n")
	require.NotContains(t, missing[0].Detail(), "env_wo.web.A")

	extra := read.Check(types.ListNull(types.StringType), "owner/1/1")
	require.Len(t, extra, 1)
	require.Contains(t, extra[0].Detail(), "   env_wo.web.A\n")
	require.Len(t, read.Check(list("env_wo.web.B"), "g"), 2, "one missing, one too many")
}

func list(names ...string) types.List {
	var values []attr.Value
	for _, name := range names {
		values = append(values, types.StringValue(name))
	}
	return types.ListValueMust(types.StringType, values)
}
