// SPDX-License-Identifier: Apache-2.0

package functions_test

import (
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

const good = `version: "2.0" # stays
services:
  web:
    image: nginx:1.29.3
    expose: [{port: 80, to: [{global: true}]}]
profiles:
  compute:
    web: {resources: {cpu: {units: 0.5}, memory: {size: 512Mi}, storage: {size: 1Gi}}}
  placement:
    dcloud: {pricing: {web: {denom: uact, amount: 85}}}
deployment:
  web: {dcloud: {profile: web, count: 1}}
`

var old = strings.NewReplacer("512Mi", "512mi", "uact", "uakt", "85", "100").Replace(good)

func hashOf(t *testing.T) string {
	t.Helper()
	doc, problems := sdl.Parse([]byte(good))
	require.NotNil(t, doc, "%s", problems)
	return hex.EncodeToString(doc.Hash())
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

var (
	null    = tftypes.NewValue(tftypes.String, nil)
	unknown = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
)

// call asks a Terraform provider that was never configured, as a CLI does.
func call(t *testing.T, name string, arguments ...tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
	require.NoError(t, err)
	known, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	require.NoError(t, err)
	require.Contains(t, known.Functions, name)
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for _, a := range arguments {
		value, err := tfprotov6.NewDynamicValue(a.Type(), a)
		require.NoError(t, err)
		req.Arguments = append(req.Arguments, &value)
	}
	resp, err := server.CallFunction(t.Context(), req)
	require.NoError(t, err)
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	result, err := resp.Result.Unmarshal(known.Functions[name].Return.Type)
	require.NoError(t, err)
	return result, nil
}

func callText(t *testing.T, name string, arguments ...tftypes.Value) (string, *tfprotov6.FunctionError) {
	t.Helper()
	value, failure := call(t, name, arguments...)
	if failure != nil {
		return "", failure
	}
	var out string
	require.NoError(t, value.As(&out))
	return out, nil
}

func TestSDLHash(t *testing.T) {
	t.Parallel()
	hash, failure := callText(t, "sdl_hash", text(good))
	require.Nil(t, failure)
	require.Equal(t, hashOf(t), hash)

	_, failure = callText(t, "sdl_hash", text(strings.Replace(old, "count: 1", "count: 1, env: x", 1)))
	require.NotNil(t, failure)
	require.Equal(t, int64(0), *failure.FunctionArgument)
	require.Contains(t, failure.Text,
		`line 8, column 57: profiles.compute.web.resources.memory.size: the text "512mi" is not a size`)
	require.Contains(t, failure.Text, "→ write 512Mi")
	require.NotContains(t, failure.Text, "no effect", "warnings are no reason to refuse")
}

func TestSDLValidate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text     string
		valid    bool
		errors   int
		warnings int
	}{
		"good":     {good, true, 0, 0},
		"warnings": {strings.Replace(good, "nginx:1.29.3", "nginx", 1), true, 0, 1},
		"errors":   {old, false, 1, 1},
		"empty":    {"", false, 1, 0},
		"no YAML":  {"\tx: [", false, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, failure := call(t, "sdl_validate", text(c.text))
			require.Nil(t, failure, "a refused text is an answer, no error")
			var verdict map[string]tftypes.Value
			require.NoError(t, value.As(&verdict))
			var valid bool
			require.NoError(t, verdict["valid"].As(&valid))
			require.Equal(t, c.valid, valid)
			require.Equal(t, !c.valid, verdict["hash"].IsNull())
			require.Equal(t, !c.valid, verdict["version"].IsNull())
			if c.valid {
				require.True(t, verdict["version"].Equal(text("2.0")))
			}
			if name == "good" {
				require.True(t, verdict["hash"].Equal(text(hashOf(t))))
			}
			for list, want := range map[string]int{"errors": c.errors, "warnings": c.warnings} {
				var problems []tftypes.Value
				require.NoError(t, verdict[list].As(&problems))
				require.Len(t, problems, want, list)
				for _, p := range problems {
					var fields map[string]tftypes.Value
					require.NoError(t, p.As(&fields))
					var line big.Float
					require.NoError(t, fields["line"].As(&line))
					require.Equal(t, 1, line.Sign())
					require.False(t, fields["message"].Equal(text("")))
				}
			}
		})
	}
}

func TestSDLUpgrade(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][]tftypes.Value{
		"old with a rate":     {text(old), text("0.85")},
		"new without a rate":  {text(good)},
		"new with a rate":     {text(good), text("17")},
		"mixed up but usable": {text(strings.Replace(good, "512Mi", "512 MIB", 1))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := callText(t, "sdl_upgrade", arguments...)
			require.Nil(t, failure)
			require.Equal(t, good, got)
		})
	}
	for name, c := range map[string]struct {
		arguments []tftypes.Value
		argument  int64
		says      string
	}{
		"uakt without a rate": {[]tftypes.Value{text(old)}, 0, "line 10, column 37"},
		"no number":           {[]tftypes.Value{text(old), text("cheap")}, 1, "decimal above zero"},
		"nothing":             {[]tftypes.Value{text(old), text("0")}, 1, "decimal above zero"},
		"negative":            {[]tftypes.Value{text(old), text("-1")}, 1, "decimal above zero"},
		"two rates":           {[]tftypes.Value{text(old), text("1"), text("2")}, 2, "One rate"},
		"beyond help":         {[]tftypes.Value{text(strings.Replace(good, "image", "imago", 1))}, 0, "has no image"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, failure := callText(t, "sdl_upgrade", c.arguments...)
			require.NotNil(t, failure)
			require.Contains(t, failure.Text, c.says)
			require.Equal(t, c.argument, *failure.FunctionArgument)
		})
	}
}

// TestNullAndUnknown: a CLI calls no function with an unknown argument, or with null where that is not allowed; the
// definitions must say so, and whoever calls all the same gets an error, no crash.
func TestNullAndUnknown(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
	require.NoError(t, err)
	known, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	require.NoError(t, err)
	for name, f := range known.Functions {
		require.False(t, f.Parameters[0].AllowNullValue, name)
		require.False(t, f.Parameters[0].AllowUnknownValues, name)
		for _, bad := range []tftypes.Value{null, unknown} {
			_, failure := call(t, name, bad)
			require.NotNil(t, failure, "%s of %s", name, bad)
		}
	}
	rate := known.Functions["sdl_upgrade"].VariadicParameter
	require.False(t, rate.AllowNullValue || rate.AllowUnknownValues)
}
