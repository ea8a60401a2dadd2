// SPDX-License-Identifier: Apache-2.0

// Command pulumi-resource-akash is the Pulumi package's plugin: the Terraform provider behind the Pulumi bridge. Pulumi
// starts it; nobody else has to.
package main

import (
	"context"
	_ "embed" // the schema is part of the binary

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	akash "github.com/akash-iac/terraform-provider-akash/provider"
)

// schema is written by pulumi-tfgen-akash.
//
//go:embed schema.json
var schema []byte

func main() {
	// The journal is not closed: the plugin cannot tell whether Pulumi has stored what it was told last. What state holds
	// leaves the journal when Pulumi next reads or changes it.
	info, _ := akash.Provider()
	pfbridge.Main(context.Background(), akash.Name, info, pfbridge.ProviderMetadata{PackageSchema: schema})
}
