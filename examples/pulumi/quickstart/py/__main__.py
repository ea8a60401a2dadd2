"""WordPress with its database, on whichever Akash provider asks the least for both.

Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.
"""

from pathlib import Path

import akash_iac_pulumi_akash as akash
import pulumi

config = pulumi.Config()

# Of the database, which only the two services use: pulumi config set --secret dbPassword ...
db_password = config.require_secret("dbPassword")

site = akash.Deployment(
    "site",
    sdl=Path("deploy.yaml").read_text(),
    deposit={"usd": "5"},
    # The database keeps its files with the lease, so the default is True: nobody destroys it by mistake. This is a trial.
    deletion_protection=False,
    # Laid over the SDL's own variables, so that secrets stay out of the file. A change is made in place.
    env={
        "wordpress": {
            "WORDPRESS_DB_PASSWORD": db_password,
            "WORDPRESS_DEBUG": config.get("debugLevel") or "",  # "1" turns debugging on
        },
        "db": {"MARIADB_PASSWORD": db_password},
    },
)

lease = akash.Lease(
    "lease",
    group=site.groups["dcloud"],
    # The most that WordPress and its database may cost together.
    price_ceiling={"usd_per_month": config.get("ceilingUsdPerMonth") or "2.25"},
)

pulumi.export("uri", lease.uris.apply(lambda uris: f"http://{uris['wordpress'][0]}"))
pulumi.export("providerAddress", lease.provider_address)
pulumi.export("pricePerBlock", lease.price_per_block)  # in uact, exactly
pulumi.export("usdPerMonth", lease.usd_per_month)  # the same, rounded to cents
pulumi.export("bids", lease.bids)  # each with why it won or lost
pulumi.export("deploymentId", site.id)  # on chain, owner/dseq
pulumi.export("leaseId", lease.lease_id)
pulumi.export("hash", site.hash)  # the manifest's, on chain
