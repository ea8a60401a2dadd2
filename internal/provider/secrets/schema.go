// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The attributes' names.
const (
	Env             = "env_wo"
	EnvVersion      = "env_wo_version"
	Registry        = "registry_credentials_wo"
	RegistryVersion = "registry_credentials_wo_version"
)

// ListType is the type of secret_names in a group.
var ListType = types.ListType{ElemType: types.StringType}

const neverStored = "Write-only: never stored in state, in plan files or anywhere else by the Terraform provider, so " +
	"it may come from an ephemeral value. "

// ForDeployment adds the attributes of akash_deployment, each with its version.
func ForDeployment(attributes map[string]schema.Attribute) {
	attributes[Env] = env("Secret environment variables, service name → variable → value, laid over the SDL's and those "+
		"of `env` when the manifest is hashed. "+neverStored+"The hash of the manifest, which is public, depends on "+
		"them. Give `akash_lease` the same, since that delivers them. Values are read when the deployment is created, "+
		"when `env_wo_version` or a name changes, and when anything else of the manifest does; a changed value alone "+
		"plans nothing. Example: `{ web = { DB_PASSWORD = var.db_password } }`.",
		mapvalidator.AlsoRequires(path.MatchRoot(EnvVersion)))
	attributes[EnvVersion] = version("`env_wo`", path.MatchRoot(Env))
	attributes[Registry] = registry("Logins for private images, service name → login, in place of the SDL's "+
		"`credentials`. "+neverStored+"Works as `env_wo` does, with a version of its own; give `akash_lease` the same. "+
		"Example: `{ web = { host = \"ghcr.io\", username = \"robot\", password = var.registry_token } }`.",
		mapvalidator.AlsoRequires(path.MatchRoot(RegistryVersion)))
	attributes[RegistryVersion] = version("`registry_credentials_wo`", path.MatchRoot(Registry))
}

// ForLease adds the attributes of akash_lease. They have no versions: what is delivered, and when, follows the group's
// hash.
func ForLease(attributes map[string]schema.Attribute) {
	attributes[Env] = env("The `env_wo` of the group's akash_deployment, value for value: the lease lays it over the " +
		"manifest that it delivers. " + neverStored + "Read whenever a manifest is delivered, by an auction after a lease " +
		"has ended as well. The plan refuses other names than the group's `secret_names`; values that do not give the " +
		"group's hash are refused before anything is sent. Write both from one `locals` or variable.")
	attributes[Registry] = registry("The `registry_credentials_wo` of the group's akash_deployment. " + neverStored +
		"Works as `env_wo` does.")
}

// Names is secret_names of a group that a deployment hands on.
func Names() schema.Attribute {
	return schema.ListAttribute{
		Computed: true, ElementType: types.StringType, MarkdownDescription: namesText,
	}
}

// NamesInput is secret_names of a group that a lease takes.
func NamesInput() schema.Attribute {
	return schema.ListAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: namesText,
	}
}

const namesText = "What the hash counts in and `manifest` lacks: names of `env_wo` and `registry_credentials_wo`, " +
	"such as `env_wo.web.DB_PASSWORD`, sorted, no values. Null without any."

func env(text string, more ...validator.Map) schema.Attribute {
	return schema.MapAttribute{
		Optional: true, WriteOnly: true, Sensitive: true, ElementType: types.MapType{ElemType: types.StringType},
		MarkdownDescription: text, Validators: more,
	}
}

func registry(text string, more ...validator.Map) schema.Attribute {
	return schema.MapNestedAttribute{
		Optional: true, WriteOnly: true, Sensitive: true, MarkdownDescription: text, Validators: more,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"host": schema.StringAttribute{
				Required: true, WriteOnly: true, MarkdownDescription: "The registry, e.g. `ghcr.io` or `docker.io`.",
			},
			"username": schema.StringAttribute{
				Required: true, WriteOnly: true, Sensitive: true, MarkdownDescription: "The account at the registry.",
			},
			"password": schema.StringAttribute{
				Required: true, WriteOnly: true, Sensitive: true,
				MarkdownDescription: "Its password or, better, a token that can only pull.",
			},
			"email": schema.StringAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "The account's e-mail address, which hardly any registry asks for. Default empty.",
			},
		}},
	}
}

func version(of string, needs path.Expression) schema.Attribute {
	return schema.Int64Attribute{
		Optional: true, Validators: []validator.Int64{int64validator.AlsoRequires(needs)},
		MarkdownDescription: "Any number, with " + of + ". Change it whenever a value of " + of + " changes: that is how " +
			"Terraform, which cannot see the values, learns of it. Changes are made in place. Example: `1`.",
	}
}

// RegistryType is an element of registry_credentials_wo.
var RegistryType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"host": types.StringType, "username": types.StringType, "password": types.StringType, "email": types.StringType,
}}
