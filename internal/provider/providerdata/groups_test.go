// SPDX-License-Identifier: Apache-2.0

package providerdata_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

var aGroup = types.ObjectType{AttrTypes: map[string]attr.Type{
	"deployment_id": types.StringType, "spec": types.StringType,
}}

// planned is a map of one group, of a deployment that has an id or is yet to be created.
func planned(id, spec types.String) types.Map {
	return types.MapValueMust(aGroup, map[string]attr.Value{
		"dcloud": types.ObjectValueMust(aGroup.AttrTypes, map[string]attr.Value{"deployment_id": id, "spec": spec}),
	})
}

// TestNewGroups: a lease of an unknown group is for a group that is yet to be created, and a preview that plans one
// resource twice plans no second group.
func TestNewGroups(t *testing.T) {
	t.Parallel()
	data := &providerdata.Data{WholeUnknowns: true}
	fresh := planned(types.StringUnknown(), types.StringValue("web"))
	for _, groups := range []types.Map{
		planned(types.StringValue("akash1/7"), types.StringValue("runs")),
		planned(types.StringUnknown(), types.StringUnknown()),
		types.MapUnknown(aGroup), types.MapNull(aGroup), fresh, fresh,
	} {
		data.NoteGroups(groups)
	}
	require.Equal(t, []types.Object{fresh.Elements()["dcloud"].(types.Object)}, data.NewGroups())
	data.NoteGroups(planned(types.StringUnknown(), types.StringValue("other")))
	require.Len(t, data.NewGroups(), 2)

	terraform := &providerdata.Data{}
	terraform.NoteGroups(fresh)
	require.Empty(t, terraform.NewGroups(), "Terraform tells each part of a group by itself")
}

// TestWorded: Pulumi shows the summary of a warning after its text, so the text begins with it.
func TestWorded(t *testing.T) {
	t.Parallel()
	at := path.Root("group")
	given := diag.Diagnostics{
		diag.NewAttributeWarningDiagnostic(at, "headline", "table"), diag.NewWarningDiagnostic("one", "two"),
		diag.NewErrorDiagnostic("bad", "why"),
	}
	require.Equal(t, given, (&providerdata.Data{}).Worded(given))
	require.Equal(t, diag.Diagnostics{
		diag.NewAttributeWarningDiagnostic(at, "", "headline\n\ntable"), diag.NewWarningDiagnostic("", "one\n\ntwo"),
		diag.NewErrorDiagnostic("bad", "why"),
	}, (&providerdata.Data{WholeUnknowns: true}).Worded(given))
}
