// SPDX-License-Identifier: Apache-2.0

// Command quickstart runs WordPress with its database, on whichever Akash provider asks the least for both.
//
// Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.
package main

import (
	"cmp"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/akash-iac/terraform-provider-akash/sdk/go/akash"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	sdl, err := os.ReadFile("deploy.yaml")
	if err != nil {
		return err
	}
	// Of the database, which only the two services use: pulumi config set --secret dbPassword ...
	password := settings.RequireSecret("dbPassword")

	site, err := akash.NewDeployment(ctx, "site", &akash.DeploymentArgs{
		Sdl:     pulumi.String(sdl),
		Deposit: akash.DeploymentDepositArgs{Usd: pulumi.String("5")},
		// The database keeps its files with the lease, so the default is true: nobody destroys it by mistake. This is a
		// trial.
		DeletionProtection: pulumi.Bool(false),
		// Laid over the SDL's own variables, so that secrets stay out of the file. A change is made in place.
		Env: pulumi.StringMapMap{
			"wordpress": pulumi.StringMap{
				"WORDPRESS_DB_PASSWORD": password,
				"WORDPRESS_DEBUG":       pulumi.String(settings.Get("debugLevel")), // "1" turns debugging on
			},
			"db": pulumi.StringMap{"MARIADB_PASSWORD": password},
		},
	})
	if err != nil {
		return err
	}

	lease, err := akash.NewLease(ctx, "lease", &akash.LeaseArgs{
		Group: site.Groups.MapIndex(pulumi.String("dcloud")),
		// The most that WordPress and its database may cost together.
		PriceCeiling: akash.PriceCeilingArgs{
			UsdPerMonth: pulumi.String(cmp.Or(settings.Get("ceilingUsdPerMonth"), "2.25")),
		},
	})
	if err != nil {
		return err
	}

	ctx.Export("uri", pulumi.Sprintf("http://%s", lease.Uris.MapIndex(pulumi.String("wordpress")).Index(pulumi.Int(0))))
	ctx.Export("providerAddress", lease.ProviderAddress)
	ctx.Export("pricePerBlock", lease.PricePerBlock) // in uact, exactly
	ctx.Export("usdPerMonth", lease.UsdPerMonth)     // the same, rounded to cents
	ctx.Export("bids", lease.Bids)                   // each with why it won or lost
	ctx.Export("deploymentId", site.ID())            // on chain, owner/dseq
	ctx.Export("leaseId", lease.LeaseId)
	ctx.Export("hash", site.Hash) // the manifest's, on chain
	return nil
}
