// SPDX-License-Identifier: Apache-2.0

package ceiling

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/provider/validators"
)

// one accepts a positive amount in exactly one unit.
func one() []validator.String {
	var all []path.Expression
	for _, u := range units {
		all = append(all, path.MatchRelative().AtParent().AtName(u.name))
	}
	return []validator.String{validators.PositiveDecimal(), stringvalidator.ExactlyOneOf(all...)}
}

// ForProvider is the attribute of the provider block.
func ForProvider(description string) provider.Attribute {
	attributes := map[string]provider.Attribute{}
	for _, u := range units {
		attributes[u.name] = provider.StringAttribute{Optional: true, MarkdownDescription: u.text, Validators: one()}
	}
	return provider.SingleNestedAttribute{
		Optional: true, MarkdownDescription: description, Attributes: attributes,
	}
}

// ForResource is the attribute of a resource.
func ForResource(description string) resource.Attribute {
	attributes := map[string]resource.Attribute{}
	for _, u := range units {
		attributes[u.name] = resource.StringAttribute{Optional: true, MarkdownDescription: u.text, Validators: one()}
	}
	return resource.SingleNestedAttribute{
		Optional: true, MarkdownDescription: description, Attributes: attributes,
	}
}

// Computed is a ceiling that a resource hands on.
func Computed(description string) resource.Attribute {
	attributes := map[string]resource.Attribute{}
	for _, u := range units {
		attributes[u.name] = resource.StringAttribute{Computed: true, MarkdownDescription: u.text}
	}
	return resource.SingleNestedAttribute{
		Computed: true, MarkdownDescription: description, Attributes: attributes,
	}
}

// ForDataSource is the attribute of a data source.
func ForDataSource(description string) datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for _, u := range units {
		attributes[u.name] = datasource.StringAttribute{Optional: true, MarkdownDescription: u.text, Validators: one()}
	}
	return datasource.SingleNestedAttribute{
		Optional: true, MarkdownDescription: description, Attributes: attributes,
	}
}
