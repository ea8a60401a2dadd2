// SPDX-License-Identifier: Apache-2.0

// Command pulumi-resource-akash is the Pulumi package's plugin: the Terraform provider behind the Pulumi bridge. Pulumi
// starts it; nobody else has to.
package main

import (
	"context"
	_ "embed" // the schema is part of the binary
	"fmt"
	"os"
	"os/signal"
	"time"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	akash "github.com/akash-iac/terraform-provider-akash/provider"
)

// schema is written by pulumi-tfgen-akash.
//
//go:embed schema.json
var schema []byte

func main() {
	// Pulumi interrupts a plugin once it has stored what it was told. When it dies itself, the plugin ends too, and the
	// bridge says the same; but then nobody may know of what was created, and the journal has to keep it.
	dismissed := make(chan time.Time, 1)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		<-interrupts
		dismissed <- time.Now()
	}()
	info, plugin := akash.Plugin()
	pfbridge.Main(context.Background(), akash.Name, info, pfbridge.ProviderMetadata{PackageSchema: schema})
	select {
	case at := <-dismissed:
		if err := plugin.CloseAsOf(at); err != nil {
			fmt.Fprintln(os.Stderr, "pulumi-resource-akash:", err)
			os.Exit(1)
		}
	case <-time.After(time.Second): // the signal may still be on its way here
	}
}
