// SPDX-License-Identifier: Apache-2.0

// Package akash describes the Terraform provider to the Pulumi bridge, which makes a Pulumi package of it. Nothing is
// implemented twice: what is here are names, the few overrides Pulumi needs, and the words of its documentation.
package akash

import (
	_ "embed" // the metadata is part of the binary
	"path"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
	"github.com/akash-iac/terraform-provider-akash/provider/pkg/version"
)

// Name is the package's name in Pulumi: the first part of every token, and of the binary pulumi-resource-akash.
const Name = "akash"

// JavaPackage is what Java packages begin with: the Maven group without its hyphen, which Java does not allow.
const JavaPackage = "io.github.akashiac"

const repository = "https://github.com/akash-iac/terraform-provider-akash"

// metadata is what the bridge remembers of earlier versions, so that renames become aliases. The generator writes it.
//
//go:embed cmd/pulumi-resource-akash/bridge-metadata.json
var metadata []byte

// Provider describes the Terraform provider, which comes with it, to the generator.
func Provider() (tfbridge.ProviderInfo, *provider.Provider) {
	upstream := provider.New(version.Version)
	info := tfbridge.ProviderInfo{
		P:                 pfbridge.ShimProvider(upstream.Factory()),
		Name:              Name,
		Version:           version.Version,
		DisplayName:       "Akash Network",
		Publisher:         "akash-iac",
		PluginDownloadURL: "github://api.github.com/akash-iac/terraform-provider-akash",
		Description: "Runs workloads on Akash Network, the decentralised cloud marketplace: every create, update and " +
			"delete is an on-chain transaction, and every preview tells who would take the job and for how much.",
		Keywords:          []string{"pulumi", "akash", "gpu", "kubernetes", "category/cloud"},
		License:           "Apache-2.0",
		TFProviderLicense: tfbridge.SetProviderLicense(tfbridge.Apache20LicenseType),
		Homepage:          repository,
		Repository:        repository,
		GitHubOrg:         "akash-iac",
		// Where the generator runs, in this folder, the Terraform provider's documentation is one above.
		UpstreamRepoPath: "..",
		MetadataInfo:     tfbridge.NewProviderMetadata(metadata),
		Config:           config(),
		Resources:        resources(),

		SchemaPostProcessor:  mustShareTypes,
		NoDanglingReferences: true,
	}
	languages(&info)
	info.MustComputeTokens(tokens.SingleModule(Name+"_", "index", tokens.MakeStandard(Name)))
	keepAllNames(&info)
	info.DocRules = docRules(attributeNames(&info))
	info.MustApplyAutoAliases()
	// No SetAutonaming: the names in this package are those of an SDL or of a market's fact, and have to be exact.
	return info, upstream
}

// Plugin is Provider for the process that Pulumi runs, rather than for the generator. Close the Terraform provider when
// Pulumi has ended that process: it tells the journal that nothing was interrupted.
func Plugin() (tfbridge.ProviderInfo, *provider.Provider) {
	info, upstream := Provider()
	atRunTime(&info)
	upstream.ForPulumi()
	return info, upstream
}

// config gives parameters of the Terraform provider their environment variables where Pulumi should know them: those
// that say which chain and which account. Pulumi then keeps them with the provider in its state, and a later destroy
// from another shell reaches the same chain. Keys are not among them on purpose: the plugin reads those from the
// environment by itself, and state never sees them. Lists cannot have such defaults; the plugin reads AKASH_GRPC,
// AKASH_NODE and AKASH_REST likewise.
func config() map[string]*tfbridge.SchemaInfo {
	fields := map[string]*tfbridge.SchemaInfo{}
	for name, variable := range map[string]string{
		"network":       "AKASH_NETWORK",
		"chain_id":      "AKASH_CHAIN_ID",
		"owner":         "AKASH_OWNER",
		"authz_granter": "AKASH_AUTHZ_GRANTER",
		"fee_granter":   "AKASH_FEE_GRANTER",
	} {
		fields[name] = &tfbridge.SchemaInfo{Default: &tfbridge.DefaultInfo{EnvVars: []string{variable}}}
	}
	return fields
}

// resources are the overrides; every token and name that is not here is computed, and every id is the computed string
// id of the Terraform resource.
func resources() map[string]*tfbridge.ResourceInfo {
	return map[string]*tfbridge.ResourceInfo{
		// The chain holds one grant for each granter, grantee and type of message, so the old one goes first. Other
		// resources are replaced the way Pulumi does it: the new one runs before the old one ends.
		"akash_fee_grant":   {DeleteBeforeReplace: true},
		"akash_authz_grant": {DeleteBeforeReplace: true},
		// A group holds the manifest, which is secret. Programs hand whole groups to leases, and YAML programs cannot carry
		// a secret inside of a value; so all of groups is one.
		"akash_deployment": {Fields: map[string]*tfbridge.SchemaInfo{
			"groups": {
				Secret: tfbridge.True(),
				Elem: &tfbridge.SchemaInfo{Elem: &tfbridge.SchemaInfo{
					Fields: map[string]*tfbridge.SchemaInfo{"manifest": {Secret: tfbridge.False()}},
				}},
			},
		}},
	}
}

// keepAllNames applies keepNames to all there is. It needs computed tokens, which make the missing descriptions.
func keepAllNames(info *tfbridge.ProviderInfo) {
	keepNames(info.P.Schema(), info.Config)
	for name, resource := range info.Resources {
		if resource.Fields == nil {
			resource.Fields = map[string]*tfbridge.SchemaInfo{}
		}
		keepNames(info.P.ResourcesMap().Get(name).Schema(), resource.Fields)
	}
	for name, source := range info.DataSources {
		if source.Fields == nil {
			source.Fields = map[string]*tfbridge.SchemaInfo{}
		}
		keepNames(info.P.DataSourcesMap().Get(name).Schema(), source.Fields)
	}
}

// languages names the packages of each language. They are ours to publish; see DECISIONS.md.
func languages(info *tfbridge.ProviderInfo) {
	info.JavaScript = &tfbridge.JavaScriptInfo{
		PackageName:          "@akash-iac/akash",
		Dependencies:         map[string]string{"@pulumi/pulumi": "^3.142.0"},
		RespectSchemaVersion: true,
	}
	info.Python = &tfbridge.PythonInfo{
		PackageName:          "akash_iac_pulumi_akash",
		RespectSchemaVersion: true,
	}
	info.Python.PyProject.Enabled = true
	info.Golang = &tfbridge.GolangInfo{
		ImportBasePath:                 path.Join("github.com/akash-iac/terraform-provider-akash/sdk/go", Name),
		ModulePath:                     "github.com/akash-iac/terraform-provider-akash/sdk",
		GenerateResourceContainerTypes: true,
		GenerateExtraInputTypes:        true,
		RespectSchemaVersion:           true,
	}
	info.CSharp = &tfbridge.CSharpInfo{
		RootNamespace:        "AkashIac",
		PackageReferences:    map[string]string{"Pulumi": "3.*"},
		RespectSchemaVersion: true,
	}
	info.Java = &tfbridge.JavaInfo{BasePackage: JavaPackage}
}
