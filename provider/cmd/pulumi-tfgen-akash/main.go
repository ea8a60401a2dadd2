// SPDX-License-Identifier: Apache-2.0

// Command pulumi-tfgen-akash writes the Pulumi package's schema and the bridge's metadata from the Terraform provider's
// schema and documentation. Run it in the folder provider/; "make pulumi" does.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"

	akash "github.com/akash-iac/terraform-provider-akash/provider"
)

func main() {
	info, _ := akash.Provider() // nothing is configured, so there is no journal to close
	tfgen.Main(akash.Name, info)
}
