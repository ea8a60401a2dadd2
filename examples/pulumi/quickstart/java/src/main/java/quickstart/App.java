// SPDX-License-Identifier: Apache-2.0

package quickstart;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import io.github.akashiac.akash.Deployment;
import io.github.akashiac.akash.DeploymentArgs;
import io.github.akashiac.akash.Lease;
import io.github.akashiac.akash.LeaseArgs;
import io.github.akashiac.akash.inputs.DeploymentDepositArgs;
import io.github.akashiac.akash.inputs.DeploymentGroupArgs;
import io.github.akashiac.akash.inputs.PriceCeilingArgs;
import io.github.akashiac.akash.outputs.DeploymentGroup;
import io.github.akashiac.akash.outputs.LeaseBid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * WordPress with its database, on whichever Akash provider asks the least for both.
 *
 * <p>Network and key come from the environment, for example AKASH_NETWORK=mainnet and AKASH_MNEMONIC.
 */
public final class App {
    private App() {}

    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    private static void stack(Context ctx) {
        var config = ctx.config();

        // Of the database, which only the two services use: pulumi config set --secret dbPassword ...
        var password = config.requireSecret("dbPassword");
        var debug = config.get("debugLevel").orElse(""); // "1" turns debugging on

        var site = new Deployment("site", DeploymentArgs.builder()
            .sdl(read("deploy.yaml"))
            .deposit(DeploymentDepositArgs.builder().usd("5").build())
            // The database keeps its files with the lease, so the default is true: nobody destroys it by mistake. This is
            // a trial.
            .deletionProtection(false)
            // Laid over the SDL's own variables, so that secrets stay out of the file. A change is made in place.
            .env(password.applyValue(secret -> Map.of(
                "wordpress", Map.of("WORDPRESS_DB_PASSWORD", secret, "WORDPRESS_DEBUG", debug),
                "db", Map.of("MARIADB_PASSWORD", secret))))
            .build());

        var lease = new Lease("lease", LeaseArgs.builder()
            .group(site.groups().applyValue(groups -> input(groups.get("dcloud"))))
            // The most that WordPress and its database may cost together.
            .priceCeiling(PriceCeilingArgs.builder()
                .usdPerMonth(config.get("ceilingUsdPerMonth").orElse("2.25"))
                .build())
            .build());

        ctx.export("uri", lease.uris().applyValue(uris -> "http://" + uris.get("wordpress").get(0)));
        ctx.export("providerAddress", lease.providerAddress());
        ctx.export("pricePerBlock", lease.pricePerBlock()); // in uact, exactly
        ctx.export("usdPerMonth", lease.usdPerMonth()); // the same, rounded to cents
        ctx.export("bids", lease.bids().applyValue(App::verdicts));
        ctx.export("deploymentId", site.id()); // on chain, owner/dseq
        ctx.export("leaseId", lease.leaseId());
        ctx.export("hash", site.hash()); // the manifest's, on chain
    }

    /** Turns a deployment's group into what a lease takes: in Java, outputs and inputs are different types. */
    private static DeploymentGroupArgs input(DeploymentGroup group) {
        var args = DeploymentGroupArgs.builder()
            .deploymentId(group.deploymentId())
            .gseq(group.gseq())
            .name(group.name())
            .hash(group.hash())
            .manifest(group.manifest())
            .secretNames(group.secretNames());
        group.spec().ifPresent(args::spec);
        group.reclamationMinWindow().ifPresent(args::reclamationMinWindow);
        group.priceCeiling().ifPresent(ceiling -> {
            var limit = PriceCeilingArgs.builder();
            ceiling.usdPerMonth().ifPresent(limit::usdPerMonth);
            ceiling.uactPerBlock().ifPresent(limit::uactPerBlock);
            args.priceCeiling(limit.build());
        });
        return args.build();
    }

    /** Tells of each bid why it won or lost. */
    private static List<Map<String, String>> verdicts(List<LeaseBid> bids) {
        return bids.stream()
            .map(bid -> Map.of("providerAddress", bid.providerAddress().orElse(""),
                "reason", bid.reason().orElse("")))
            .collect(Collectors.toList());
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
