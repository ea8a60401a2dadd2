// WordPress with its database, on whichever Akash provider asks the least for both.
//
// Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.

import * as fs from "fs";
import * as akash from "@akash-iac/akash";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

// Of the database, which only the two services use: pulumi config set --secret dbPassword ...
const dbPassword = config.requireSecret("dbPassword");

const site = new akash.Deployment("site", {
    sdl: fs.readFileSync("deploy.yaml", "utf8"),
    deposit: { usd: "5" },
    // The database keeps its files with the lease, so the default is true: nobody destroys it by mistake. This is a trial.
    deletionProtection: false,
    // Laid over the SDL's own variables, so that secrets stay out of the file. A change is made in place.
    env: {
        wordpress: {
            WORDPRESS_DB_PASSWORD: dbPassword,
            WORDPRESS_DEBUG: config.get("debugLevel") ?? "", // "1" turns debugging on
        },
        db: { MARIADB_PASSWORD: dbPassword },
    },
});

const lease = new akash.Lease("lease", {
    group: site.groups["dcloud"],
    // The most that WordPress and its database may cost together.
    priceCeiling: { usdPerMonth: config.get("ceilingUsdPerMonth") ?? "2.25" },
});

export const uri = pulumi.interpolate`http://${lease.uris.apply(uris => uris["wordpress"][0])}`;
export const providerAddress = lease.providerAddress;
export const pricePerBlock = lease.pricePerBlock; // in uact, exactly
export const usdPerMonth = lease.usdPerMonth; // the same, rounded to cents
export const bids = lease.bids; // each with why it won or lost
export const deploymentId = site.id; // on chain, owner/dseq
export const leaseId = lease.leaseId;
export const hash = site.hash; // the manifest's, on chain
