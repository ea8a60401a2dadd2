// SPDX-License-Identifier: Apache-2.0

// Command terraform-provider-akash is the Terraform provider for Akash Network.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

// version is set by the linker.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run under a debugger")
	flag.Parse()
	p := provider.New(version)
	err := providerserver.Serve(context.Background(), p.Factory, providerserver.ServeOpts{
		Address: "registry.terraform.io/akash-iac/akash",
		Debug:   *debug,
	})
	if closeErr := p.Close(); closeErr != nil {
		log.Print(closeErr)
	}
	if err != nil {
		log.Fatal(err)
	}
}
